//! Chance as an argument: [`Random`] fills bytes, [`Ids`] makes ids from a clock and chance.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::{Builder, Uuid};

use crate::{Clock, MessageId, Timestamp};

/// Where chance comes from. The binary's root makes the real one, which must be fit for keys.
pub trait Random: Send + Sync + 'static {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// Makes ids (UUIDv7) and unguessable tokens.
#[derive(Clone)]
pub struct Ids {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    latest: Arc<AtomicU64>,
}

impl Ids {
    /// Ids from this clock and this chance.
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { clock, random, latest: Arc::new(AtomicU64::new(0)) }
    }

    /// The present moment of the clock behind the ids.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The clock behind the ids.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// The chance behind the ids.
    #[must_use]
    pub fn random(&self) -> Arc<dyn Random> {
        Arc::clone(&self.random)
    }

    /// A new id. Ids made by one process never go back in time, whatever the clock does.
    #[must_use]
    pub fn make<T: From<Uuid>>(&self) -> T {
        T::from(self.uuid())
    }

    /// A new message's id, for this place in the log.
    #[must_use]
    pub fn message(&self, seq: u64) -> MessageId {
        MessageId::with_seq(self.uuid(), seq)
    }

    /// A token of 256 random bits, in URL-safe base64 (43 characters).
    #[must_use]
    pub fn token(&self) -> String {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn uuid(&self) -> Uuid {
        let now = u64::try_from(self.clock.now().as_millis()).unwrap_or(0);
        let millis = self.latest.fetch_max(now, Ordering::Relaxed).max(now);
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes);
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ids").finish_non_exhaustive()
    }
}
