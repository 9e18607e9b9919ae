//! The two ways to carry a session, and the way from one to the other.

pub(crate) mod handshake;
pub(crate) mod polling;
pub(crate) mod reader;
pub(crate) mod stream;
pub(crate) mod upgrade;
pub(crate) mod websocket;
