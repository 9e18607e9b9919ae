//! Connections and blocks as they are kept.

use std::collections::HashSet;

use api::rest::connections::ConnectionStatus;
use kernel::{ConnectionId, Limit, NotificationId, Timestamp, UserId};

use super::{Answer, Notified};
use crate::domain::{
    connection::{Refusal, SideOfConnection},
    person::Sighting,
};

/// Ids for what a change may bring.
#[derive(Debug, Clone, Copy)]
pub struct Ids {
    /// The connection, should it be new.
    pub connection: ConnectionId,
    /// The other side's notification.
    pub notification: NotificationId,
}

/// A connection that changed, as both sides see it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionChanged {
    /// As who changed it sees it.
    pub mine: SideOfConnection,
    /// As the other side sees it.
    pub theirs: SideOfConnection,
    /// What the other side is to hear of it.
    pub notified: Notified,
}

/// Who of two has blocked whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Blocks {
    /// The first has blocked the second.
    pub by_first: bool,
    /// The second has blocked the first.
    pub by_second: bool,
}

impl Blocks {
    /// Whether either has blocked the other.
    #[must_use]
    pub const fn any(self) -> bool {
        self.by_first || self.by_second
    }
}

/// Connections and blocks.
pub trait Connections: Send + Sync + 'static {
    /// `me` asks to connect with `other`, or agrees if they had asked; the other side's
    /// notification is kept with it. Of two people who ask each other at once, one asks and the
    /// other agrees.
    fn connect(
        &self,
        me: UserId,
        other: UserId,
        ids: Ids,
        at: Timestamp,
    ) -> Answer<'_, Result<ConnectionChanged, Refusal>>;

    /// `me` answers: yes gives the connection, no removes it (`None`). My notification of the
    /// request is read with it.
    fn answer(
        &self,
        me: UserId,
        id: ConnectionId,
        accept: bool,
        notification: NotificationId,
        at: Timestamp,
    ) -> Answer<'_, Result<Option<ConnectionChanged>, Refusal>>;

    /// Ends a connection of mine, whatever it is; `false` when there is none. An unread
    /// notification of a request that is withdrawn goes with it.
    fn disconnect(&self, me: UserId, id: ConnectionId) -> Answer<'_, bool>;

    /// My connections, the latest asked for first, from before that one; one more than asked for
    /// when there is more.
    fn connections(
        &self,
        me: UserId,
        status: Option<ConnectionStatus>,
        before: Option<ConnectionId>,
        limit: Limit,
    ) -> Answer<'_, Vec<SideOfConnection>>;

    /// `me` blocks `other`, which ends what connects the two; `false` when there is no such
    /// person. Again changes nothing.
    fn block(&self, me: UserId, other: UserId, at: Timestamp) -> Answer<'_, bool>;

    /// `me` blocks `other` no longer; `false` when it was not so.
    fn unblock(&self, me: UserId, other: UserId) -> Answer<'_, bool>;

    /// Whom `me` has blocked, the latest first, each with its place, from before that place; one
    /// more than asked for when there is more.
    fn blocked(
        &self,
        me: UserId,
        before: Option<i64>,
        limit: Limit,
    ) -> Answer<'_, Vec<(i64, Sighting)>>;

    /// Who of the two has blocked whom.
    fn blocks_between(&self, first: UserId, second: UserId) -> Answer<'_, Blocks>;

    /// Everybody whom `me` has blocked.
    fn all_blocked(&self, me: UserId) -> Answer<'_, HashSet<UserId>>;

    /// Those of `among` who have blocked this person.
    fn blockers_of(&self, id: UserId, among: Vec<UserId>) -> Answer<'_, HashSet<UserId>>;
}
