//! People's states as they were last told, and those who may be about to come back.

use std::{collections::HashMap, time::Duration};

use api::{events::PresenceChanged, rest::presence::PresenceState};
use kernel::{ChatId, Timestamp, UserId};
use socketio::Encoded;
use tokio::time::Instant;

use super::NAMESPACE;

/// People's states as they were last told.
#[derive(Debug)]
pub(super) struct PresenceStates {
    told: HashMap<UserId, PresenceState>,
    /// Whose last socket went: until when they may come back unnoticed, and whom to tell else.
    going: HashMap<UserId, (Instant, Vec<ChatId>)>,
    patience: Duration,
}

impl PresenceStates {
    pub(super) fn new(patience: Duration) -> Self {
        Self { told: HashMap::new(), going: HashMap::new(), patience }
    }

    pub(super) fn of(&self, user_id: UserId) -> PresenceState {
        self.told.get(&user_id).copied().unwrap_or_default()
    }

    /// Takes a person's state; whether it is another one than was told last.
    pub(super) fn update(&mut self, user_id: UserId, state: PresenceState) -> bool {
        self.going.remove(&user_id);
        self.told.insert(user_id, state) != Some(state)
    }

    /// A person's last socket went. A page that is loaded anew, or a network that changes, takes a
    /// moment: they are offline only after that.
    pub(super) fn gone(&mut self, user_id: UserId, chats: Vec<ChatId>, now: Instant) {
        self.going.insert(user_id, (now + self.patience, chats));
    }

    /// Who is offline now.
    pub(super) fn offline(&mut self, now: Instant) -> Vec<(UserId, Vec<ChatId>)> {
        let due: Vec<_> =
            self.going.iter().filter(|(_, (at, _))| *at <= now).map(|(id, _)| *id).collect();
        due.into_iter()
            .filter_map(|user_id| {
                self.told.remove(&user_id);
                self.going.remove(&user_id).map(|(_, chats)| (user_id, chats))
            })
            .collect()
    }
}

/// The event `presence`.
pub(super) fn encode(user_id: UserId, state: PresenceState, now: Timestamp) -> Encoded {
    let presence = PresenceChanged { user_id, state, last_seen_at: now, status: None };
    Encoded::event(NAMESPACE, "presence", &presence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_in_time_was_never_gone() {
        let user = UserId::from_slice(&[7; 16]).unwrap();
        let now = Instant::now();
        let mut states = PresenceStates::new(Duration::from_secs(5));
        assert!(states.update(user, PresenceState::Online));
        states.gone(user, Vec::new(), now);
        assert!(states.offline(now + Duration::from_secs(4)).is_empty());
        assert!(!states.update(user, PresenceState::Online));
        assert!(states.offline(now + Duration::from_secs(60)).is_empty());
        states.gone(user, Vec::new(), now);
        assert_eq!(states.offline(now + Duration::from_secs(5)).len(), 1);
        assert!(states.update(user, PresenceState::Online));
    }
}
