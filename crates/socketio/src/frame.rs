//! WebSocket frames (RFC 6455): writing the server's, reading the client's.

mod decoder;
mod utf8;

#[cfg(test)]
mod tests;

pub(crate) use decoder::{Decoder, Frame};

use bytes::Bytes;

/// Bytes in front of a payload that the longest header of an unmasked frame needs.
pub(crate) const HEADER_SPACE: usize = 10;

/// Operation codes of RFC 6455, section 5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opcode {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// Writes the header of one unmasked, final frame into the end of `space` and tells its length.
pub(crate) fn write_header(
    space: &mut [u8; HEADER_SPACE],
    opcode: Opcode,
    payload: usize,
) -> usize {
    let first = 0x80 | opcode as u8;
    if payload < 126 {
        space[8] = first;
        space[9] = payload as u8;
        2
    } else if let Ok(short) = u16::try_from(payload) {
        space[6] = first;
        space[7] = 126;
        space[8..].copy_from_slice(&short.to_be_bytes());
        4
    } else {
        space[0] = first;
        space[1] = 127;
        space[2..].copy_from_slice(&(payload as u64).to_be_bytes());
        10
    }
}

/// One whole frame around a copy of `payload`.
pub(crate) fn encode(opcode: Opcode, payload: &[u8]) -> Bytes {
    let mut header = [0; HEADER_SPACE];
    let length = write_header(&mut header, opcode, payload.len());
    let mut frame = Vec::with_capacity(length + payload.len());
    frame.extend_from_slice(&header[HEADER_SPACE - length..]);
    frame.extend_from_slice(payload);
    frame.into()
}

/// A close frame; the reason is cut to what a control frame holds.
pub(crate) fn encode_close(code: u16, reason: &str) -> Bytes {
    let mut end = reason.len().min(123);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    let mut payload = Vec::with_capacity(2 + end);
    payload.extend_from_slice(&code.to_be_bytes());
    payload.extend_from_slice(&reason.as_bytes()[..end]);
    encode(Opcode::Close, &payload)
}
