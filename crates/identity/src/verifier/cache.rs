//! Tokens verified before, so that a signature is checked once and not with every request.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kernel::{SessionId, Timestamp};
use kit::http::Caller;

/// Tokens remembered at most.
const ROOM: usize = 16_384;
/// For how long an ended session's tokens are refused: longer than any access token lives.
const ENDED_FOR: Duration = Duration::from_secs(3_600);

/// SHA-256 of a whole token, signature included.
pub(super) type Fingerprint = [u8; 32];

/// A verified token.
#[derive(Clone)]
pub(super) struct Verified {
    /// The key that signed it: when that is gone, so is the trust.
    pub(super) kid: String,
    pub(super) caller: Caller,
}

/// Verified tokens, and sessions that have ended. Refusals are never remembered.
#[derive(Default)]
pub(super) struct Cache {
    verified: Mutex<HashMap<Fingerprint, Verified>>,
    ended: Mutex<HashMap<SessionId, Timestamp>>,
}

impl Cache {
    pub(super) fn get(&self, fingerprint: &Fingerprint) -> Option<Verified> {
        lock(&self.verified).get(fingerprint).cloned()
    }

    pub(super) fn forget(&self, fingerprint: &Fingerprint) {
        lock(&self.verified).remove(fingerprint);
    }

    pub(super) fn put(&self, fingerprint: Fingerprint, verified: Verified, now: Timestamp) {
        let mut map = lock(&self.verified);
        if map.len() >= ROOM {
            map.retain(|_, kept| kept.caller.expires_at > now);
            // Nothing has run out: begin anew rather than grow.
            if map.len() >= ROOM {
                map.clear();
            }
        }
        map.insert(fingerprint, verified);
    }

    pub(super) fn end(&self, session_id: SessionId, now: Timestamp) {
        let mut ended = lock(&self.ended);
        if ended.len() >= ROOM {
            ended.retain(|_, at| now.since(*at) < ENDED_FOR);
        }
        ended.insert(session_id, now);
    }

    pub(super) fn has_ended(&self, session_id: SessionId) -> bool {
        lock(&self.ended).contains_key(&session_id)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
