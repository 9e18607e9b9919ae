//! The entries of a chat's log. What is live on the socket, what a resuming client fetches and
//! what the store holds are these.

use kernel::{ChatId, EventId, MessageId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rest::{
    chats::{ChatInfo, Role},
    messages::Message,
};

/// An entry of a chat's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// The chat.
    pub chat_id: ChatId,
    /// Its place in the log: 1, 2, 3 … without a gap.
    pub seq: u64,
    /// The event.
    pub id: EventId,
    /// Who caused it.
    pub actor_id: UserId,
    /// When.
    pub at: Timestamp,
    /// What happened: `kind`, and all that a client needs to apply it.
    #[serde(flatten)]
    pub change: Change,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A message was posted.
    MessagePosted {
        /// The whole message.
        message: Box<Message>,
    },
    /// A message was edited.
    MessageEdited {
        /// The whole message, as it is after the edit.
        message: Box<Message>,
    },
    /// A message was deleted; a tombstone stays.
    MessageDeleted {
        /// The message.
        message_id: MessageId,
    },
    /// A reaction was given.
    ReactionAdded {
        /// The message.
        message_id: MessageId,
        /// The emoji.
        emoji: String,
        /// Who gave it.
        user_id: UserId,
    },
    /// A reaction was taken back.
    ReactionRemoved {
        /// The message.
        message_id: MessageId,
        /// The emoji.
        emoji: String,
        /// Who took it back.
        user_id: UserId,
    },
    /// Somebody joined or was added.
    ParticipantJoined {
        /// The person.
        user_id: UserId,
        /// What they may do.
        role: Role,
    },
    /// Somebody left or was removed.
    ParticipantLeft {
        /// The person.
        user_id: UserId,
        /// What they could do.
        role: Role,
    },
    /// Somebody may do more or less than before.
    ParticipantRoleChanged {
        /// The person.
        user_id: UserId,
        /// What they may do now.
        role: Role,
    },
    /// Name, topic or visibility changed.
    ChatUpdated {
        /// The chat as it is now.
        chat: Box<ChatInfo>,
    },
    /// The chat was archived: it can be read, and takes no more changes.
    ChatArchived {
        /// The chat as it is now.
        chat: Box<ChatInfo>,
    },
}

impl Change {
    /// The event's `kind`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::MessagePosted { .. } => "message_posted",
            Self::MessageEdited { .. } => "message_edited",
            Self::MessageDeleted { .. } => "message_deleted",
            Self::ReactionAdded { .. } => "reaction_added",
            Self::ReactionRemoved { .. } => "reaction_removed",
            Self::ParticipantJoined { .. } => "participant_joined",
            Self::ParticipantLeft { .. } => "participant_left",
            Self::ParticipantRoleChanged { .. } => "participant_role_changed",
            Self::ChatUpdated { .. } => "chat_updated",
            Self::ChatArchived { .. } => "chat_archived",
        }
    }

    /// The name under which the event goes over the socket.
    #[must_use]
    pub const fn socket_name(&self) -> &'static str {
        match self {
            Self::MessagePosted { .. } => "new_message",
            Self::MessageEdited { .. } => "message_updated",
            Self::MessageDeleted { .. } => "message_deleted",
            Self::ReactionAdded { .. } => "reaction_added",
            Self::ReactionRemoved { .. } => "reaction_removed",
            Self::ParticipantJoined { .. }
            | Self::ParticipantLeft { .. }
            | Self::ParticipantRoleChanged { .. } => "participants_changed",
            Self::ChatUpdated { .. } | Self::ChatArchived { .. } => "chat_updated",
        }
    }
}
