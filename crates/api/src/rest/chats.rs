//! Chats and their participants.

use kernel::{ChatId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::messages::Message;

/// What sort of chat it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// Two people; one per pair.
    Direct,
    /// Private, by invitation.
    Group,
    /// A named channel, public to the workspace or private.
    Channel,
}

/// Who may find the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody of this installation may find and join it.
    Public,
    /// Only its participants know of it.
    Private,
}

/// What a participant may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads and writes.
    Member,
    /// Also renames, adds and removes, and deletes others' messages.
    Admin,
    /// Also names admins and owners, and archives.
    Owner,
}

/// What I want to be notified of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// Every message.
    #[default]
    All,
    /// Mentions and replies only.
    Mentions,
    /// Nothing.
    None,
}

/// A chat as everybody in it sees it; what the events `chat_updated` and `chat_archived` carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatInfo {
    /// The chat.
    pub id: ChatId,
    /// What sort of chat it is.
    pub kind: ChatKind,
    /// Who may find it.
    pub visibility: Visibility,
    /// Its name; `null` for direct chats, and for groups that have none.
    pub name: Option<String>,
    /// What it is about; empty when nothing is said.
    pub topic: String,
    /// Changes only when a backup was restored: who holds another one loads the chat anew.
    pub epoch: String,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was archived; `null` while it lives.
    pub archived_at: Option<Timestamp>,
}

/// A chat and my place in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chat {
    /// What everybody in it sees.
    #[serde(flatten)]
    pub info: ChatInfo,
    /// The `seq` of the newest event.
    pub last_seq: u64,
    /// The newest message of the timeline that is not deleted; `null` when there is none, or when
    /// I am no participant.
    pub last_message: Option<Message>,
    /// How many take part.
    pub participant_count: u64,
    /// The first participants, at most 10: both of a direct chat, enough for a group's name.
    pub participant_ids: Vec<UserId>,
    /// My place in it; `null` when I am no participant (a public channel).
    pub my: Option<MyPlace>,
}

/// My place in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyPlace {
    /// What I may do.
    pub role: Role,
    /// Up to where I have read.
    pub read_seq: u64,
    /// Messages of others after that.
    pub unread_count: u64,
    /// Those that mention me.
    pub mention_count: u64,
    /// What I want to be notified of.
    pub notify: Notify,
}

/// `POST /api/chats`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CreateChat {
    /// What sort of chat.
    pub kind: ChatKind,
    /// 1 to 80 characters; needed for a channel, not allowed for a direct chat.
    #[schema(max_length = 80)]
    pub name: Option<String>,
    /// At most 250 characters.
    #[schema(max_length = 250)]
    pub topic: Option<String>,
    /// For a channel: `public` when absent. All others are private.
    pub visibility: Option<Visibility>,
    /// Who else takes part, at most 100; exactly one for a direct chat.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub participant_ids: Vec<UserId>,
}

/// `PATCH /api/chats/{id}`: any subset.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct UpdateChat {
    /// 1 to 80 characters.
    #[schema(max_length = 80)]
    pub name: Option<String>,
    /// At most 250 characters.
    #[schema(max_length = 250)]
    pub topic: Option<String>,
    /// For a channel.
    pub visibility: Option<Visibility>,
}

/// `GET /api/chats`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListChats {
    /// 1 to 100; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// `GET /api/chats/discover`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DiscoverChats {
    /// Part of the name or topic, at most 200 characters; all public channels when absent.
    #[param(max_length = 200)]
    pub query: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// A participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Participant {
    /// The person.
    pub user_id: UserId,
    /// What they may do.
    pub role: Role,
    /// When they joined.
    pub joined_at: Timestamp,
}

/// `POST /api/chats/{id}/participants`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct AddParticipants {
    /// Whom to add, 1 to 100. Who is there already stays as they are.
    #[schema(min_items = 1, max_items = 100)]
    pub user_ids: Vec<UserId>,
}

/// `PATCH /api/chats/{id}/participants/{user_id}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ChangeRole {
    /// The new role.
    pub role: Role,
}

/// `PUT /api/chats/{id}/read`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct MarkRead {
    /// Up to where I have read; beyond the newest event means the newest.
    pub seq: u64,
    /// `true`: also backwards (mark unread).
    #[serde(default)]
    pub force: bool,
}

/// `PUT /api/chats/{id}/settings`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ChatSettings {
    /// What I want to be notified of.
    pub notify: Notify,
}
