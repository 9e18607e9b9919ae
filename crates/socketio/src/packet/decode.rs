//! Reading Socket.IO packets. Accepts what `socket.io-parser` 4.2 accepts, less its accidents
//! (attachment counts such as `0x1`, spaces for digits, a missing payload).

use bytes::Bytes;
use serde_json::Value;

use super::binary::check_placeholders;
use super::json::{Span, array_spans, check_depth};
use crate::close::CloseReason;

/// Names that mean something to the libraries themselves.
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// Longest namespace taken, in bytes.
const MAX_NAMESPACE: usize = 256;

/// What one packet may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PacketLimits {
    pub(crate) attachments: usize,
    pub(crate) depth: usize,
}

/// One packet of a client.
#[derive(Debug, PartialEq)]
pub(crate) struct Packet {
    pub(crate) namespace: String,
    pub(crate) body: Body,
}

/// What the packet is about.
#[derive(Debug, PartialEq)]
pub(crate) enum Body {
    Connect { auth: Value },
    Disconnect,
    Event { id: Option<u64>, name: String, args: Args },
    Ack { id: u64, args: Args },
}

/// The arguments of an event or an acknowledgement, as they came.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Args {
    pub(crate) text: String,
    pub(crate) spans: Vec<Span>,
    pub(crate) attachments: Vec<Bytes>,
}

impl Args {
    /// JSON of one argument.
    pub(crate) fn raw(&self, index: usize) -> Option<&str> {
        let (from, to) = *self.spans.get(index)?;
        self.text.get(from as usize..to as usize)
    }
}

impl Packet {
    pub(crate) fn set_attachments(&mut self, parts: Vec<Bytes>) {
        match &mut self.body {
            Body::Event { args, .. } | Body::Ack { args, .. } => args.attachments = parts,
            Body::Connect { .. } | Body::Disconnect => {}
        }
    }
}

/// Reads a packet (without the Engine.IO type) and how many attachments will follow it.
pub(crate) fn decode(text: String, limits: PacketLimits) -> Result<(Packet, usize), CloseReason> {
    read(text, limits).ok_or(CloseReason::ParseError)
}

fn read(text: String, limits: PacketLimits) -> Option<(Packet, usize)> {
    let mut rest = text.as_str();
    let kind = take_byte(&mut rest)?;
    let binary = matches!(kind, b'5' | b'6');
    let attachments = if binary {
        let count = take_number(&mut rest)?;
        rest = rest.strip_prefix('-')?;
        usize::try_from(count).ok().filter(|count| (1..=limits.attachments).contains(count))?
    } else {
        0
    };
    let namespace = take_namespace(&mut rest)?.to_owned();
    let id = if rest.starts_with(|c: char| c.is_ascii_digit()) {
        Some(take_number(&mut rest)?)
    } else {
        None
    };
    check_depth(rest, limits.depth).ok()?;
    let body = match kind {
        b'0' => Body::Connect { auth: object_or_nothing(rest)? },
        b'1' if rest.is_empty() => Body::Disconnect,
        b'2' | b'3' | b'5' | b'6' => {
            let start = text.len() - rest.len();
            // An array and nothing before it: `RawValue` would overlook blanks.
            if !rest.starts_with('[') {
                return None;
            }
            let mut spans = array_spans(&text, start).ok()?;
            if binary {
                check_placeholders(rest, attachments).ok()?;
            }
            let event = matches!(kind, b'2' | b'5');
            let name = if event {
                if spans.is_empty() {
                    return None;
                }
                let (from, to) = spans.remove(0);
                Some(event_name(text.get(from as usize..to as usize)?)?)
            } else {
                None
            };
            let args = Args { text, spans, attachments: Vec::new() };
            match name {
                Some(name) => Body::Event { id, name, args },
                None => Body::Ack { id: id?, args },
            }
        }
        // CONNECT_ERROR comes from servers only; the rest is not a packet.
        _ => return None,
    };
    Some((Packet { namespace, body }, attachments))
}

fn take_byte(rest: &mut &str) -> Option<u8> {
    let byte = *rest.as_bytes().first()?;
    *rest = rest.get(1..)?;
    Some(byte)
}

/// Digits that make a number JavaScript can hold exactly.
fn take_number(rest: &mut &str) -> Option<u64> {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at_checked(end)?;
    *rest = after;
    digits.parse().ok().filter(|number| *number < 1 << 53)
}

fn take_namespace<'a>(rest: &mut &'a str) -> Option<&'a str> {
    if !rest.starts_with('/') {
        return Some("/");
    }
    let (namespace, after) = rest.split_once(',').unwrap_or((rest, ""));
    if namespace.len() > MAX_NAMESPACE {
        return None;
    }
    *rest = after;
    Some(namespace)
}

fn object_or_nothing(json: &str) -> Option<Value> {
    if json.is_empty() {
        return Some(Value::Null);
    }
    serde_json::from_str(json).ok().filter(Value::is_object)
}

/// A string that is not reserved, or a number, which JavaScript uses as the string of its digits.
fn event_name(json: &str) -> Option<String> {
    if json.starts_with('"') {
        let name: String = serde_json::from_str(json).ok()?;
        return (!RESERVED.contains(&name.as_str())).then_some(name);
    }
    json.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| json.to_owned())
}
