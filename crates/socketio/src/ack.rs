//! Answering an event.

use bytes::Bytes;
use serde::Serialize;

use crate::encoded::Encoded;
use crate::error::SendError;
use crate::packet::encode;
use crate::socket::Socket;

/// The answer a client waits for. Dropped without use, the client gets none.
#[derive(Debug)]
#[must_use = "the client waits for the acknowledgement"]
pub struct Ack {
    socket: Socket,
    id: u64,
}

impl Ack {
    pub(crate) fn new(socket: Socket, id: u64) -> Self {
        Self { socket, id }
    }

    /// Answers with one argument.
    pub fn send<T: Serialize + ?Sized>(self, value: &T) -> Result<(), SendError> {
        self.send_with(&[value], &[])
    }

    /// Answers with any arguments, and attachments to which [`crate::Placeholder`]s in them point.
    pub fn send_with<T: Serialize>(
        self,
        args: &[T],
        attachments: &[Bytes],
    ) -> Result<(), SendError> {
        let packet = encode::ack(self.socket.namespace(), self.id, args, attachments.len());
        self.socket.send(&Encoded::packet(packet, attachments))
    }
}
