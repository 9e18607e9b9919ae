//! Notifications: what a person should hear of, wherever they are.

use api::{
    events::Event,
    rest::notifications::{Notification, NotificationKind},
    told::Notice,
};
use kernel::{ChatId, EventId, Ids, MessageId, NotificationId, Timestamp, UserId};

use super::person::Sighting;

/// Characters of a notification that a chat caused.
const NOTICE_CHARS: usize = 140;

/// A notification to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotification {
    /// Its id, should it be kept.
    pub id: NotificationId,
    /// For whom.
    pub user_id: UserId,
    /// Of what.
    pub kind: NotificationKind,
    /// Who caused it; `None` for the system.
    pub actor_id: Option<UserId>,
    /// The chat, where it is about one.
    pub chat_id: Option<ChatId>,
    /// The message, where it is about one.
    pub message_id: Option<MessageId>,
    /// The event that caused it: the same event tells a person of the same thing once.
    pub event_id: Option<EventId>,
    /// The beginning of the message, the emoji, the chat's name, or the administrator's word.
    pub text: String,
    /// When it happened.
    pub created_at: Timestamp,
}

impl NewNotification {
    /// What a chat's event gives somebody to hear of; `None` for what they did themselves.
    #[must_use]
    pub fn from_notice(event: &Event, notice: &Notice, ids: &Ids) -> Option<Self> {
        (notice.user_id != event.actor_id).then(|| Self {
            id: ids.make(),
            user_id: notice.user_id,
            kind: notice.kind,
            actor_id: Some(event.actor_id),
            chat_id: Some(event.chat_id),
            message_id: notice.message_id,
            event_id: Some(event.id),
            text: beginning(&notice.text),
            created_at: event.at,
        })
    }

    /// Word of a connection.
    #[must_use]
    pub fn of_connection(
        id: NotificationId,
        kind: NotificationKind,
        user_id: UserId,
        actor_id: UserId,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            user_id,
            kind,
            actor_id: Some(actor_id),
            chat_id: None,
            message_id: None,
            event_id: None,
            text: String::new(),
            created_at: at,
        }
    }
}

/// A notification that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its place among all: later ones have larger ones.
    pub place: i64,
    /// The notification.
    pub id: NotificationId,
    /// For whom.
    pub user_id: UserId,
    /// Of what.
    pub kind: NotificationKind,
    /// Who caused it, seen by whom it is for.
    pub actor: Option<Sighting>,
    /// The chat, where it is about one.
    pub chat_id: Option<ChatId>,
    /// The message, where it is about one.
    pub message_id: Option<MessageId>,
    /// What it says.
    pub text: String,
    /// When it happened.
    pub created_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

impl Kept {
    /// As it goes over the wire.
    #[must_use]
    pub fn told(self, now: Timestamp) -> Notification {
        Notification {
            id: self.id,
            kind: self.kind,
            actor: self.actor.map(|actor| actor.user(now)),
            chat_id: self.chat_id,
            message_id: self.message_id,
            text: self.text,
            created_at: self.created_at,
            read_at: self.read_at,
        }
    }
}

/// The beginning of a text, as far as a notification goes.
fn beginning(text: &str) -> String {
    let mut rest = text.chars();
    let mut beginning: String = rest.by_ref().take(NOTICE_CHARS).collect();
    if rest.next().is_some() {
        beginning.pop();
        beginning.push('…');
    }
    beginning
}

/// Kinds of notifications as stores keep them.
#[must_use]
pub const fn kind_name(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::ConnectionRequest => "connection_request",
        NotificationKind::ConnectionAccepted => "connection_accepted",
        NotificationKind::Mention => "mention",
        NotificationKind::DirectMessage => "direct_message",
        NotificationKind::Reply => "reply",
        NotificationKind::Reaction => "reaction",
        NotificationKind::ChatInvite => "chat_invite",
        NotificationKind::System => "system",
    }
}

/// The kind of that name.
#[must_use]
pub fn kind_of(name: &str) -> Option<NotificationKind> {
    [
        NotificationKind::ConnectionRequest,
        NotificationKind::ConnectionAccepted,
        NotificationKind::Mention,
        NotificationKind::DirectMessage,
        NotificationKind::Reply,
        NotificationKind::Reaction,
        NotificationKind::ChatInvite,
        NotificationKind::System,
    ]
    .into_iter()
    .find(|kind| kind_name(*kind) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        assert_eq!(beginning("short"), "short");
        assert_eq!(beginning(&"é".repeat(140)).chars().count(), 140);
        let cut = beginning(&"é".repeat(141));
        assert_eq!(cut.chars().count(), 140);
        assert!(cut.ends_with("é…"));
    }

    #[test]
    fn stored_kinds_are_those_of_the_wire() {
        for name in ["mention", "chat_invite", "connection_request", "system"] {
            let kind = kind_of(name).unwrap();
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{name}\""));
        }
        assert_eq!(kind_of("nonsense"), None);
    }
}
