//! How fast a client may send: a token bucket. A client that is too fast is made to wait, which
//! stops the reading of its connection; nothing of it is dropped.

use std::time::Duration;

use tokio::time::Instant;

/// The bucket of one socket.
#[derive(Debug)]
pub(crate) struct Pace {
    /// Events a second; 0 for no limit.
    rate: u32,
    /// When the bucket was, or will be, full.
    full_at: Instant,
}

impl Pace {
    pub(crate) fn new(rate: Option<u32>, now: Instant) -> Self {
        Self { rate: rate.unwrap_or(0), full_at: now }
    }

    /// Takes one event from the bucket; how long to wait before handling it.
    pub(crate) fn take(&mut self, now: Instant) -> Duration {
        if self.rate == 0 {
            return Duration::ZERO;
        }
        // The burst is three seconds' worth.
        let burst = Duration::from_secs(3);
        self.full_at = self.full_at.max(now) + Duration::from_secs(1) / self.rate;
        (self.full_at - now).saturating_sub(burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_the_rest_waits_its_turn() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(20), start);
        for _ in 0..60 {
            assert_eq!(pace.take(start), Duration::ZERO);
        }
        assert_eq!(pace.take(start), Duration::from_millis(50));
        assert_eq!(pace.take(start + Duration::from_secs(10)), Duration::ZERO);
    }

    #[test]
    fn no_limit_is_no_limit() {
        let start = Instant::now();
        let mut pace = Pace::new(None, start);
        assert!((0..1_000).all(|_| pace.take(start).is_zero()));
    }
}
