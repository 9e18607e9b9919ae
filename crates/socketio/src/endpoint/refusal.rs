//! Requests that get no session, answered as the official server answers them.

use http::{HeaderValue, StatusCode, header};

use super::{Answer, text};

/// Why a request was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    UnknownTransport,
    UnknownSession,
    HandshakeMethod,
    BadRequest,
    ForbiddenOrigin,
    UnsupportedProtocol,
    UnsupportedWebSocketVersion,
    BodyTooLarge,
    BodyTooSlow,
    HeadersTooLarge,
    TooManySessionsOfAddress,
    TooManySessions,
    Stopping,
}

impl Refusal {
    pub(crate) fn answer(self) -> Answer {
        let (status, code, message) = match self {
            Self::UnknownTransport => (StatusCode::BAD_REQUEST, 0, "Transport unknown"),
            Self::UnknownSession => (StatusCode::BAD_REQUEST, 1, "Session ID unknown"),
            Self::HandshakeMethod => (StatusCode::BAD_REQUEST, 2, "Bad handshake method"),
            Self::BadRequest => (StatusCode::BAD_REQUEST, 3, "Bad request"),
            Self::ForbiddenOrigin => (StatusCode::FORBIDDEN, 4, "Forbidden"),
            Self::UnsupportedProtocol => {
                (StatusCode::BAD_REQUEST, 5, "Unsupported protocol version")
            }
            Self::UnsupportedWebSocketVersion => (StatusCode::UPGRADE_REQUIRED, 3, "Bad request"),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, 3, "Payload too large"),
            Self::BodyTooSlow => (StatusCode::REQUEST_TIMEOUT, 3, "Request timeout"),
            Self::HeadersTooLarge => {
                (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, 3, "Headers too large")
            }
            Self::TooManySessionsOfAddress => {
                (StatusCode::TOO_MANY_REQUESTS, 4, "Too many sessions")
            }
            Self::TooManySessions => (StatusCode::SERVICE_UNAVAILABLE, 4, "Too many sessions"),
            Self::Stopping => (StatusCode::SERVICE_UNAVAILABLE, 4, "Stopping"),
        };
        let mut answer = text(status, format!(r#"{{"code":{code},"message":"{message}"}}"#));
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self == Self::UnsupportedWebSocketVersion {
            headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        if matches!(self, Self::BodyTooLarge | Self::BodyTooSlow) {
            // The rest of the body is not read.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}
