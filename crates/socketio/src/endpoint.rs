//! The HTTP side: who may ask, what they ask for, and the answers that are not a session's.

pub(crate) mod headers;
pub(crate) mod origin;
pub(crate) mod query;
pub(crate) mod refusal;

#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

/// The type of every answer.
pub(crate) type Answer = Response<Full<Bytes>>;

/// Text that must not be kept by any cache: it is one client's.
pub(crate) fn text(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}
