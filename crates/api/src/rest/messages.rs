//! Messages, their history, and the pages and events they are read in.

use kernel::{ChatId, ClientId, MessageId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::events::Event;

/// Who wrote a message: a person, or Thread itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// A person's.
    #[default]
    Text,
    /// Thread's own.
    System,
}

/// A reaction and who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// How many gave it.
    pub count: u64,
    /// Who gave it, in that order.
    pub user_ids: Vec<UserId>,
}

/// What a thread's root tells of its replies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ThreadSummary {
    /// Replies that are not deleted.
    pub reply_count: u64,
    /// When the newest was written.
    pub last_reply_at: Option<Timestamp>,
    /// Who replied, the first of them first, at most 10.
    pub user_ids: Vec<UserId>,
}

/// A file that a message carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    /// The file.
    pub id: String,
}

/// A message in its present state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// The message.
    pub id: MessageId,
    /// Its chat.
    pub chat_id: ChatId,
    /// Its place in the chat's log.
    pub seq: u64,
    /// The `seq` of the last event that changed it (its own at first): of two states of one
    /// message the one with the higher version is the newer.
    pub version: u64,
    /// What its sender named it; `null` for Thread's own.
    pub client_id: Option<ClientId>,
    /// Who wrote it.
    pub sender_id: UserId,
    /// A person's or Thread's own.
    pub kind: MessageKind,
    /// Markdown as it was written; empty once deleted.
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// The root of the thread that it is in.
    pub thread_root_id: Option<MessageId>,
    /// In a thread and in the chat's own timeline.
    pub also_in_chat: bool,
    /// On a root: what its thread holds.
    pub thread: Option<ThreadSummary>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Who is mentioned: user ids, and `here` or `all`.
    pub mentions: Vec<String>,
    /// Reactions, the first given first.
    pub reactions: Vec<Reaction>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// `POST /api/chats/{id}/messages`, and the body of `send_message`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostMessage {
    /// A UUID made by the sender, once a message: repeated, it answers with the same message.
    pub client_id: ClientId,
    /// Markdown, 1 to 8,000 characters.
    #[schema(min_length = 1, max_length = 8000)]
    pub text: String,
    /// The message that it answers, of the same chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// The root of the thread that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_root_id: Option<MessageId>,
    /// With `thread_root_id`: show it in the chat's own timeline too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub also_in_chat: bool,
    /// Files uploaded before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachment_ids: Vec<String>,
}

/// The answer to a posted, edited or found message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageAnswer {
    /// The message.
    pub message: Message,
}

/// `PATCH /api/chats/{id}/messages/{message_id}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct EditMessage {
    /// Markdown, 1 to 8,000 characters.
    #[schema(min_length = 1, max_length = 8000)]
    pub text: String,
}

/// One text that a message had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageVersion {
    /// The `seq` of the event that gave it this text.
    pub version: u64,
    /// The text.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

/// `GET …/messages`: one of `before_seq`, `after_seq`, `around_seq`, or none for the newest.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListMessages {
    /// Messages with a lower `seq`, the nearest.
    pub before_seq: Option<u64>,
    /// Messages with a higher `seq`, the nearest.
    pub after_seq: Option<u64>,
    /// Messages on both sides of it, and itself.
    pub around_seq: Option<u64>,
    /// 1 to 100; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// A page of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessagePage {
    /// In `seq` order, in their present state.
    pub items: Vec<Message>,
    /// The log's head when the page was read: apply the events after it.
    pub as_of_seq: u64,
    /// The log's epoch.
    pub epoch: String,
    /// There are older messages than the first.
    pub has_before: bool,
    /// There are newer messages than the last.
    pub has_after: bool,
    /// Always `null`: pages are asked for by `seq`.
    pub next_cursor: Option<String>,
}

/// `GET …/thread`.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListThread {
    /// Replies with a higher `seq`.
    pub after_seq: Option<u64>,
    /// 1 to 100; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// A thread: its root and a page of replies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ThreadPage {
    /// The root.
    pub root: Message,
    /// Replies in `seq` order.
    pub items: Vec<Message>,
    /// The log's head when the page was read.
    pub as_of_seq: u64,
    /// There are newer replies than the last.
    pub has_after: bool,
    /// I am told of new replies.
    pub following: bool,
    /// Always `null`: pages are asked for by `seq`.
    pub next_cursor: Option<String>,
}

/// `GET …/events`.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListEvents {
    /// Events with a higher `seq`; all when absent.
    pub after_seq: Option<u64>,
    /// 1 to 500; 100 when absent.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
}

/// A run of the log, without a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EventPage {
    /// The events, `after_seq` + 1 first.
    pub items: Vec<Event>,
    /// The log's epoch.
    pub epoch: String,
    /// The `seq` of the newest event.
    pub head_seq: u64,
    /// There is more: ask again after the last one.
    pub has_more: bool,
    /// Always `null`: pages are asked for by `seq`.
    pub next_cursor: Option<String>,
}
