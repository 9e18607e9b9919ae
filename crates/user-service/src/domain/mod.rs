//! The rules, without input or output: what a person, a connection, a notification and a search
//! are.

pub mod connection;
pub mod notification;
pub mod person;
pub mod profile;
pub mod search;
pub mod sign_in;
pub(crate) mod text;
