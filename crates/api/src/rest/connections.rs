//! Connections: two people who know each other.

use kernel::{ConnectionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::users::User;

/// `POST /api/users/connect`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Connect {
    /// Whom to ask.
    pub user_id: UserId,
}

/// `POST /api/users/connections/{id}/respond`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Respond {
    /// Yes, or no (which removes the request).
    pub accept: bool,
}

/// Who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// They asked me.
    Incoming,
    /// I asked them.
    Outgoing,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatus {
    /// Asked, not answered.
    Pending,
    /// Both agreed.
    Accepted,
}

/// A connection, seen from one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Connection {
    /// The connection.
    pub id: ConnectionId,
    /// The other side.
    pub user: User,
    /// Who asked.
    pub direction: Direction,
    /// How far it is.
    pub status: ConnectionStatus,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// `GET /api/users/connections`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListConnections {
    /// Only those; all when absent.
    pub status: Option<ConnectionStatus>,
    /// 1 to 100; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}
