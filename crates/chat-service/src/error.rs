//! Why a call on a chat is refused, and the one place where that becomes a problem of the wire.

use api::{ErrorCode, FieldError, Problem};

use crate::{directory::Unavailable, store::StoreFailure};

/// Seconds after which a caller may try again when a part is away.
const COME_BACK: u64 = 1;

/// Why a call is refused.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// No such chat, or it is hidden from the caller.
    #[error("there is no such chat, or it is hidden")]
    ChatNotFound,
    /// The chat is visible, but the caller takes no part in it.
    #[error("the caller is no participant")]
    NotAParticipant,
    /// The caller's role, or the chat's kind, does not allow it.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// No such message in this chat.
    #[error("there is no such message")]
    MessageNotFound,
    /// The named person takes no part in the chat.
    #[error("there is no such participant")]
    ParticipantNotFound,
    /// The chat is archived and takes no more changes.
    #[error("the chat is archived")]
    Archived,
    /// The message is deleted and takes no more changes.
    #[error("the message is deleted")]
    MessageDeleted,
    /// The only owner can't leave or step down.
    #[error("the only owner can't leave or step down")]
    LastOwner,
    /// The sender used this `client_id` for another message.
    #[error("the client_id names another message")]
    ClientIdReused,
    /// Well-formed, but these fields are not allowed.
    #[error("fields that are not allowed")]
    Invalid(Vec<FieldError>),
    /// The store did not do it.
    #[error("the store failed")]
    Store(#[from] StoreFailure),
    /// The directory of people did not answer.
    #[error("the directory failed")]
    Directory(#[from] Unavailable),
}

impl ChatError {
    /// This field is not allowed, because of `message`.
    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }
}

impl From<ChatError> for Problem {
    fn from(error: ChatError) -> Self {
        match error {
            ChatError::ChatNotFound => ErrorCode::ChatNotFound.into(),
            ChatError::NotAParticipant => ErrorCode::NotAParticipant.into(),
            ChatError::Forbidden(why) => Self::new(ErrorCode::Forbidden).detail(why),
            ChatError::MessageNotFound => ErrorCode::MessageNotFound.into(),
            ChatError::ParticipantNotFound => ErrorCode::ParticipantNotFound.into(),
            ChatError::Archived => ErrorCode::ChatArchived.into(),
            ChatError::MessageDeleted => ErrorCode::MessageDeleted.into(),
            ChatError::LastOwner => ErrorCode::LastOwner.into(),
            ChatError::ClientIdReused => ErrorCode::ClientIdReused.into(),
            ChatError::Invalid(errors) => Self::invalid(errors),
            ChatError::Store(StoreFailure::Broken(error)) => {
                tracing::error!(error = &*error as &dyn std::error::Error, "the store refused");
                ErrorCode::Internal.into()
            }
            ChatError::Store(StoreFailure::Busy | StoreFailure::Full | StoreFailure::Stopped)
            | ChatError::Directory(Unavailable) => {
                Self::new(ErrorCode::Unavailable).retry_after(COME_BACK)
            }
        }
    }
}

impl From<ChatError> for kit::http::Failure {
    fn from(error: ChatError) -> Self {
        Problem::from(error).into()
    }
}
