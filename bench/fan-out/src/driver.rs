//! Starts servers and generators, pinned apart, and writes the table.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::load::Figures;

const SERVER_CORE: &str = "0";
const LOAD_CORE: &str = "1";
const ROUNDS: usize = 2;
const SECONDS: &str = "2";
/// After this much no new round begins.
const TIME: Duration = Duration::from_secs(300);

/// Rooms, members of each, messages in flight.
const CELLS: [(usize, usize, usize); 8] = [
    (1, 100, 1),
    (1, 100, 16),
    (1, 1000, 1),
    (1, 1000, 16),
    (1, 5000, 1),
    (1, 5000, 16),
    (200, 5, 1),
    (200, 5, 5),
];

const SERVERS: [&str; 3] = ["floor", "own", "node"];

/// Ends its process when it goes out of scope.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn run() -> Outcome {
    let node = install()?;
    let begun = Instant::now();
    let mut results = [const { [const { Vec::<Figures>::new() }; SERVERS.len()] }; CELLS.len()];
    for round in 0..ROUNDS {
        if round > 0 && begun.elapsed() * (round as u32 + 1) / round as u32 > TIME {
            break;
        }
        for (cell, plan) in results.iter_mut().zip(CELLS) {
            for (figures, server) in cell.iter_mut().zip(SERVERS) {
                figures.push(duel(server, &node, plan)?);
            }
        }
    }
    println!("{}", table(&results));
    Ok(())
}

/// The Node server's folder under `target/`, with its packages.
fn install() -> Outcome<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    let folder = std::env::current_exe()?
        .ancestors()
        .nth(2)
        .ok_or("no target folder")?
        .join("fan-out-bench-node");
    std::fs::create_dir_all(&folder)?;
    for file in ["package.json", ".npmrc", "server.mjs"] {
        std::fs::copy(source.join(file), folder.join(file))?;
    }
    let npm = Command::new("npm")
        .args(["install", "--no-package-lock", "--prefer-offline", "--silent"])
        .current_dir(&folder)
        .status()?;
    if !npm.success() {
        return Err("npm install failed".into());
    }
    Ok(folder)
}

/// One server, one generator, one figure.
fn duel(
    server: &str,
    node: &Path,
    (rooms, members, window): (usize, usize, usize),
) -> Outcome<Figures> {
    let own = std::env::current_exe()?;
    let own = own.to_str().ok_or("a path that is no text")?;
    // A free port: bound for a moment and given up.
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let address = format!("127.0.0.1:{port}");
    let port = port.to_string();
    let program = match server {
        "node" => vec!["node", "server.mjs", &port],
        _ => vec![own, server, &port],
    };
    let child = pinned(SERVER_CORE, &program).current_dir(node).spawn()?;
    let process = Process(child);
    let deadline = Instant::now() + Duration::from_secs(20);
    while std::net::TcpStream::connect(&address).is_err() {
        if Instant::now() > deadline {
            return Err(format!("{server} does not listen").into());
        }
        sleep(Duration::from_millis(50));
    }
    let pid = process.0.id().to_string();
    let [rooms, members, window] = [rooms, members, window].map(|number| number.to_string());
    let arguments = [own, "load", &address, &pid, &rooms, &members, &window, SECONDS];
    let output = pinned(LOAD_CORE, &arguments).stdout(Stdio::piped()).output()?;
    if !output.status.success() {
        return Err(format!("the generator failed against {server}").into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// `taskset` executes the program, so that its process is the server's own.
fn pinned(core: &str, program: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", r#"ulimit -n 20000; exec taskset -c "$@""#, "sh", core]).args(program);
    command
}

/// Deliveries per second of server CPU.
fn efficiency(figures: &[Figures]) -> f64 {
    let deliveries: u64 = figures.iter().map(|figures| figures.deliveries).sum();
    let cpu: f64 = figures.iter().map(|figures| figures.cpu_seconds).sum();
    deliveries as f64 / cpu.max(0.01)
}

fn table(results: &[[Vec<Figures>; SERVERS.len()]]) -> String {
    let mut lines = vec![
        "| rooms x members | in flight | floor | own | node | own / floor | own / node | gaps, reorders | runs |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for ((rooms, members, window), servers) in CELLS.iter().zip(results) {
        let [floor, own, node] = servers;
        let cell = |figures: &[Figures]| {
            let wall: f64 = figures.iter().map(|figures| figures.seconds).sum();
            let deliveries: u64 = figures.iter().map(|figures| figures.deliveries).sum();
            let per_cpu = efficiency(figures) / 1000.0;
            format!("{per_cpu:.1}k ({:.0}k/s)", deliveries as f64 / wall / 1000.0)
        };
        let misplaced: u64 = servers.iter().flatten().map(|figures| figures.misplaced).sum();
        lines.push(format!(
            "| {rooms} x {members} | {window} | {} | {} | {} | {:.2} | {:.2} | {misplaced} | {} |",
            cell(floor),
            cell(own),
            cell(node),
            efficiency(own) / efficiency(floor),
            efficiency(own) / efficiency(node),
            own.len(),
        ));
    }
    lines.push(String::new());
    lines.push("| connections | floor RSS | own RSS | node RSS |".to_owned());
    lines.push("|---|---|---|---|".to_owned());
    for ((rooms, members, window), servers) in CELLS.iter().zip(results) {
        if *window == 1 && *rooms == 1 {
            let rss = servers.each_ref().map(|figures| {
                let mib = figures.first().map_or(0, |figures| figures.rss_kib) as f64 / 1024.0;
                format!("{mib:.1} MiB")
            });
            lines.push(format!("| {members} | {} |", rss.join(" | ")));
        }
    }
    lines.join("\n")
}
