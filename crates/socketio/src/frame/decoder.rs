//! Reads a client's frames as they arrive, in whatever pieces.

use bytes::Bytes;

use super::Opcode;
use super::utf8::Utf8Checker;
use crate::close::CloseReason;

/// What the client said: a whole message (its fragments joined), or a control frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Text(String),
    Binary(Bytes),
    Ping(Bytes),
    Pong,
    /// The code, when there is one.
    Close(Option<u16>),
}

/// The state between two reads. An idle connection holds no buffer here.
#[derive(Debug)]
pub(crate) struct Decoder {
    limit: usize,
    head: [u8; 14],
    head_len: u8,
    current: Option<Header>,
    /// A data message of which the final fragment has not come.
    fragmented: Option<Opcode>,
    message: Vec<u8>,
    utf8: Utf8Checker,
    control: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Header {
    last: bool,
    opcode: Opcode,
    mask: [u8; 4],
    length: usize,
    received: usize,
}

impl Decoder {
    /// A decoder that refuses messages above `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            head: [0; 14],
            head_len: 0,
            current: None,
            fragmented: None,
            message: Vec::new(),
            utf8: Utf8Checker::default(),
            control: Vec::new(),
        }
    }

    /// Takes bytes from the front of `input`: tells how many, and the frame they completed, if any.
    /// All of `input` is taken unless a frame was completed.
    pub(crate) fn decode(&mut self, input: &[u8]) -> Result<(usize, Option<Frame>), CloseReason> {
        let mut used = 0;
        loop {
            let header = match self.current {
                Some(header) => header,
                None => {
                    let (taken, header) = self.read_header(&input[used..])?;
                    used += taken;
                    let Some(header) = header else { return Ok((used, None)) };
                    header
                }
            };
            let rest = &input[used..];
            let take = rest.len().min(header.length - header.received);
            self.take_payload(header, &rest[..take])?;
            used += take;
            if header.received + take < header.length {
                self.current = Some(Header { received: header.received + take, ..header });
                return Ok((used, None));
            }
            self.current = None;
            if let Some(frame) = self.complete(header)? {
                return Ok((used, Some(frame)));
            }
        }
    }

    fn read_header(&mut self, input: &[u8]) -> Result<(usize, Option<Header>), CloseReason> {
        let mut used = 0;
        loop {
            let have = usize::from(self.head_len);
            let need = header_length(&self.head[..have]);
            if have == need {
                break;
            }
            let take = (need - have).min(input.len() - used);
            if take == 0 {
                return Ok((used, None));
            }
            self.head[have..have + take].copy_from_slice(&input[used..used + take]);
            self.head_len += take as u8;
            used += take;
            // Refuse as soon as the two bytes that say so are here: nothing more is awaited.
            if self.head_len >= 2 {
                self.check_start()?;
            }
        }
        let header = self.parse_header()?;
        self.head_len = 0;
        Ok((used, Some(header)))
    }

    fn check_start(&self) -> Result<(), CloseReason> {
        let [first, second] = [self.head[0], self.head[1]];
        let reserved_bits = first & 0x70 != 0;
        let unmasked = second & 0x80 == 0;
        let opcode = opcode(first).ok_or(CloseReason::FrameError)?;
        let last = first & 0x80 != 0;
        let misplaced = match opcode {
            Opcode::Continuation => self.fragmented.is_none(),
            Opcode::Text | Opcode::Binary => self.fragmented.is_some(),
            // Control frames are neither fragmented nor longer than 125 bytes.
            _ => !last || second & 0x7f > 125,
        };
        if reserved_bits || unmasked || misplaced {
            return Err(CloseReason::FrameError);
        }
        Ok(())
    }

    fn parse_header(&self) -> Result<Header, CloseReason> {
        let head = &self.head;
        let (length, mask_at) = match head[1] & 0x7f {
            126 => (u64::from(u16::from_be_bytes([head[2], head[3]])), 4),
            127 => {
                let mut long = [0; 8];
                long.copy_from_slice(&head[2..10]);
                (u64::from_be_bytes(long), 10)
            }
            short => (u64::from(short), 2),
        };
        // Section 5.2: the fewest bytes that can hold the length, and no top bit.
        let wasteful = matches!((mask_at, length), (4, 0..126) | (10, 0..0x1_0000));
        if wasteful || length >> 63 != 0 {
            return Err(CloseReason::FrameError);
        }
        let opcode = opcode(head[0]).ok_or(CloseReason::FrameError)?;
        let room = match opcode {
            Opcode::Continuation | Opcode::Text | Opcode::Binary => self.limit - self.message.len(),
            _ => 125,
        };
        let length = usize::try_from(length).ok().filter(|length| *length <= room);
        Ok(Header {
            last: head[0] & 0x80 != 0,
            opcode,
            mask: [head[mask_at], head[mask_at + 1], head[mask_at + 2], head[mask_at + 3]],
            length: length.ok_or(CloseReason::TooBig)?,
            received: 0,
        })
    }

    fn take_payload(&mut self, header: Header, piece: &[u8]) -> Result<(), CloseReason> {
        if piece.is_empty() {
            return Ok(());
        }
        let control = matches!(header.opcode, Opcode::Close | Opcode::Ping | Opcode::Pong);
        let buffer = if control { &mut self.control } else { &mut self.message };
        let start = buffer.len();
        // Room for what has come, never for what was only announced.
        buffer.extend_from_slice(piece);
        unmask(&mut buffer[start..], header.mask, header.received);
        let text = header.opcode == Opcode::Text || self.fragmented == Some(Opcode::Text);
        if !control && text && !self.utf8.check(&self.message, false) {
            return Err(CloseReason::InvalidUtf8);
        }
        Ok(())
    }

    fn complete(&mut self, header: Header) -> Result<Option<Frame>, CloseReason> {
        match header.opcode {
            Opcode::Ping => Ok(Some(Frame::Ping(std::mem::take(&mut self.control).into()))),
            Opcode::Pong => {
                self.control = Vec::new();
                Ok(Some(Frame::Pong))
            }
            Opcode::Close => close(&std::mem::take(&mut self.control)).map(Some),
            Opcode::Continuation | Opcode::Text | Opcode::Binary => {
                let kind = self.fragmented.unwrap_or(header.opcode);
                if !header.last {
                    self.fragmented = Some(kind);
                    return Ok(None);
                }
                self.fragmented = None;
                self.utf8 = Utf8Checker::default();
                let message = std::mem::take(&mut self.message);
                if kind == Opcode::Binary {
                    return Ok(Some(Frame::Binary(message.into())));
                }
                String::from_utf8(message)
                    .map(|text| Some(Frame::Text(text)))
                    .map_err(|_| CloseReason::InvalidUtf8)
            }
        }
    }
}

