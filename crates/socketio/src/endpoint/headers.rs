//! Headers kept for as long as the session lives, in one small piece of memory: hyper's own map
//! would hold on to the whole buffer the request was read into.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::refusal::Refusal;

/// Headers of no use to a service: they speak about the connection, not about the client.
const DROPPED: [HeaderName; 9] = [
    header::CONNECTION,
    header::UPGRADE,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::SEC_WEBSOCKET_EXTENSIONS,
    header::ACCEPT_ENCODING,
    header::CACHE_CONTROL,
    header::PRAGMA,
    header::CONTENT_LENGTH,
];

/// `name`, `:`, `value`, newline; neither part can hold the byte that ends it.
#[derive(Clone, Debug)]
pub(crate) struct KeptHeaders(Box<[u8]>);

impl KeptHeaders {
    /// Copies the headers; refuses more than `max` bytes of them.
    pub(crate) fn keep(headers: &HeaderMap, max: usize) -> Result<Self, Refusal> {
        let mut kept = Vec::new();
        for (name, value) in headers {
            if DROPPED.contains(name) {
                continue;
            }
            kept.extend_from_slice(name.as_str().as_bytes());
            kept.push(b':');
            kept.extend_from_slice(value.as_bytes());
            kept.push(b'\n');
            if kept.len() > max {
                return Err(Refusal::HeadersTooLarge);
            }
        }
        Ok(Self(kept.into_boxed_slice()))
    }

    /// The map again.
    pub(crate) fn to_map(&self) -> HeaderMap {
        let mut map = HeaderMap::new();
        for line in self.0.split(|byte| *byte == b'\n') {
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let (name, value) = (&line[..colon], &line[colon + 1..]);
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
            {
                map.append(name, value);
            }
        }
        map
    }
}
