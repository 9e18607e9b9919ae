//! Who must hear of an event: one notice a person, the strongest reason first.

use api::{
    events::{Change, Event},
    rest::notifications::NotificationKind,
    told::Notice,
};
use kernel::UserId;

/// Characters of a message that a notice repeats.
const EXCERPT_CHARS: usize = 140;
/// Bytes of one stored addressee: the reason and the person.
const ADDRESSEE_BYTES: usize = 17;

/// Who must hear of an event, and why. The text comes from the event itself, so that a deleted
/// message leaves none behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Addressees(Vec<(UserId, NotificationKind)>);

impl Addressees {
    /// Adds a person, unless they hear of it already.
    pub(crate) fn add(&mut self, user: UserId, kind: NotificationKind) {
        if !self.0.iter().any(|(known, _)| *known == user) {
            self.0.push((user, kind));
        }
    }

    /// As stored: `None` when there are none.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        if self.0.is_empty() {
            return None;
        }
        let mut bytes = Vec::with_capacity(self.0.len() * ADDRESSEE_BYTES);
        for (user, kind) in &self.0 {
            bytes.push(code(*kind));
            bytes.extend_from_slice(user.as_bytes());
        }
        Some(bytes)
    }

    /// What [`Addressees::encode`] stored.
    pub(crate) fn decode(bytes: Option<&[u8]>) -> Self {
        let chunks = bytes.unwrap_or_default().chunks_exact(ADDRESSEE_BYTES);
        Self(
            chunks
                .filter_map(|chunk| {
                    let (kind, user) = chunk.split_first()?;
                    Some((UserId::from_slice(user)?, kind_of(*kind)?))
                })
                .collect(),
        )
    }

    /// The notices of `event`. `chat_name` is what an invitation shows.
    pub(crate) fn notices(&self, event: &Event, chat_name: Option<&str>) -> Vec<Notice> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let (message_id, text) = match &event.change {
            Change::MessagePosted { message } | Change::MessageEdited { message } => {
                if message.text.is_empty() {
                    // Deleted since: there is nothing left to tell of.
                    return Vec::new();
                }
                (Some(message.id), message.text.chars().take(EXCERPT_CHARS).collect())
            }
            Change::ReactionAdded { message_id, emoji, .. } => (Some(*message_id), emoji.clone()),
            _ => (None, chat_name.unwrap_or_default().to_owned()),
        };
        self.0
            .iter()
            .map(|(user_id, kind)| Notice {
                user_id: *user_id,
                kind: *kind,
                message_id,
                text: text.clone(),
            })
            .collect()
    }
}

const fn code(kind: NotificationKind) -> u8 {
    match kind {
        NotificationKind::Mention => 1,
        NotificationKind::DirectMessage => 2,
        NotificationKind::Reply => 3,
        NotificationKind::Reaction => 4,
        NotificationKind::ChatInvite => 5,
        // Not told by chats.
        NotificationKind::ConnectionRequest
        | NotificationKind::ConnectionAccepted
        | NotificationKind::System => 0,
    }
}

const fn kind_of(code: u8) -> Option<NotificationKind> {
    match code {
        1 => Some(NotificationKind::Mention),
        2 => Some(NotificationKind::DirectMessage),
        3 => Some(NotificationKind::Reply),
        4 => Some(NotificationKind::Reaction),
        5 => Some(NotificationKind::ChatInvite),
        _ => None,
    }
}
