//! The web app's session: user-service holds the tokens, the browser a cookie.

use kernel::{LoginId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// `GET /api/users/session/start`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StartSession {
    /// Where to go after signing in: a path of this origin. `/` when absent.
    pub return_to: Option<String>,
    /// `create`: open the sign-up page rather than the sign-in page (OpenID Connect's `prompt`).
    pub prompt: Option<String>,
    /// The language of the sign-in page (`en`, `pt-BR`).
    pub ui_locales: Option<String>,
}

/// `GET /api/users/session/callback`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SessionCallback {
    /// The authorization code.
    pub code: Option<String>,
    /// The state of the sign-in that was started.
    pub state: Option<String>,
    /// What the identity provider refused.
    pub error: Option<String>,
}

/// An access token for the browser, to be kept in memory only.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccessToken {
    /// The access token, a JWT.
    pub access_token: String,
    /// Seconds that it is good for.
    pub expires_in: u64,
}

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The session.
    pub id: LoginId,
    /// The browser and system, as they named themselves.
    pub user_agent: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it last asked for a token.
    pub last_seen_at: Timestamp,
    /// It is the one that asks.
    pub current: bool,
}

/// My signed-in devices.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Sessions {
    /// The devices, the latest used first.
    pub items: Vec<Session>,
    /// Always `null`: the list is short.
    pub next_cursor: Option<String>,
}
