//! Who takes part.

use api::rest::chats::{Chat, Participant, Role};
use kernel::{ChatId, Limit, Page, UserId};
use kit::http::Caller;

use super::Chats;
use crate::{ChatError, domain::validate};

impl Chats {
    /// Joins a public channel; who is in it already stays.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn join(&self, caller: &Caller, chat: ChatId) -> Result<Chat, ChatError> {
        self.store.join(caller.user_id, chat).await?;
        self.chat(caller, chat).await
    }

    /// Leaves.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn leave(&self, caller: &Caller, chat: ChatId) -> Result<(), ChatError> {
        self.store.leave(caller.user_id, chat).await
    }

    /// Who takes part, in the order of joining.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn participants(
        &self,
        caller: &Caller,
        chat: ChatId,
        limit: Limit,
        after: Option<u64>,
    ) -> Result<Page<Participant>, ChatError> {
        self.store.participants(caller.user_id, chat, limit, after).await
    }

    /// Everybody who takes part, for a part of Thread that tells them something.
    ///
    /// # Errors
    /// The store's.
    pub async fn participants_of(&self, chat: ChatId) -> Result<Vec<UserId>, ChatError> {
        self.store.participants_of(chat).await
    }

    /// Adds people, and answers how those named take part then.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn add_participants(
        &self,
        caller: &Caller,
        chat: ChatId,
        users: &[UserId],
    ) -> Result<Vec<Participant>, ChatError> {
        let users = validate::people("user_ids", users)?;
        if users.is_empty() {
            return Err(ChatError::invalid("user_ids", "must name somebody"));
        }
        // A stranger learns nothing from this call about who exists.
        if self.chat(caller, chat).await?.my.is_none() {
            return Err(ChatError::NotAParticipant);
        }
        self.all_known("user_ids", &users).await?;
        self.store.add(caller.user_id, chat, users).await
    }

    /// Changes a role.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn change_role(
        &self,
        caller: &Caller,
        chat: ChatId,
        user: UserId,
        role: Role,
    ) -> Result<Participant, ChatError> {
        self.store.change_role(caller.user_id, chat, user, role).await
    }

    /// Removes a person; oneself means leaving.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn remove_participant(
        &self,
        caller: &Caller,
        chat: ChatId,
        user: UserId,
    ) -> Result<(), ChatError> {
        self.store.remove(caller.user_id, chat, user).await
    }
}
