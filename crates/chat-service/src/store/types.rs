//! What goes into a store and comes out of it, besides the types of the wire.

use std::sync::Arc;

use api::{
    events::{Event, ReadAcknowledged},
    rest::{
        chats::{ChatKind, Visibility},
        messages::Message,
    },
    told::Notice,
};
use kernel::{ChatId, ClientId, MessageId, UserId};
use serde::{Deserialize, Serialize};

/// A chat to be made.
#[derive(Debug, Clone)]
pub struct NewChat {
    /// Who makes it, and owns it.
    pub by: UserId,
    /// What sort of chat.
    pub kind: ChatKind,
    /// Who may find it.
    pub visibility: Visibility,
    /// Its name.
    pub name: Option<String>,
    /// What it is about.
    pub topic: String,
    /// Who else takes part; for a direct chat exactly one.
    pub others: Vec<UserId>,
}

/// A chat was made, or was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Created {
    /// The chat.
    pub chat_id: ChatId,
    /// It was there: a direct chat of the same two people.
    pub existed: bool,
}

/// Whom a text mentions. The store keeps those who take part in the chat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// People, each once.
    pub users: Vec<UserId>,
    /// `@here`.
    pub here: bool,
    /// `@all`.
    pub all: bool,
}

/// A message to be posted.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Who writes it.
    pub by: UserId,
    /// Where.
    pub chat_id: ChatId,
    /// What its sender named it.
    pub client_id: ClientId,
    /// What its sender decided, as a number: it tells a repetition from another message.
    pub fingerprint: i64,
    /// Markdown.
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// The root of the thread that it is in.
    pub thread_root_id: Option<MessageId>,
    /// In a thread and in the timeline.
    pub also_in_chat: bool,
    /// Whom the text mentions.
    pub named: Named,
    /// The other side of the direct chat has blocked the sender: a repetition is answered, a new
    /// message refused.
    pub blocked: bool,
}

/// A message was posted, now or before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The message in its present state.
    pub message: Message,
    /// It was posted before, under the same client id.
    pub repeated: bool,
}

/// A read position after [`super::Store::mark_read`].
#[derive(Debug, Clone, Copy)]
pub struct ReadMoved {
    /// The position that stands, and the counts after it.
    pub read: ReadAcknowledged,
    /// It was another one before.
    pub moved: bool,
    /// The other person of a direct chat.
    pub other_id: Option<UserId>,
}

/// Which page of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The newest messages.
    Newest,
    /// The nearest before that `seq`.
    Before(u64),
    /// The nearest after that `seq`.
    After(u64),
    /// On both sides of that `seq`, and itself.
    Around(u64),
}

/// A place in the list of public channels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscoverPosition(pub String, pub ChatId);

/// What never changes about a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatShape {
    /// What sort of chat.
    pub kind: ChatKind,
    /// The two people of a direct chat.
    pub pair: Option<(UserId, UserId)>,
}

/// An entry of the log of all chats, in the order of commits.
#[derive(Debug, Clone)]
pub struct Logged {
    /// Its place: 1, 2, 3 … without a gap.
    pub no: u64,
    /// The entry.
    pub event: Arc<Event>,
    /// Who must hear of it.
    pub notices: Vec<Notice>,
}
