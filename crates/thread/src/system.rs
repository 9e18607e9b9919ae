//! The machine's own time and chance: made here, arguments everywhere else.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use kernel::{Clock, Ids, Random, Timestamp};

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the root is where the real clock comes from")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Keys and tokens from anything else would be guessable.
            tracing::error!(%error, "the system gives no random numbers");
            std::process::exit(71);
        }
    }
}

/// Ids from the machine's clock and chance.
pub(crate) fn ids() -> Ids {
    Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom))
}
