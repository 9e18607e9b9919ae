//! The wire: what REST calls and Socket.IO events carry, and nothing that acts.
//!
//! The OpenAPI and AsyncAPI documents, and from them the web app's types, are made from these
//! types. A field added here is a field that every client may see.

mod error_code;
pub mod events;
mod problem;
pub mod rest;
pub mod told;

pub use error_code::ErrorCode;
pub use problem::{FieldError, Problem};
