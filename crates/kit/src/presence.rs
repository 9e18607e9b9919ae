//! Presence: who is there. A port, and its implementation in memory for one process.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use api::rest::presence::PresenceState;
use futures::future::BoxFuture;
use kernel::{Timestamp, UserId};

/// Whether a person is there, and since when they are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Whether they are there.
    pub state: PresenceState,
    /// When they were last connected.
    pub last_seen_at: Option<Timestamp>,
}

/// Where presence is kept. Best effort: it decides about no message and no access.
pub trait Presence: Send + Sync + 'static {
    /// The person's state as their devices show it.
    fn set(&self, user_id: UserId, state: PresenceState, at: Timestamp) -> BoxFuture<'_, ()>;

    /// The states of these people, in that order.
    fn of<'a>(&'a self, user_ids: &'a [UserId]) -> BoxFuture<'a, Vec<Seen>>;
}

/// Presence in the memory of one process.
#[derive(Debug, Default)]
pub struct InMemoryPresence {
    seen: Mutex<HashMap<UserId, Seen>>,
}

impl Presence for InMemoryPresence {
    fn set(&self, user_id: UserId, state: PresenceState, at: Timestamp) -> BoxFuture<'_, ()> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(user_id, Seen { state, last_seen_at: Some(at) });
        Box::pin(std::future::ready(()))
    }

    fn of<'a>(&'a self, user_ids: &'a [UserId]) -> BoxFuture<'a, Vec<Seen>> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let found = user_ids.iter().map(|id| seen.get(id).copied().unwrap_or_default()).collect();
        Box::pin(std::future::ready(found))
    }
}
