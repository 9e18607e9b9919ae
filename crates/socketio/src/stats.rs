//! Plain counters.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::close::CloseReason;

/// Counters of one server since it started, read at one moment. Counts that belong together may be
/// a few events apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Sessions now, on long-polling.
    pub polling_sessions: u64,
    /// Sessions now, on WebSocket.
    pub websocket_sessions: u64,
    /// Sessions opened.
    pub opened: u64,
    /// Sessions that went from polling to WebSocket.
    pub upgraded: u64,
    /// Sessions closed, by [`CloseReason::label`].
    pub closed: Vec<(&'static str, u64)>,
    /// Requests refused because of `Origin`.
    pub refused_origins: u64,
    /// Handshakes refused because of a limit on sessions, or because the server is stopping.
    pub refused_sessions: u64,
    /// Engine.IO messages received.
    pub messages_in: u64,
    /// Bytes received, WebSocket frames and POST bodies.
    pub bytes_in: u64,
    /// Frames sent (WebSocket), or packets (polling).
    pub frames_out: u64,
    /// Bytes sent, WebSocket frames and poll answers.
    pub bytes_out: u64,
    /// Volatile frames skipped because a queue was more than half full.
    pub volatile_skipped: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) polling: AtomicU64,
    pub(crate) websocket: AtomicU64,
    pub(crate) opened: AtomicU64,
    pub(crate) upgraded: AtomicU64,
    pub(crate) closed: [AtomicU64; CloseReason::KINDS],
    pub(crate) refused_origins: AtomicU64,
    pub(crate) refused_sessions: AtomicU64,
    pub(crate) messages_in: AtomicU64,
    pub(crate) bytes_in: AtomicU64,
    pub(crate) frames_out: AtomicU64,
    pub(crate) bytes_out: AtomicU64,
    pub(crate) volatile_skipped: AtomicU64,
}

/// Adds one.
pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

/// Adds `amount`.
pub(crate) fn add(counter: &AtomicU64, amount: usize) {
    counter.fetch_add(amount as u64, Relaxed);
}

/// Takes one away again.
pub(crate) fn uncount(counter: &AtomicU64) {
    counter.fetch_sub(1, Relaxed);
}

impl Counters {
    pub(crate) fn read(&self) -> Stats {
        let closed = CloseReason::kinds()
            .into_iter()
            .map(|kind| (kind.label(), self.closed[kind.index()].load(Relaxed)))
            .collect();
        Stats {
            polling_sessions: self.polling.load(Relaxed),
            websocket_sessions: self.websocket.load(Relaxed),
            opened: self.opened.load(Relaxed),
            upgraded: self.upgraded.load(Relaxed),
            closed,
            refused_origins: self.refused_origins.load(Relaxed),
            refused_sessions: self.refused_sessions.load(Relaxed),
            messages_in: self.messages_in.load(Relaxed),
            bytes_in: self.bytes_in.load(Relaxed),
            frames_out: self.frames_out.load(Relaxed),
            bytes_out: self.bytes_out.load(Relaxed),
            volatile_skipped: self.volatile_skipped.load(Relaxed),
        }
    }
}
