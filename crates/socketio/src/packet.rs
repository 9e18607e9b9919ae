//! Socket.IO packets, revision 5 of the protocol (`socketio/socket.io-protocol`).

pub(crate) mod binary;
pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod json;

#[cfg(test)]
mod tests;

pub(crate) use decode::{Body, Packet, PacketLimits};
