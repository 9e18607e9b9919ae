//! Deliveries per second of server CPU, ours beside a floor and the official server.
//!
//! `cargo run --release -p fan-out-bench` installs the Node server, runs everything and prints a
//! Markdown table. The other subcommands are the processes that it starts:
//! `floor PORT`, `own PORT`, `load ADDRESS PID ROOMS MEMBERS WINDOW SECONDS`.

#![expect(clippy::print_stdout, reason = "the table and the figures are the output")]

mod driver;
mod floor;
mod load;
mod own;

use std::error::Error;

/// What any part of the program may fail with.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => driver::run(),
        ["floor", port] => floor::run(port.parse()?),
        ["own", port] => own::run(port.parse()?),
        ["load", address, pid, rooms, members, window, seconds] => {
            let plan = load::Plan {
                server: address.parse()?,
                pid: pid.parse()?,
                rooms: rooms.parse()?,
                members: members.parse()?,
                window: window.parse()?,
                seconds: seconds.parse()?,
            };
            println!("{}", serde_json::to_string(&load::run(&plan)?)?);
            Ok(())
        }
        _ => Err("usage: fan-out-bench [floor PORT | own PORT | load ...]".into()),
    }
}
