//! Thread: team chat that people host themselves.
//!
//! The only place that knows every adapter: it reads the configuration, builds the services,
//! links them and runs them.

mod command;
mod data_dir;
mod doctor;
mod documents;
mod links;
mod serve;
mod settings;
mod system;
mod user_command;
mod web;

use std::process::ExitCode;

use clap::Parser;

// Many small, short-lived buffers of many sizes, freed on other threads than they were made on.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    command::run(command::Command::parse())
}
