//! OAuth's errors (RFC 6749, 5.2).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::GrantError;

/// An error of the token, revocation or logout endpoint.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct OAuthErrorBody {
    /// The error's name, such as `invalid_grant`.
    error: &'static str,
    /// A sentence about it.
    error_description: &'static str,
}

/// An error with its status and headers.
#[derive(Debug, Clone)]
pub(super) struct OAuthError {
    status: StatusCode,
    body: OAuthErrorBody,
    retry_after: Option<u64>,
    /// The client used HTTP's own authentication, and is asked by it again.
    challenge: bool,
}

impl OAuthError {
    /// 400 with that error.
    pub(super) const fn new(error: &'static str, error_description: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            body: OAuthErrorBody { error, error_description },
            retry_after: None,
            challenge: false,
        }
    }

    /// A parameter is missing, repeated or can't be read.
    pub(super) const fn invalid_request(error_description: &'static str) -> Self {
        Self::new("invalid_request", error_description)
    }

    /// The code or refresh token is not good (any more).
    pub(super) const fn invalid_grant(error_description: &'static str) -> Self {
        Self::new("invalid_grant", error_description)
    }

    /// The client may not do that.
    pub(super) const fn unauthorized_client(error_description: &'static str) -> Self {
        Self::new("unauthorized_client", error_description)
    }

    /// Who asks is not known, or can't prove it: 401.
    pub(super) const fn invalid_client(challenge: bool) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            challenge,
            ..Self::new("invalid_client", "the client is not known, or its secret is wrong")
        }
    }

    const fn later(status: StatusCode, retry_after: u64, error_description: &'static str) -> Self {
        Self {
            status,
            retry_after: Some(retry_after),
            ..Self::new("temporarily_unavailable", error_description)
        }
    }
}

impl From<GrantError> for OAuthError {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::InvalidCredentials => {
                Self::invalid_grant("the username or password is wrong")
            }
            GrantError::SessionOver => {
                Self::invalid_grant("the code or refresh token is not good any more")
            }
            GrantError::RateLimited { retry_after } => {
                Self::later(StatusCode::TOO_MANY_REQUESTS, retry_after, "too many attempts")
            }
            GrantError::Unavailable(cause) => {
                tracing::error!(error = &*cause, "the issuer can't answer");
                Self::later(StatusCode::SERVICE_UNAVAILABLE, 5, "the issuer can't answer right now")
            }
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        if self.challenge {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"thread\""),
            );
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
