//! Messages, threads, reactions and read positions.

use api::{
    events::{ReadAcknowledged, ReadUpdated},
    rest::{
        chats::MarkRead,
        messages::{Message, MessagePage, MessageVersion, PostMessage, ThreadPage},
    },
    told::Told,
};
use kernel::{ChatId, Limit, MessageId, UserId};
use kit::http::Caller;

use super::{BLOCKED, Chats};
use crate::{
    ChatError,
    domain::{fingerprint, mentions, validate},
    metrics,
    store::{Named, NewMessage, Posted, Window},
};

impl Chats {
    /// Posts a message, or finds it posted under the same `client_id`.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn post_message(
        &self,
        caller: &Caller,
        chat: ChatId,
        body: PostMessage,
    ) -> Result<Posted, ChatError> {
        validate::message(&body)?;
        let posted = self
            .store
            .post(NewMessage {
                by: caller.user_id,
                chat_id: chat,
                client_id: body.client_id,
                fingerprint: fingerprint::of(chat, &body),
                named: self.named(caller.user_id, &body.text).await?,
                text: body.text,
                reply_to: body.reply_to,
                thread_root_id: body.thread_root_id,
                also_in_chat: body.also_in_chat,
                blocked: self.is_blocked(caller.user_id, chat).await?,
            })
            .await?;
        if !posted.repeated {
            metrics::message_posted();
        }
        Ok(posted)
    }

    /// Replaces a message's text.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn edit_message(
        &self,
        caller: &Caller,
        chat: ChatId,
        message: MessageId,
        text: String,
    ) -> Result<Message, ChatError> {
        validate::text(&text)?;
        self.refuse_blocked(caller, chat).await?;
        let named = self.named(caller.user_id, &text).await?;
        self.store.edit(caller.user_id, chat, message, text, named).await
    }

    /// Deletes a message; a tombstone stays.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn delete_message(
        &self,
        caller: &Caller,
        chat: ChatId,
        message: MessageId,
    ) -> Result<(), ChatError> {
        self.store.delete(caller.user_id, chat, message).await.map(drop)
    }

    /// Gives a reaction.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn add_reaction(
        &self,
        caller: &Caller,
        chat: ChatId,
        message: MessageId,
        emoji: String,
    ) -> Result<(), ChatError> {
        validate::emoji(&emoji)?;
        self.refuse_blocked(caller, chat).await?;
        self.store.react(caller.user_id, chat, message, emoji, true).await.map(drop)
    }

    /// Takes a reaction back.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn remove_reaction(
        &self,
        caller: &Caller,
        chat: ChatId,
        message: MessageId,
        emoji: String,
    ) -> Result<(), ChatError> {
        validate::emoji(&emoji)?;
        self.store.react(caller.user_id, chat, message, emoji, false).await.map(drop)
    }

    /// Moves the caller's read position, and tells their other devices.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn mark_read(
        &self,
        caller: &Caller,
        chat: ChatId,
        to: MarkRead,
    ) -> Result<ReadAcknowledged, ChatError> {
        let moved = self.store.mark_read(caller.user_id, chat, to.seq, to.force).await?;
        if moved.moved {
            let read = ReadUpdated {
                chat_id: chat,
                user_id: caller.user_id,
                read_seq: moved.read.read_seq,
                unread_count: Some(moved.read.unread_count),
                mention_count: Some(moved.read.mention_count),
            };
            self.reads.tell(Told::ReadUpdated { read, other_id: moved.other_id });
        }
        Ok(moved.read)
    }

    /// A page of the timeline.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn messages(
        &self,
        caller: &Caller,
        chat: ChatId,
        window: Window,
        limit: Limit,
    ) -> Result<MessagePage, ChatError> {
        self.store.messages(caller.user_id, chat, window, limit).await
    }

    /// One message.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn message(
        &self,
        caller: &Caller,
        chat: ChatId,
        message: MessageId,
    ) -> Result<Message, ChatError> {
        self.store.message(caller.user_id, chat, message).await
    }

    /// The texts that a message had.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn history(
        &self,
        caller: &Caller,
        chat: ChatId,
        message: MessageId,
    ) -> Result<Vec<MessageVersion>, ChatError> {
        self.store.history(caller.user_id, chat, message).await
    }

    /// The thread that a message is in, or the root of.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn thread(
        &self,
        caller: &Caller,
        chat: ChatId,
        message: MessageId,
        after: u64,
        limit: Limit,
    ) -> Result<ThreadPage, ChatError> {
        self.store.thread(caller.user_id, chat, message, after, limit).await
    }

    /// Follows a thread, or no longer.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn follow(
        &self,
        caller: &Caller,
        chat: ChatId,
        message: MessageId,
        following: bool,
    ) -> Result<(), ChatError> {
        self.store.follow(caller.user_id, chat, message, following).await.map(drop)
    }

    async fn refuse_blocked(&self, caller: &Caller, chat: ChatId) -> Result<(), ChatError> {
        if self.is_blocked(caller.user_id, chat).await? { Err(BLOCKED) } else { Ok(()) }
    }

    /// Whom the text mentions, without those who have blocked its writer.
    async fn named(&self, by: UserId, text: &str) -> Result<Named, ChatError> {
        let found = mentions::find(text);
        let mut users = Vec::new();
        if !found.usernames.is_empty() {
            let known = self.directory.by_username(&found.usernames).await?;
            users.extend(found.usernames.iter().filter_map(|name| known.get(name).copied()));
            let blocked = self.directory.blocked_by(by, &users).await?;
            users.retain(|user| !blocked.contains(user));
        }
        Ok(Named { users, here: found.here, all: found.all })
    }
}
