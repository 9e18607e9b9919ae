//! Who calls: the bearer token of a request, verified.

use std::sync::Arc;

use api::{ErrorCode, Problem};
use axum::extract::FromRequestParts;
use futures::future::BoxFuture;
use http::{header, request::Parts};
use kernel::{Secret, SessionId, Timestamp, UserId};

use super::Failure;

/// Who calls, as the verified access token says.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person (`sub`).
    pub user_id: UserId,
    /// Their sign-in at the identity provider (`sid`); bots have none.
    pub session_id: Option<SessionId>,
    /// `preferred_username`.
    pub username: String,
    /// `name`.
    pub name: Option<String>,
    /// `email`.
    pub email: Option<String>,
    /// `realm_access.roles`.
    pub roles: Vec<String>,
    /// When the token runs out.
    pub expires_at: Timestamp,
    /// The token itself, to call another service in the caller's name.
    pub token: Secret,
}

impl Caller {
    /// Whether the caller administers this installation.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.roles.iter().any(|role| role == "admin")
    }
}

/// Verifies access tokens. One implementation serves REST and sockets in every service.
pub trait Authenticator: Send + Sync + 'static {
    /// The caller whom the token names, or why it is refused.
    fn authenticate<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Caller, Problem>>;
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let authenticator =
            parts.extensions.get::<Arc<dyn Authenticator>>().cloned().ok_or(ErrorCode::Internal)?;
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(ErrorCode::Unauthenticated)?;
        Ok(authenticator.authenticate(token).await?)
    }
}
