//! The real program, started for one test and stopped with it.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::Person;

/// The real program with a data directory of its own. Dropping it kills it.
pub struct Program {
    binary: PathBuf,
    directory: TempDir,
    variables: Vec<(String, String)>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its metrics are.
    pub management: SocketAddr,
    child: Option<Child>,
    /// Talks to it.
    pub http: reqwest::Client,
}

impl Program {
    /// Starts `binary` with rate limits off.
    pub async fn start(binary: impl AsRef<Path>) -> Self {
        Self::start_with(binary, &[("THREAD_LIMITS__ENABLED", "false")]).await
    }

    /// Starts `binary` with these variables.
    pub async fn start_with(binary: impl AsRef<Path>, variables: &[(&str, &str)]) -> Self {
        let mut program = Self {
            binary: binary.as_ref().to_owned(),
            directory: tempfile::Builder::new().prefix("thread-test-").tempdir().unwrap(),
            variables: variables.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
            address: free_address(),
            management: free_address(),
            child: None,
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
        };
        program.run().await;
        program
    }

    /// Starts it, on the same directory and port as before, and waits until it is ready. Answers
    /// how long that took.
    pub async fn run(&mut self) -> Duration {
        let started = Instant::now();
        let mut child = self
            .command()
            .spawn()
            .unwrap_or_else(|error| panic!("{} can't be started: {error}", self.binary.display()));
        let output = child.stdout.take().unwrap();
        let mut lines = BufReader::new(output).lines();
        let line = timeout(Duration::from_secs(30), lines.next_line())
            .await
            .expect("the program printed nothing in 30 s")
            .unwrap();
        let Some(line) = line else {
            let output = child.wait_with_output().await.unwrap();
            panic!("the program ended: {}", String::from_utf8_lossy(&output.stderr));
        };
        assert!(line.contains(&self.address.to_string()), "no address in: {line}");
        // Its log goes on to be read, so that the pipe never fills.
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let shown = std::env::var_os("TEST_SHOW_LOGS").is_some();
        tokio::spawn(async move {
            while let Ok(Some(line)) = log.next_line().await {
                if shown {
                    println!("{line}");
                }
            }
        });
        self.child = Some(child);
        started.elapsed()
    }

    /// The command that starts it, with the data directory and addresses of this test.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .arg("serve")
            .args(["--listen", &self.address.to_string()])
            .args(["--management-listen", &self.management.to_string()])
            .arg("--data-dir")
            .arg(self.directory.path())
            .envs(self.variables.iter().map(|(k, v)| (k, v)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// The data directory.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        self.directory.path()
    }

    /// The program's file.
    #[must_use]
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// The process's number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.as_ref().and_then(Child::id).expect("the program runs")
    }

    /// `kill -9`, now.
    pub async fn kill(&mut self) {
        let mut child = self.child.take().expect("the program runs");
        child.kill().await.unwrap();
    }

    /// SIGTERM; answers how it ended.
    pub async fn terminate(&mut self) -> std::process::ExitStatus {
        let mut child = self.child.take().expect("the program runs");
        let id = child.id().unwrap().to_string();
        let status = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(status.success());
        timeout(Duration::from_secs(30), child.wait())
            .await
            .expect("the program did not end in 30 s after SIGTERM")
            .unwrap()
    }

    /// The full address of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Signs somebody up and in, under that name with something random after it.
    pub async fn person(&self, name: &str) -> Person {
        Person::sign_up(self, name).await
    }
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap()
}
