//! What the server sends over the socket besides the log's events.

use std::collections::BTreeMap;

use kernel::{ChatId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rest::{
    chats::Chat, notifications::Notification, presence::PresenceState, users::Status,
};

/// `status`, after connecting.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Connected {
    /// `connected`.
    pub msg: String,
    /// Who I am.
    pub user_id: UserId,
    /// The server's time.
    pub server_time: Timestamp,
}

/// `chat_created`: a chat that is new to me.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChatCreated {
    /// The chat and my place in it.
    pub chat: Chat,
}

/// `chat_removed`: a chat that is mine no more.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct ChatRemoved {
    /// The chat.
    pub chat_id: ChatId,
    /// The `seq` of the event that ended it for me.
    pub seq: u64,
}

/// `read_updated`: a read position moved, mine on another device or the other side's in a direct
/// chat.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct ReadUpdated {
    /// The chat.
    pub chat_id: ChatId,
    /// Whose position.
    pub user_id: UserId,
    /// Up to where they have read.
    pub read_seq: u64,
    /// Unread messages, told to the reader's own devices only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread_count: Option<u64>,
    /// Unread mentions, told to the reader's own devices only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mention_count: Option<u64>,
}

/// `typing_start` and `typing_stop`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct Typing {
    /// The chat.
    pub chat_id: ChatId,
    /// Who types.
    pub user_id: UserId,
}

/// `heads`: where the logs of the chats on screen stand, every 30 s.
pub type Heads = BTreeMap<ChatId, u64>;

/// `presence`: somebody came, went, or says something else of what they are doing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PresenceChanged {
    /// The person.
    pub user_id: UserId,
    /// Whether they are there.
    pub state: PresenceState,
    /// When they were last there: now, unless they are offline.
    pub last_seen_at: Timestamp,
    /// What they say they are doing, `null` for nothing; absent when that did not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Status>)]
    pub status: Option<Option<Status>>,
}

/// `new_notification`: the notification, and how many are unread in all.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewNotification {
    /// The notification.
    #[serde(flatten)]
    pub notification: Notification,
    /// Unread notifications in all.
    pub unread_count: u64,
}
