//! A packet encoded once, for any number of connections of either transport.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Serialize;

use crate::frame::{self, HEADER_SPACE, Opcode};
use crate::packet::encode;

/// One Engine.IO packet as a WebSocket frame; what polling sends is a part of the same bytes.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The whole frame.
    pub(crate) frame: Bytes,
    /// Where the payload begins.
    body: u8,
    binary: bool,
}

impl Item {
    /// Completes a frame in place: `buffer` is [`HEADER_SPACE`] unused bytes and the payload.
    fn finish(mut buffer: Vec<u8>, binary: bool) -> Self {
        let mut header = [0; HEADER_SPACE];
        let opcode = if binary { Opcode::Binary } else { Opcode::Text };
        let length = frame::write_header(&mut header, opcode, buffer.len() - HEADER_SPACE);
        buffer[..HEADER_SPACE].copy_from_slice(&header);
        let frame = Bytes::from(buffer).slice(HEADER_SPACE - length..);
        Self { frame, body: length as u8, binary }
    }

    /// A text packet: the Engine.IO type and its data.
    pub(crate) fn text(kind: u8, data: &[u8]) -> Self {
        let mut buffer = Vec::with_capacity(HEADER_SPACE + 1 + data.len());
        buffer.resize(HEADER_SPACE, 0);
        buffer.push(kind);
        buffer.extend_from_slice(data);
        Self::finish(buffer, false)
    }

    /// A binary message.
    pub(crate) fn binary(data: &[u8]) -> Self {
        let mut buffer = Vec::with_capacity(HEADER_SPACE + data.len());
        buffer.resize(HEADER_SPACE, 0);
        buffer.extend_from_slice(data);
        Self::finish(buffer, true)
    }

    /// A control frame of the WebSocket itself, which polling never sees.
    pub(crate) fn control(frame: Bytes) -> Self {
        Self { frame, body: 0, binary: false }
    }

    /// Whether it took room in a session's queue.
    pub(crate) fn is_counted(&self) -> bool {
        self.body > 0
    }

    /// Adds the packet to a polling payload.
    pub(crate) fn write_polling(&self, payload: &mut Vec<u8>) {
        let body = &self.frame[usize::from(self.body)..];
        if self.binary {
            payload.push(b'b');
            payload.extend_from_slice(STANDARD.encode(body).as_bytes());
        } else {
            payload.extend_from_slice(body);
        }
    }
}

/// An event encoded for the wire. Cloning it copies two pointers: a broadcast is encoded once and
/// handed to every member's [`crate::Socket::send`].
#[derive(Clone, Debug)]
pub struct Encoded {
    first: Item,
    /// Frames of the attachments.
    rest: Option<Arc<[Item]>>,
}

impl Encoded {
    /// `payload` as the only argument of the event `name`.
    ///
    /// A payload that JSON cannot express (a map whose keys are no strings) is a fault of the
    /// caller; it is logged and sent as `null`.
    pub fn event<T: Serialize + ?Sized>(namespace: &str, name: &str, payload: &T) -> Self {
        Self::packet(encode::event(namespace, None, name, &[payload], 0), &[])
    }

    /// The same for a payload that is JSON already. It is not checked.
    pub fn event_raw(namespace: &str, name: &str, payload_json: &[u8]) -> Self {
        Self::packet(encode::event_raw(namespace, name, payload_json), &[])
    }

    /// An event with attachments, to which [`crate::Placeholder`]s in the arguments point.
    pub fn event_with<T: Serialize>(
        namespace: &str,
        name: &str,
        args: &[T],
        attachments: &[Bytes],
    ) -> Self {
        Self::packet(encode::event(namespace, None, name, args, attachments.len()), attachments)
    }

    /// `buffer` holds a text packet after [`HEADER_SPACE`] bytes.
    pub(crate) fn packet(buffer: Vec<u8>, attachments: &[Bytes]) -> Self {
        let rest: Vec<Item> = attachments.iter().map(|data| Item::binary(data)).collect();
        Self { first: Item::finish(buffer, false), rest: (!rest.is_empty()).then(|| rest.into()) }
    }

    pub(crate) fn item(first: Item) -> Self {
        Self { first, rest: None }
    }

    /// Frames and bytes it takes in a queue.
    pub(crate) fn weight(&self) -> (usize, usize) {
        let rest = self.rest.as_deref().unwrap_or_default();
        let bytes = rest.iter().map(|item| item.frame.len()).sum::<usize>();
        (1 + rest.len(), self.first.frame.len() + bytes)
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        std::iter::once(&self.first).chain(self.rest.as_deref().unwrap_or_default())
    }

    /// Bytes of all frames, as a WebSocket connection sends them.
    pub fn len(&self) -> usize {
        self.weight().1
    }

    /// Never: a frame has a header at least.
    pub fn is_empty(&self) -> bool {
        false
    }
}
