//! What a client sends over the socket, and how it is acknowledged.

use std::collections::BTreeMap;

use kernel::{ChatId, MessageId, Secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Event;
use crate::{
    Problem,
    rest::{
        messages::{Message, PostMessage},
        presence::PresenceState,
    },
};

/// `authenticate`: renews the token of a connected socket.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Authenticate {
    /// The new access token, of the same user.
    pub token: Secret,
}

/// `send_message`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SendMessage {
    /// The chat.
    pub chat_id: ChatId,
    /// The message.
    #[serde(flatten)]
    pub message: PostMessage,
}

/// `edit_message`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EditMessageIn {
    /// The chat.
    pub chat_id: ChatId,
    /// The message.
    pub message_id: MessageId,
    /// Markdown, 1 to 8,000 characters.
    #[schema(min_length = 1, max_length = 8000)]
    pub text: String,
}

/// `delete_message`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeleteMessageIn {
    /// The chat.
    pub chat_id: ChatId,
    /// The message.
    pub message_id: MessageId,
}

/// `add_reaction` and `remove_reaction`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReactionIn {
    /// The chat.
    pub chat_id: ChatId,
    /// The message.
    pub message_id: MessageId,
    /// The emoji, at most 64 bytes.
    pub emoji: String,
}

/// `mark_read`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MarkReadIn {
    /// The chat.
    pub chat_id: ChatId,
    /// Up to where I have read.
    pub seq: u64,
    /// `true`: also backwards (mark unread).
    #[serde(default)]
    pub force: bool,
}

/// `typing_start`, `typing_stop`, `join_chat`, `leave_chat`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InChat {
    /// The chat.
    pub chat_id: ChatId,
}

/// `set_presence`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SetPresence {
    /// `online`, `away` or `dnd`; `offline` looks offline to others.
    pub state: PresenceState,
}

/// `sync`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Sync {
    /// The last `seq` I hold of each chat, at most 500 chats.
    #[schema(value_type = std::collections::BTreeMap<String, u64>)]
    pub chats: BTreeMap<ChatId, u64>,
}

/// Where a chat's log stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Head {
    /// The `seq` of the newest event.
    pub seq: u64,
    /// The log's epoch.
    pub epoch: String,
}

/// The answer to `sync`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Synced {
    /// Every chat of mine. One that was asked for and is not here is mine no more.
    #[schema(value_type = std::collections::BTreeMap<String, Head>)]
    pub heads: BTreeMap<ChatId, Head>,
    /// Events after what I hold, at most 500 in all; what is still behind `heads` is fetched by
    /// `GET /api/chats/{id}/events`.
    #[schema(value_type = std::collections::BTreeMap<String, Vec<Event>>)]
    pub events: BTreeMap<ChatId, Vec<Event>>,
}

/// How an acknowledgement says yes: `{ok: true, ...}`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Acknowledged<T> {
    /// `true`.
    pub ok: bool,
    /// What was asked for.
    #[serde(flatten)]
    pub answer: T,
}

impl<T> Acknowledged<T> {
    /// Yes, and this.
    pub const fn new(answer: T) -> Self {
        Self { ok: true, answer }
    }
}

/// Nothing to add.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct Done {}

/// The message that was sent or edited.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MessageAcknowledged {
    /// The message.
    pub message: Message,
}

/// Up to where I have read now.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct ReadAcknowledged {
    /// The read position that stands.
    pub read_seq: u64,
    /// Messages of others after it.
    pub unread_count: u64,
    /// Those that mention me.
    pub mention_count: u64,
}

/// How an acknowledgement says no: `{ok: false, error}`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Refused {
    /// `false`.
    pub ok: bool,
    /// Why.
    pub error: SocketError,
}

/// An error over the socket.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SocketError {
    /// The code and the other fields of the REST calls' problem.
    #[serde(flatten)]
    pub problem: Problem,
    /// A sentence for people.
    pub message: String,
}

impl From<Problem> for SocketError {
    fn from(problem: Problem) -> Self {
        let message = problem.detail.clone().unwrap_or_else(|| problem.title.clone());
        Self { problem, message }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { ok: false, error: problem.into() }
    }
}
