//! Events: the entries of a chat's log, and what goes over the socket.

mod client;
mod log;
mod server;

pub use client::*;
pub use log::*;
pub use server::*;
