//! Plumbing that every service shares: HTTP, SQLite with group commit, the bus, presence and
//! telemetry. It knows no chat's or user's rules.

pub mod bus;
pub mod http;
pub mod module;
pub mod presence;
pub mod sqlite;
pub mod telemetry;

pub use module::{Check, Module, Task};
