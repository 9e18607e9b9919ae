//! Whether one client is alive: pings sent, pongs due.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use tokio::time::Instant;

const QUIET: u8 = 0;
const WAITING: u8 = 1;
/// Another packet came while a pong was due: the client gets the timeout once more, once.
const EXTENDED: u8 = 2;
const LAST_CHANCE: u8 = 3;

/// State of one session's heartbeat.
#[derive(Debug)]
pub(crate) struct Beat {
    state: AtomicU8,
    /// Milliseconds after `origin` at which the outstanding ping became due.
    since: AtomicU64,
    /// Reading is paused by us, so a pong may be waiting unread.
    paused: AtomicBool,
    origin: Instant,
}

/// What became of an outstanding ping.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Answered,
    /// Ask again after another timeout.
    Later,
    Dead,
}

impl Beat {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            state: AtomicU8::new(QUIET),
            since: AtomicU64::new(0),
            paused: AtomicBool::new(false),
            origin: now,
        }
    }

    /// A ping is due at `at`: true if it should be sent, false if the last one is not answered yet.
    pub(crate) fn ping(&self, at: Instant) -> bool {
        let fresh = self.state.compare_exchange(QUIET, WAITING, SeqCst, SeqCst).is_ok();
        if fresh {
            self.restart(at);
        }
        fresh
    }

    fn restart(&self, at: Instant) {
        let since = at.saturating_duration_since(self.origin).as_millis();
        self.since.store(u64::try_from(since).unwrap_or(u64::MAX), SeqCst);
    }

    /// A pong came. One nobody waited for changes nothing.
    pub(crate) fn pong(&self) {
        self.state.store(QUIET, SeqCst);
    }

    /// Any other packet came.
    pub(crate) fn touch(&self) {
        let _ = self.state.compare_exchange(WAITING, EXTENDED, SeqCst, SeqCst);
    }

    /// Reading stops, or goes on again.
    pub(crate) fn set_paused(&self, paused: bool) {
        self.paused.store(paused, SeqCst);
    }

    /// The timeout of the outstanding ping passed.
    pub(crate) fn judge(&self, now: Instant) -> Outcome {
        match self.state.load(SeqCst) {
            QUIET => Outcome::Answered,
            _ if self.paused.load(SeqCst) => {
                self.restart(now);
                Outcome::Later
            }
            EXTENDED => {
                let _ = self.state.compare_exchange(EXTENDED, LAST_CHANCE, SeqCst, SeqCst);
                self.restart(now);
                Outcome::Later
            }
            _ => Outcome::Dead,
        }
    }

    /// Whether the client's time is over at `now`, though the sweeper may not have come by yet.
    pub(crate) fn overdue(&self, now: Instant, interval: Duration, timeout: Duration) -> bool {
        let age = now.saturating_duration_since(self.origin);
        match self.state.load(SeqCst) {
            // The first ping itself may be late.
            QUIET => self.since.load(SeqCst) == 0 && age >= interval + timeout,
            WAITING | LAST_CHANCE if !self.paused.load(SeqCst) => {
                age >= Duration::from_millis(self.since.load(SeqCst)) + timeout
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn silence_is_death() {
        let start = Instant::now();
        let beat = Beat::new(start);
        assert!(beat.ping(start + SECOND));
        assert!(!beat.overdue(start + SECOND, SECOND, SECOND));
        assert!(beat.overdue(start + 2 * SECOND, SECOND, SECOND));
        assert_eq!(beat.judge(start + 2 * SECOND), Outcome::Dead);
    }

    #[test]
    fn a_pong_is_life_and_a_second_one_is_nothing() {
        let start = Instant::now();
        let beat = Beat::new(start);
        assert!(beat.ping(start + SECOND));
        beat.pong();
        beat.pong();
        assert_eq!(beat.judge(start + 2 * SECOND), Outcome::Answered);
        assert!(beat.ping(start + 3 * SECOND));
    }

    #[test]
    fn talking_without_answering_buys_one_more_timeout() {
        let start = Instant::now();
        let beat = Beat::new(start);
        assert!(beat.ping(start));
        beat.touch();
        assert_eq!(beat.judge(start + SECOND), Outcome::Later);
        beat.touch();
        assert!(!beat.ping(start + SECOND), "the first ping is still unanswered");
        assert_eq!(beat.judge(start + 2 * SECOND), Outcome::Dead);
    }

    #[test]
    fn our_own_pause_kills_nobody() {
        let start = Instant::now();
        let beat = Beat::new(start);
        assert!(beat.ping(start));
        beat.set_paused(true);
        assert_eq!(beat.judge(start + SECOND), Outcome::Later);
        assert!(!beat.overdue(start + 100 * SECOND, SECOND, SECOND));
        beat.set_paused(false);
        assert_eq!(beat.judge(start + 2 * SECOND), Outcome::Dead);
    }
}