/// Length of a header of which `head` is the beginning, as far as it can be told.
fn header_length(head: &[u8]) -> usize {
    match head.get(1).map(|second| second & 0x7f) {
        None => 2,
        Some(126) => 8,
        Some(127) => 14,
        Some(_) => 6,
    }
}

fn opcode(first: u8) -> Option<Opcode> {
    Some(match first & 0x0f {
        0 => Opcode::Continuation,
        1 => Opcode::Text,
        2 => Opcode::Binary,
        8 => Opcode::Close,
        9 => Opcode::Ping,
        10 => Opcode::Pong,
        _ => return None,
    })
}

/// Undoes the client's mask; `offset` is the position of `data` in the payload.
fn unmask(data: &mut [u8], mask: [u8; 4], offset: usize) {
    let mut turned = [0; 4];
    for (at, byte) in turned.iter_mut().enumerate() {
        *byte = mask[(offset + at) % 4];
    }
    let word = u32::from_ne_bytes(turned);
    let mut words = data.chunks_exact_mut(4);
    for chunk in &mut words {
        let masked = u32::from_ne_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]) ^ word;
        chunk.copy_from_slice(&masked.to_ne_bytes());
    }
    for (byte, mask) in words.into_remainder().iter_mut().zip(turned) {
        *byte ^= mask;
    }
}

/// Section 5.5.1 and 7.4: no payload, or a code that may be sent and a reason in UTF-8.
fn close(payload: &[u8]) -> Result<Frame, CloseReason> {
    match payload {
        [] => Ok(Frame::Close(None)),
        [_] => Err(CloseReason::FrameError),
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                return Err(CloseReason::FrameError);
            }
            if std::str::from_utf8(reason).is_err() {
                return Err(CloseReason::InvalidUtf8);
            }
            Ok(Frame::Close(Some(code)))
        }
    }
}
