//! The store of chats: a port, its types, and its adapters.
//!
//! One method is one atomic change: the permission check, the log's entry, its effects and its
//! place in the outbox. It answers what changed, or that nothing did. What is answered is
//! durable. People are checked where the change is made, so that no check can be outrun.

mod failure;
pub mod sqlite;
mod types;

use api::{
    events::{Head, ReadAcknowledged},
    rest::{
        chats::{Chat, Notify, Participant, Role, UpdateChat},
        messages::{EventPage, Message, MessagePage, MessageVersion, ThreadPage},
    },
};
use futures::future::BoxFuture;
use kernel::{ChatId, Limit, MessageId, Page, UserId};

pub use failure::StoreFailure;
pub use sqlite::SqliteStore;
pub use types::{
    ChatShape, Created, DiscoverPosition, Logged, Named, NewChat, NewMessage, Posted, ReadMoved,
    Window,
};

use crate::ChatError;

/// What a method of the store answers.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, ChatError>>;

/// The store of chats. Every method acts in the name of the person it is given, and answers
/// [`ChatError::ChatNotFound`] for a chat that is hidden from them.
///
/// The laws that every store must obey are in the module `laws`.
pub trait Store: Send + Sync + 'static {
    /// Makes a chat; for a direct chat of two people who have one, answers that one.
    fn create(&self, chat: NewChat) -> Answer<'_, Created>;

    /// Changes name, topic or visibility. `false`: nothing was different.
    fn update(&self, by: UserId, chat: ChatId, change: UpdateChat) -> Answer<'_, bool>;

    /// Archives the chat.
    fn archive(&self, by: UserId, chat: ChatId) -> Answer<'_, ()>;

    /// Joins a public channel. `false`: was in it already. Who joins an empty one owns it.
    fn join(&self, by: UserId, chat: ChatId) -> Answer<'_, bool>;

    /// Leaves.
    fn leave(&self, by: UserId, chat: ChatId) -> Answer<'_, ()>;

    /// Adds people; answers all of those named, as they take part now.
    fn add(&self, by: UserId, chat: ChatId, users: Vec<UserId>) -> Answer<'_, Vec<Participant>>;

    /// Changes a role. The answer says how the person takes part now.
    fn change_role(
        &self,
        by: UserId,
        chat: ChatId,
        user: UserId,
        role: Role,
    ) -> Answer<'_, Participant>;

    /// Removes a person; oneself means leaving.
    fn remove(&self, by: UserId, chat: ChatId, user: UserId) -> Answer<'_, ()>;

    /// Posts a message, once for each of the sender's client ids, for ever.
    fn post(&self, message: NewMessage) -> Answer<'_, Posted>;

    /// Replaces a message's text. The same text changes nothing.
    fn edit(
        &self,
        by: UserId,
        chat: ChatId,
        message: MessageId,
        text: String,
        named: Named,
    ) -> Answer<'_, Message>;

    /// Deletes a message and every text it had; a tombstone stays. `false`: was deleted already.
    fn delete(&self, by: UserId, chat: ChatId, message: MessageId) -> Answer<'_, bool>;

    /// Gives (`present`) or takes back a reaction. `false`: nothing was different.
    fn react(
        &self,
        by: UserId,
        chat: ChatId,
        message: MessageId,
        emoji: String,
        present: bool,
    ) -> Answer<'_, bool>;

    /// Follows the message's thread, or no longer. `false`: nothing was different.
    fn follow(
        &self,
        by: UserId,
        chat: ChatId,
        message: MessageId,
        following: bool,
    ) -> Answer<'_, bool>;

    /// Moves a read position: only up, unless `force`; to the head at most.
    fn mark_read(&self, by: UserId, chat: ChatId, seq: u64, force: bool) -> Answer<'_, ReadMoved>;

    /// What `by` wants to be notified of. `false`: nothing was different.
    fn set_notify(&self, by: UserId, chat: ChatId, notify: Notify) -> Answer<'_, bool>;

    /// One chat as `user` sees it; a public channel also from outside.
    fn chat(&self, user: UserId, chat: ChatId) -> Answer<'_, Chat>;

    /// The chats of a person, the latest activity first. The position is the last one's activity.
    fn chats(&self, user: UserId, limit: Limit, after: Option<u64>) -> Answer<'_, Page<Chat>>;

    /// Public channels that are not archived and whose name or topic holds the text, by name.
    fn discover(
        &self,
        user: UserId,
        query: String,
        limit: Limit,
        after: Option<DiscoverPosition>,
    ) -> Answer<'_, Page<Chat>>;

    /// Who takes part, in the order of joining. The position is the last one's place in it.
    fn participants(
        &self,
        user: UserId,
        chat: ChatId,
        limit: Limit,
        after: Option<u64>,
    ) -> Answer<'_, Page<Participant>>;

    /// A page of the timeline in its present state.
    fn messages(
        &self,
        user: UserId,
        chat: ChatId,
        window: Window,
        limit: Limit,
    ) -> Answer<'_, MessagePage>;

    /// One message in its present state.
    fn message(&self, user: UserId, chat: ChatId, message: MessageId) -> Answer<'_, Message>;

    /// The texts that a message had, the first first; none of a deleted one.
    fn history(
        &self,
        user: UserId,
        chat: ChatId,
        message: MessageId,
    ) -> Answer<'_, Vec<MessageVersion>>;

    /// The thread that the message is in, or the root of.
    fn thread(
        &self,
        user: UserId,
        chat: ChatId,
        message: MessageId,
        after: u64,
        limit: Limit,
    ) -> Answer<'_, ThreadPage>;

    /// A run of the log. Without a person: for the service itself, which has checked before.
    fn events(
        &self,
        user: Option<UserId>,
        chat: ChatId,
        after: u64,
        limit: Limit,
    ) -> Answer<'_, EventPage>;

    /// Where the logs of all of a person's chats stand.
    fn heads_of(&self, user: UserId) -> Answer<'_, Vec<(ChatId, Head)>>;

    /// Everybody who takes part in the chat.
    fn participants_of(&self, chat: ChatId) -> Answer<'_, Vec<UserId>>;

    /// What never changes about a chat.
    fn shape(&self, chat: ChatId) -> Answer<'_, Option<ChatShape>>;

    /// Up to where the log has been told to the other services, in the order of commits.
    fn relayed(&self) -> Answer<'_, u64>;

    /// The log of all chats in the order of commits, after that place.
    fn logged(&self, after: u64, limit: u32) -> Answer<'_, Vec<Logged>>;

    /// Notes that the log has been told up to that place.
    fn mark_relayed(&self, no: u64) -> Answer<'_, ()>;

    /// Whether the store answers.
    fn check(&self) -> Answer<'_, ()>;
}

/// The read position that an answer tells.
pub(crate) const fn acknowledged(
    read_seq: u64,
    unread_count: u64,
    mention_count: u64,
) -> ReadAcknowledged {
    ReadAcknowledged { read_seq, unread_count, mention_count }
}
