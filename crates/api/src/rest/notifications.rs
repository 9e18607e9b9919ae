//! Notifications: what a person should hear of, wherever they are.

use kernel::{ChatId, MessageId, NotificationId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::users::User;

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// Somebody asks to connect.
    ConnectionRequest,
    /// Somebody agreed to connect.
    ConnectionAccepted,
    /// I was mentioned.
    Mention,
    /// A message in a direct chat.
    DirectMessage,
    /// An answer to a message of mine.
    Reply,
    /// A reaction to a message of mine.
    Reaction,
    /// I was added to a chat.
    ChatInvite,
    /// Word from an administrator.
    System,
}

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    /// The notification.
    pub id: NotificationId,
    /// What it is about.
    pub kind: NotificationKind,
    /// Who caused it; `null` for the system, or when they are gone.
    pub actor: Option<User>,
    /// The chat, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The message, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The beginning of the message, the emoji, the chat's name, or the administrator's word.
    pub text: String,
    /// When.
    pub created_at: Timestamp,
    /// When I read it; `null` while unread.
    pub read_at: Option<Timestamp>,
}

/// `GET /api/users/notifications`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListNotifications {
    /// `true`: unread only.
    pub unread: Option<bool>,
    /// 1 to 100; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// A page of notifications, and how many are unread in all.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Notifications {
    /// Newest first.
    pub items: Vec<Notification>,
    /// The next page; `null` at the end.
    pub next_cursor: Option<String>,
    /// Unread notifications in all.
    pub unread_count: u64,
}

/// `POST /api/users/notifications`, for administrators.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CreateNotification {
    /// Who is to read it.
    pub user_id: UserId,
    /// `system`.
    pub kind: NotificationKind,
    /// 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    pub text: String,
}

/// `POST /api/users/notifications/read`: `ids`, or `all: true`.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct ReadNotifications {
    /// These, at most 100.
    #[schema(max_items = 100)]
    pub ids: Option<Vec<NotificationId>>,
    /// All of them.
    pub all: Option<bool>,
}

/// How many are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnreadNotifications {
    /// Unread notifications.
    pub unread_count: u64,
}
