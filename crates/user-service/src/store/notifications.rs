//! Notifications as they are kept.

use kernel::{ChatId, Limit, NotificationId, Timestamp, UserId};

use super::Answer;
use crate::domain::notification::{Kept, NewNotification};

/// A change of what somebody should hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeChange {
    /// There is something to hear of.
    Notify(NewNotification),
    /// A chat was read up to there, and with it what was told of its messages.
    ChatRead {
        /// By whom.
        user_id: UserId,
        /// Which.
        chat_id: ChatId,
        /// The `seq` of the last message read.
        up_to: u64,
        /// When.
        at: Timestamp,
    },
}

/// A notification that is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notified {
    /// The notification.
    pub notification: Kept,
    /// How many its owner has not read.
    pub unread_count: u64,
}

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// These.
    These(Vec<NotificationId>),
    /// All.
    All,
}

/// Notifications.
pub trait Notifications: Send + Sync + 'static {
    /// Does these changes, in that order, all or none, and answers the notifications that are
    /// new. One that is kept already (same person, event and kind), or caused by somebody whom
    /// the person has blocked, changes nothing.
    fn change_notices(&self, changes: Vec<NoticeChange>) -> Answer<'_, Vec<Notified>>;

    /// Notifications, newest first, from before that place, one more than asked for when there
    /// is more; and how many are unread in all.
    fn notifications(
        &self,
        user_id: UserId,
        unread_only: bool,
        before: Option<i64>,
        limit: Limit,
    ) -> Answer<'_, (Vec<Kept>, u64)>;

    /// Reads notifications of that person; answers how many are left unread.
    fn read_notifications(
        &self,
        user_id: UserId,
        reading: Reading,
        at: Timestamp,
    ) -> Answer<'_, u64>;
}
