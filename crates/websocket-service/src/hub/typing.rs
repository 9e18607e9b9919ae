//! Who types where: told at most once a second, over by itself after six.

use std::{collections::HashMap, time::Duration};

use kernel::{ChatId, UserId};
use tokio::time::Instant;

/// Told at most that often.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Over by itself after that.
const OVER_AFTER: Duration = Duration::from_secs(6);

/// Who types where.
#[derive(Debug, Default)]
pub(super) struct TypingStates {
    typing: HashMap<(ChatId, UserId), State>,
}

#[derive(Debug)]
struct State {
    told_at: Instant,
    over_at: Instant,
}

impl TypingStates {
    /// Somebody types or stopped; whether others are to be told.
    pub(super) fn change(
        &mut self,
        chat_id: ChatId,
        user_id: UserId,
        started: bool,
        now: Instant,
    ) -> bool {
        let key = (chat_id, user_id);
        if !started {
            return self.typing.remove(&key).is_some();
        }
        let over_at = now + OVER_AFTER;
        match self.typing.get_mut(&key) {
            Some(state) => {
                state.over_at = over_at;
                let again = now >= state.told_at + AGAIN_AFTER;
                if again {
                    state.told_at = now;
                }
                again
            }
            None => {
                self.typing.insert(key, State { told_at: now, over_at });
                true
            }
        }
    }

    /// Who stopped without saying so.
    pub(super) fn over(&mut self, now: Instant) -> Vec<(ChatId, UserId)> {
        let over: Vec<_> = self
            .typing
            .iter()
            .filter(|(_, state)| state.over_at <= now)
            .map(|(key, _)| *key)
            .collect();
        for key in &over {
            self.typing.remove(key);
        }
        over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_told_once_a_second_and_ends_by_itself() {
        let chat = ChatId::from_slice(&[1; 16]).unwrap();
        let user = UserId::from_slice(&[2; 16]).unwrap();
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut typing = TypingStates::default();
        assert!(typing.change(chat, user, true, at(0)));
        assert!(!typing.change(chat, user, true, at(500)));
        assert!(typing.change(chat, user, true, at(1_000)));
        assert!(typing.over(at(6_900)).is_empty());
        assert_eq!(typing.over(at(7_000)), [(chat, user)]);
        assert!(!typing.change(chat, user, false, at(7_100)));
    }
}
