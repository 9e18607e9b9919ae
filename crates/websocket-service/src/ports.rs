//! What the service needs of others. The binary picks the link: a call in one process, HTTP
//! between several.

use api::{
    Problem,
    events::{Head, ReadAcknowledged},
    rest::{
        chats::{Chat, MarkRead},
        messages::{EventPage, Message, PostMessage},
    },
};
use std::collections::HashSet;

use futures::future::BoxFuture;
use kernel::{ChatId, MessageId, UserId};
use kit::http::Caller;

/// An answer of chat-service.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, Problem>>;

/// user-service, as seen from here.
pub trait PeopleLink: Send + Sync + 'static {
    /// Whom this person has blocked: who must not see whether they are there.
    fn blocked_by(&self, user: UserId) -> Answer<'_, HashSet<UserId>>;
    /// Those of `among` who have blocked this person.
    fn blockers_of<'a>(&'a self, user: UserId, among: &'a [UserId]) -> Answer<'a, HashSet<UserId>>;
}

/// chat-service, as seen from here. Its authorisation decides: what a caller may do over a socket
/// is what they may do over REST.
pub trait ChatLink: Send + Sync + 'static {
    /// Posts a message.
    fn post<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        message: PostMessage,
    ) -> Answer<'a, Message>;
    /// Edits a message.
    fn edit<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        message: MessageId,
        text: String,
    ) -> Answer<'a, Message>;
    /// Deletes a message.
    fn delete<'a>(&'a self, caller: &'a Caller, chat: ChatId, message: MessageId)
    -> Answer<'a, ()>;
    /// Adds (`true`) or removes a reaction.
    fn react<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        message: MessageId,
        emoji: String,
        add: bool,
    ) -> Answer<'a, ()>;
    /// Moves the caller's read position.
    fn mark_read<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        read: MarkRead,
    ) -> Answer<'a, ReadAcknowledged>;
    /// Where the logs of the caller's chats stand.
    fn heads<'a>(&'a self, caller: &'a Caller) -> Answer<'a, Vec<(ChatId, Head)>>;
    /// Events of a chat that the caller may read.
    fn events<'a>(
        &'a self,
        caller: &'a Caller,
        chat: ChatId,
        after_seq: u64,
        limit: u32,
    ) -> Answer<'a, EventPage>;
    /// A chat as that participant sees it; `None` when they are none.
    fn chat_of(&self, user: UserId, chat: ChatId) -> Answer<'_, Option<Chat>>;
    /// The log itself, in the service's own name: to heal what the bus lost.
    fn log(&self, chat: ChatId, after_seq: u64, limit: u32) -> Answer<'_, EventPage>;
}
