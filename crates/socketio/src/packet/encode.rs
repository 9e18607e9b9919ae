//! Writing Socket.IO packets:
//! `<type>[<attachments>-][<namespace>,][<ack id>][JSON]`, here after the Engine.IO `4`.

use serde::Serialize;

use crate::frame::HEADER_SPACE;

/// A buffer with room for a frame header, the message type, and the packet up to its payload.
fn begin(kind: u8, attachments: usize, namespace: &str, id: Option<u64>) -> Vec<u8> {
    let mut buffer = Vec::with_capacity(128);
    buffer.resize(HEADER_SPACE, 0);
    buffer.extend_from_slice(&[b'4', kind]);
    if attachments > 0 {
        buffer.extend_from_slice(attachments.to_string().as_bytes());
        buffer.push(b'-');
    }
    if namespace != "/" {
        buffer.extend_from_slice(namespace.as_bytes());
        buffer.push(b',');
    }
    if let Some(id) = id {
        buffer.extend_from_slice(id.to_string().as_bytes());
    }
    buffer
}

fn write_json<T: Serialize + ?Sized>(buffer: &mut Vec<u8>, value: &T) {
    let start = buffer.len();
    if let Err(error) = serde_json::to_writer(&mut *buffer, value) {
        tracing::error!(%error, "a payload cannot be written as JSON and is sent as null");
        buffer.truncate(start);
        buffer.extend_from_slice(b"null");
    }
}

/// EVENT, or BINARY_EVENT when there are attachments.
pub(crate) fn event<T: Serialize>(
    namespace: &str,
    id: Option<u64>,
    name: &str,
    args: &[T],
    attachments: usize,
) -> Vec<u8> {
    let kind = if attachments > 0 { b'5' } else { b'2' };
    let mut buffer = begin(kind, attachments, namespace, id);
    buffer.push(b'[');
    write_json(&mut buffer, name);
    for arg in args {
        buffer.push(b',');
        write_json(&mut buffer, arg);
    }
    buffer.push(b']');
    buffer
}

/// EVENT with one argument that is JSON already.
pub(crate) fn event_raw(namespace: &str, name: &str, payload: &[u8]) -> Vec<u8> {
    let mut buffer = begin(b'2', 0, namespace, None);
    buffer.reserve_exact(name.len() + payload.len() + 8);
    buffer.push(b'[');
    write_json(&mut buffer, name);
    buffer.push(b',');
    buffer.extend_from_slice(payload);
    buffer.push(b']');
    buffer
}

/// ACK, or BINARY_ACK when there are attachments.
pub(crate) fn ack<T: Serialize>(
    namespace: &str,
    id: u64,
    args: &[T],
    attachments: usize,
) -> Vec<u8> {
    let kind = if attachments > 0 { b'6' } else { b'3' };
    let mut buffer = begin(kind, attachments, namespace, Some(id));
    buffer.push(b'[');
    for (at, arg) in args.iter().enumerate() {
        if at > 0 {
            buffer.push(b',');
        }
        write_json(&mut buffer, arg);
    }
    buffer.push(b']');
    buffer
}

/// CONNECT answered: the public session identifier.
pub(crate) fn connect(namespace: &str, sid: &str) -> Vec<u8> {
    let mut buffer = begin(b'0', 0, namespace, None);
    write_json(&mut buffer, &serde_json::json!({ "sid": sid }));
    buffer
}

/// CONNECT refused.
pub(crate) fn connect_error(
    namespace: &str,
    message: &str,
    data: Option<&serde_json::Value>,
) -> Vec<u8> {
    #[derive(Serialize)]
    struct Refusal<'a> {
        message: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        data: Option<&'a serde_json::Value>,
    }
    let mut buffer = begin(b'4', 0, namespace, None);
    write_json(&mut buffer, &Refusal { message, data });
    buffer
}
