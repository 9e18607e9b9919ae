//! The opening handshake of a WebSocket (RFC 6455, section 4.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version, header,
};
use http_body_util::Full;
use sha1::{Digest as _, Sha1};

use crate::endpoint::refusal::Refusal;

const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Checks the request and makes the 101 answer. No extension and no subprotocol is agreed to:
/// without compression there is no bomb to fear.
pub(crate) fn accept<B>(request: &Request<B>) -> Result<Response<Full<Bytes>>, Refusal> {
    let headers = request.headers();
    let asked = request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && has_token(headers, &header::CONNECTION, "upgrade")
        && has_token(headers, &header::UPGRADE, "websocket");
    if !asked {
        return Err(Refusal::BadRequest);
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(Refusal::UnsupportedWebSocketVersion);
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or(Refusal::BadRequest)?;
    if STANDARD.decode(key).ok().is_none_or(|nonce| nonce.len() != 16) {
        return Err(Refusal::BadRequest);
    }
    let accept = accept_key(key.as_bytes()).ok_or(Refusal::BadRequest)?;

    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = answer.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    Ok(answer)
}

fn accept_key(key: &[u8]) -> Option<HeaderValue> {
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::from_str(&STANDARD.encode(digest)).ok()
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6455, section 1.3.
    fn request() -> Request<()> {
        Request::builder()
            .header("Connection", "keep-alive, Upgrade")
            .header("Upgrade", "WebSocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("Sec-WebSocket-Extensions", "permessage-deflate")
            .body(())
            .unwrap()
    }

    #[test]
    fn the_answer_proves_that_the_key_was_read_and_agrees_to_no_extension() {
        let answer = accept(&request()).unwrap();
        assert_eq!(answer.status(), StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(answer.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert!(!answer.headers().contains_key("sec-websocket-extensions"));
    }

    #[test]
    fn each_part_of_the_request_is_needed() {
        for name in ["Connection", "Upgrade", "Sec-WebSocket-Key"] {
            let mut request = request();
            request.headers_mut().remove(name);
            assert_eq!(accept(&request).unwrap_err(), Refusal::BadRequest, "{name}");
        }
        let mut short = request();
        short.headers_mut().insert("Sec-WebSocket-Key", HeaderValue::from_static("AAAA"));
        assert_eq!(accept(&short).unwrap_err(), Refusal::BadRequest);
        let mut old = request();
        old.headers_mut().insert("Sec-WebSocket-Version", HeaderValue::from_static("8"));
        assert_eq!(accept(&old).unwrap_err(), Refusal::UnsupportedWebSocketVersion);
        let mut two = request();
        *two.version_mut() = Version::HTTP_2;
        assert_eq!(accept(&two).unwrap_err(), Refusal::BadRequest);
    }
}
