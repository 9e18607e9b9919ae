//! What tests build their world from: the real program on a free port and a directory of its own,
//! people who signed up, and sockets that remember what they received.
//!
//! Helpers panic with a sentence when the world can't be built: that is how a test fails.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that can't build its world fails; real time and chance are made here"
)]

mod person;
mod program;
mod socket;
mod wait;

pub use person::{Answer, Person, client_id, random_name};
pub use program::Program;
pub use socket::{Refusal, Socket};
pub use wait::{eventually, eventually_for, random_between};
