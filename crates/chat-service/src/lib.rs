//! Chats, their logs and messages: the rules, the store, the REST calls under `/api/chats`, and
//! the relay that tells the other services what was committed.
//!
//! Every change to a chat is one entry of its log, written together with all its effects by one
//! method of the [`store::Store`]. Nothing is told that is not in the log: the log is the outbox.

mod chats;
mod directory;
mod domain;
mod error;
mod http;
#[cfg(test)]
mod laws;
mod metrics;
mod module;
mod relay;
pub mod store;

pub use chats::{Chats, CreatedChat};
pub use directory::{Directory, Unavailable};
pub use error::ChatError;
pub use http::{routes, routes_description};
pub use module::{Deps, module};
pub use relay::{Relay, Tail};
pub use store::Posted;
