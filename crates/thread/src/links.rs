//! Links between services inside one process: calls.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use api::{
    Problem,
    events::{Head, ReadAcknowledged},
    rest::{
        chats::{Chat, MarkRead},
        messages::{EventPage, Message, PostMessage},
    },
};
use chat_service::{Chats, Directory, Unavailable};
use futures::future::BoxFuture;
use kernel::{ChatId, Limit, MessageId, UserId, limits::EVENTS_MAX};
use kit::http::Caller;
use user_service::Users;
use websocket_service::ports::{Answer, ChatLink, PeopleLink};

/// chat-service, for websocket-service.
pub(crate) struct InProcessChats(pub(crate) Arc<Chats>);

impl ChatLink for InProcessChats {
    fn post<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        message: PostMessage,
    ) -> Answer<'a, Message> {
        Box::pin(async move { Ok(self.0.post_message(caller, chat, message).await?.message) })
    }

    fn edit<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        message: MessageId,
        text: String,
    ) -> Answer<'a, Message> {
        Box::pin(async move { Ok(self.0.edit_message(caller, chat, message, text).await?) })
    }

    fn delete<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        message: MessageId,
    ) -> Answer<'a, ()> {
        Box::pin(async move { Ok(self.0.delete_message(caller, chat, message).await?) })
    }

    fn react<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        message: MessageId,
        emoji: String,
        add: bool,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            if add {
                self.0.add_reaction(caller, chat, message, emoji).await?;
            } else {
                self.0.remove_reaction(caller, chat, message, emoji).await?;
            }
            Ok(())
        })
    }

    fn mark_read<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        read: MarkRead,
    ) -> Answer<'a, ReadAcknowledged> {
        Box::pin(async move { Ok(self.0.mark_read(caller, chat, read).await?) })
    }

    fn heads<'a>(&'a self, caller: &'a Caller) -> Answer<'a, Vec<(ChatId, Head)>> {
        Box::pin(async move { Ok(self.0.heads(caller).await?) })
    }

    fn events<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        after_seq: u64,
        limit: u32,
    ) -> Answer<'a, EventPage> {
        Box::pin(async move { Ok(self.0.events(caller, chat, after_seq, run_of(limit)).await?) })
    }

    fn chat_of(&self, user: UserId, chat: ChatId) -> Answer<'_, Option<Chat>> {
        Box::pin(async move { Ok(self.0.chat_for(user, chat).await?) })
    }

    fn log(&self, chat: ChatId, after_seq: u64, limit: u32) -> Answer<'_, EventPage> {
        Box::pin(async move { Ok(self.0.events_unchecked(chat, after_seq, run_of(limit)).await?) })
    }
}

/// The port has no room for the cause: it ends here.
fn unavailable(error: &user_service::UserError) -> Unavailable {
    tracing::error!(%error, cause = ?std::error::Error::source(error), "people can't be asked for");
    Unavailable
}

/// As many events as that, within what one answer may hold.
fn run_of(events: u32) -> Limit {
    let events = events.clamp(1, EVENTS_MAX);
    Limit::at_most(Some(events), events, EVENTS_MAX).unwrap_or_else(Limit::one)
}

/// user-service, for chat-service.
pub(crate) struct InProcessDirectory(pub(crate) Users);

impl Directory for InProcessDirectory {
    fn known<'a>(
        &'a self,
        ids: &'a [UserId],
    ) -> BoxFuture<'a, Result<HashSet<UserId>, Unavailable>> {
        Box::pin(async move { self.0.known(ids).await.map_err(|error| unavailable(&error)) })
    }

    fn by_username<'a>(
        &'a self,
        names: &'a [String],
    ) -> BoxFuture<'a, Result<HashMap<String, UserId>, Unavailable>> {
        Box::pin(
            async move { self.0.ids_by_username(names).await.map_err(|error| unavailable(&error)) },
        )
    }

    fn blocked_by<'a>(
        &'a self,
        user: UserId,
        others: &'a [UserId],
    ) -> BoxFuture<'a, Result<HashSet<UserId>, Unavailable>> {
        Box::pin(async move {
            self.0.blockers_of(user, others).await.map_err(|error| unavailable(&error))
        })
    }
}

/// user-service, for websocket-service.
pub(crate) struct InProcessPeople(pub(crate) Users);

impl PeopleLink for InProcessPeople {
    fn blocked_by(&self, user: UserId) -> Answer<'_, HashSet<UserId>> {
        Box::pin(async move { Ok(self.0.blocked_by(user).await?) })
    }

    fn blockers_of<'a>(&'a self, user: UserId, among: &'a [UserId]) -> Answer<'a, HashSet<UserId>> {
        Box::pin(async move { Ok(self.0.blockers_of(user, among).await?) })
    }
}

/// The compiler's proof that errors of chat-service are the contract's problems.
const _: fn(chat_service::ChatError) -> Problem = Problem::from;
