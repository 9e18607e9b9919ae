//! Presence: who is there.

use kernel::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::users::Status;

/// Whether a person is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    /// Connected and active.
    Online,
    /// Connected, but not at the screen.
    Away,
    /// Connected, but not to be disturbed.
    Dnd,
    /// Not connected.
    #[default]
    Offline,
}

/// A person's presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Presence {
    /// The person.
    pub user_id: UserId,
    /// Whether they are there.
    pub state: PresenceState,
    /// When they were last connected; `null` when never since the server started.
    pub last_seen_at: Option<Timestamp>,
    /// What they say they are doing; `null` when nothing is said.
    pub status: Option<Status>,
}

/// `GET /api/users/presence`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PresenceOf {
    /// Ids, separated by commas; at most 100.
    pub ids: String,
}
