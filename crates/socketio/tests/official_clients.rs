//! Clients written by others: the official JavaScript one and `python-socketio`. What they need is
//! installed into `target/official-clients/`; if that cannot be done, the tests fail and say why.

#![expect(clippy::unwrap_used, reason = "a test that fails should say where")]

#[path = "../examples/echo/service.rs"]
mod echo;

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(300);

/// The echo server with heartbeats that a busy machine can keep.
async fn server() -> String {
    let config = socketio::Config {
        ping_interval: Duration::from_millis(400),
        ping_timeout: Duration::from_secs(5),
        ..echo::suite_config()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(echo::serve(listener, echo::Echoes::new(config)));
    format!("http://{address}")
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// A folder of its own under `target/official-clients/`, with these files in it.
fn prepare(name: &str, files: &[&str]) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let folder = target.join("official-clients").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for file in files {
        std::fs::copy(sources().join(file), folder.join(file)).unwrap();
    }
    folder
}

async fn run(folder: &Path, program: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).kill_on_drop(true);
    let output = timeout(PATIENCE, command.output())
        .await
        .unwrap_or_else(|_| panic!("{program} {arguments:?} takes too long"))
        .unwrap_or_else(|error| panic!("{program} cannot be run: {error}"));
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output
}

fn count(output: &Output, what: &str) -> usize {
    String::from_utf8_lossy(&output.stdout).matches(what).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_javascript_client() {
    let folder = prepare("node", &["package.json", ".npmrc", "javascript.mjs"]);
    run(&folder, "npm", &["install", "--no-package-lock", "--prefer-offline"]).await;
    let url = server().await;
    let output = run(&folder, "node", &["javascript.mjs", &url]).await;
    assert_eq!(count(&output, "ok:"), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_socketio() {
    let folder = prepare("python", &["requirements.txt", "client.py"]);
    run(&folder, "python3", &["-m", "venv", "venv"]).await;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        "requirements.txt",
    ];
    let python = folder.join("venv/bin/python");
    run(&folder, python.to_str().unwrap(), &pip).await;
    let url = server().await;
    let output = run(&folder, python.to_str().unwrap(), &["client.py", &url]).await;
    assert_eq!(count(&output, "ok:"), 4);
}
