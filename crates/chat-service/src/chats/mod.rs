//! The application: what can be done with chats, in the name of a caller. HTTP handlers and, in
//! the same process, sockets call it; so one check answers for both.

mod messages;
mod people;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use api::{
    events::Head,
    rest::{
        chats::{Chat, ChatSettings, CreateChat, UpdateChat},
        messages::EventPage,
    },
};
use kernel::{ChatId, Limit, Page, UserId, limits::QUERY_CHARS};
use kit::http::Caller;

use crate::{
    ChatError, Directory,
    domain::{fold::fold, validate},
    relay::ReadTeller,
    store::{ChatShape, DiscoverPosition, Store},
};

/// Chats whose unchanging facts are kept in memory.
const SHAPES: usize = 50_000;

/// A chat that was asked for, and whether it had been there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedChat {
    /// The chat.
    pub chat: Chat,
    /// It was there: a direct chat of the same two people.
    pub existed: bool,
}

/// The application.
pub struct Chats {
    store: Arc<dyn Store>,
    directory: Arc<dyn Directory>,
    reads: ReadTeller,
    shapes: Mutex<HashMap<ChatId, ChatShape>>,
}

impl Chats {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        directory: Arc<dyn Directory>,
        reads: ReadTeller,
    ) -> Self {
        Self { store, directory, reads, shapes: Mutex::default() }
    }

    /// Makes a chat, or finds the direct chat of the same two people.
    ///
    /// # Errors
    /// [`ChatError::Invalid`] for bad or unknown people; [`ChatError::Forbidden`] when the other
    /// side of a direct chat has blocked the caller.
    pub async fn create(
        &self,
        caller: &Caller,
        body: &CreateChat,
    ) -> Result<CreatedChat, ChatError> {
        let new = validate::new_chat(caller.user_id, body)?;
        self.all_known("participant_ids", &new.others).await?;
        if body.kind == api::rest::chats::ChatKind::Direct
            && self.blocked_by_any(caller.user_id, &new.others).await?
        {
            return Err(BLOCKED);
        }
        let created = self.store.create(new).await?;
        let chat = self.store.chat(caller.user_id, created.chat_id).await?;
        Ok(CreatedChat { chat, existed: created.existed })
    }

    /// The caller's chats, the latest activity first.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(
        &self,
        caller: &Caller,
        limit: Limit,
        after: Option<u64>,
    ) -> Result<Page<Chat>, ChatError> {
        self.store.chats(caller.user_id, limit, after).await
    }

    /// Public channels whose name or topic holds `query`.
    ///
    /// # Errors
    /// [`ChatError::Invalid`] for a query that is too long.
    pub async fn discover(
        &self,
        caller: &Caller,
        query: &str,
        limit: Limit,
        after: Option<DiscoverPosition>,
    ) -> Result<Page<Chat>, ChatError> {
        if query.chars().count() > QUERY_CHARS {
            return Err(ChatError::invalid("query", "must have at most 200 characters"));
        }
        self.store.discover(caller.user_id, fold(query.trim()), limit, after).await
    }

    /// One chat.
    ///
    /// # Errors
    /// [`ChatError::ChatNotFound`] when it is hidden from the caller.
    pub async fn chat(&self, caller: &Caller, chat: ChatId) -> Result<Chat, ChatError> {
        self.store.chat(caller.user_id, chat).await
    }

    /// The chat as that person sees it; `None` when they take no part in it.
    ///
    /// # Errors
    /// The store's.
    pub async fn chat_for(&self, user: UserId, chat: ChatId) -> Result<Option<Chat>, ChatError> {
        match self.store.chat(user, chat).await {
            Ok(chat) => Ok(Some(chat).filter(|chat| chat.my.is_some())),
            Err(ChatError::ChatNotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Changes name, topic or visibility, and answers the chat as it is then.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn update(
        &self,
        caller: &Caller,
        chat: ChatId,
        body: &UpdateChat,
    ) -> Result<Chat, ChatError> {
        let change = validate::update(body)?;
        self.store.update(caller.user_id, chat, change).await?;
        self.chat(caller, chat).await
    }

    /// Archives the chat.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn archive(&self, caller: &Caller, chat: ChatId) -> Result<(), ChatError> {
        self.store.archive(caller.user_id, chat).await
    }

    /// What the caller wants to be notified of.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn set_notify(
        &self,
        caller: &Caller,
        chat: ChatId,
        settings: &ChatSettings,
    ) -> Result<Chat, ChatError> {
        self.store.set_notify(caller.user_id, chat, settings.notify).await?;
        self.chat(caller, chat).await
    }

    /// A run of the chat's log after `after`.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn events(
        &self,
        caller: &Caller,
        chat: ChatId,
        after: u64,
        limit: Limit,
    ) -> Result<EventPage, ChatError> {
        self.store.events(Some(caller.user_id), chat, after, limit).await
    }

    /// A run of the chat's log, for a part of Thread that decides itself who may see it.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn events_unchecked(
        &self,
        chat: ChatId,
        after: u64,
        limit: Limit,
    ) -> Result<EventPage, ChatError> {
        self.store.events(None, chat, after, limit).await
    }

    /// Where the logs of all of the caller's chats stand.
    ///
    /// # Errors
    /// The store's.
    pub async fn heads(&self, caller: &Caller) -> Result<Vec<(ChatId, Head)>, ChatError> {
        self.heads_of(caller.user_id).await
    }

    /// Where the logs of all of a person's chats stand.
    ///
    /// # Errors
    /// The store's.
    pub async fn heads_of(&self, user: UserId) -> Result<Vec<(ChatId, Head)>, ChatError> {
        self.store.heads_of(user).await
    }

    /// What never changes about the chat, from memory where it can be.
    async fn shape(&self, chat: ChatId) -> Result<Option<ChatShape>, ChatError> {
        let known = self.shapes.lock().unwrap_or_else(PoisonError::into_inner).get(&chat).copied();
        if known.is_some() {
            return Ok(known);
        }
        let shape = self.store.shape(chat).await?;
        if let Some(shape) = shape {
            let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
            if shapes.len() >= SHAPES {
                shapes.clear();
            }
            shapes.insert(chat, shape);
        }
        Ok(shape)
    }

    /// Whether the chat is a direct one whose other side has blocked the person.
    async fn is_blocked(&self, user: UserId, chat: ChatId) -> Result<bool, ChatError> {
        let other = match self.shape(chat).await?.and_then(|shape| shape.pair) {
            Some((a, b)) if a == user => b,
            Some((a, b)) if b == user => a,
            // Not direct, or none of theirs: the store refuses the latter.
            _ => return Ok(false),
        };
        self.blocked_by_any(user, &[other]).await
    }

    async fn blocked_by_any(&self, user: UserId, others: &[UserId]) -> Result<bool, ChatError> {
        Ok(!self.directory.blocked_by(user, others).await?.is_empty())
    }

    async fn all_known(&self, field: &str, users: &[UserId]) -> Result<(), ChatError> {
        if users.is_empty() {
            return Ok(());
        }
        let known = self.directory.known(users).await?;
        if users.iter().all(|user| known.contains(user)) {
            Ok(())
        } else {
            Err(ChatError::invalid(field, "names somebody who is not there"))
        }
    }
}

/// How somebody who was blocked is refused. It tells no more than that.
const BLOCKED: ChatError = ChatError::Forbidden("you can't write to this person");
