//! What services tell each other over the bus.

use std::sync::Arc;

use kernel::{ChatId, MessageId, SessionId, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    events::{Event, ReadUpdated},
    rest::{
        connections::Connection,
        notifications::{Notification, NotificationKind},
        users::Status,
    },
};

/// Somebody must hear of an event, wherever they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Who.
    pub user_id: UserId,
    /// Of what.
    pub kind: NotificationKind,
    /// The message that it is about, where there is one.
    pub message_id: Option<MessageId>,
    /// The beginning of the message, the emoji, or the chat's name.
    pub text: String,
}

/// What one service tells the others.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum Told {
    /// chat-service: an event was committed to a chat's log. Durable, in the log's order.
    Event {
        /// The event.
        event: Arc<Event>,
        /// Who must hear of it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notices: Vec<Notice>,
    },
    /// chat-service: a read position moved.
    ReadUpdated {
        /// What moved, with the counts of the reader.
        read: ReadUpdated,
        /// Who besides the reader may know: the other side of a direct chat.
        other_id: Option<UserId>,
    },
    /// user-service: there is a new notification.
    Notified {
        /// For whom.
        user_id: UserId,
        /// The notification.
        notification: Box<Notification>,
        /// Unread notifications in all.
        unread_count: u64,
    },
    /// user-service: somebody asks to connect, or agreed to.
    ConnectionChanged {
        /// For whom.
        user_id: UserId,
        /// The connection as they see it.
        connection: Box<Connection>,
    },
    /// user-service or identity: a sign-in is over; its sockets are to be closed.
    SessionEnded {
        /// Which.
        session_id: SessionId,
    },
    /// user-service: somebody says something else of what they are doing.
    StatusChanged {
        /// Who.
        user_id: UserId,
        /// What they say now; `None` when nothing.
        status: Option<Status>,
    },
}

impl Told {
    /// The chat it is about, where it is about one: what keeps its order.
    #[must_use]
    pub fn chat_id(&self) -> Option<ChatId> {
        match self {
            Self::Event { event, .. } => Some(event.chat_id),
            Self::ReadUpdated { read, .. } => Some(read.chat_id),
            _ => None,
        }
    }
}
