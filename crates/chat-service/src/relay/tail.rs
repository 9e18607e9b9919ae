//! The newest entries of the log, in memory, between the writer and the relay.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::Notify;

use crate::store::Logged;

/// Entries kept; when more wait, the oldest are dropped and the relay reads them from the store.
const ENTRIES: usize = 4_096;

/// The newest entries of the log, in the order of commits. The writer adds, the relay takes.
#[derive(Debug, Default)]
pub struct Tail {
    entries: Mutex<VecDeque<Logged>>,
    newest: AtomicU64,
    more: Notify,
}

impl Tail {
    /// Says where the log stood when the store was opened.
    pub(crate) fn start_after(&self, no: u64) {
        self.newest.store(no, Ordering::Release);
    }

    /// Adds what was committed. Never waits.
    pub(crate) fn push(&self, committed: impl IntoIterator<Item = Logged>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        for logged in committed {
            self.newest.store(logged.no, Ordering::Release);
            if entries.len() == ENTRIES {
                entries.pop_front();
            }
            entries.push_back(logged);
        }
        drop(entries);
        self.more.notify_one();
    }

    /// Up to `count` entries from `next` on; none when `next` is not kept any more.
    pub(crate) fn take(&self, next: u64, count: usize) -> VecDeque<Logged> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        while entries.front().is_some_and(|logged| logged.no < next) {
            entries.pop_front();
        }
        if entries.front().is_none_or(|logged| logged.no != next) {
            return VecDeque::new();
        }
        let count = count.min(entries.len());
        entries.drain(..count).collect()
    }

    /// The place of the newest entry.
    pub(crate) fn newest(&self) -> u64 {
        self.newest.load(Ordering::Acquire)
    }

    /// Waits until something was added since the last wait.
    pub(crate) async fn more(&self) {
        self.more.notified().await;
    }
}
