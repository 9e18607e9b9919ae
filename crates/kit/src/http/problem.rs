//! Errors as `application/problem+json`: the one place where they become HTTP.

use api::{ErrorCode, Problem};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

/// A [`Problem`] as the answer of a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub Box<Problem>);

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Problem::new(code).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Answers what no route matches.
pub async fn fallback() -> Failure {
    ErrorCode::NotFound.into()
}

/// Answers a known path with a method it does not have.
pub async fn method_not_allowed() -> Failure {
    ErrorCode::MethodNotAllowed.into()
}
