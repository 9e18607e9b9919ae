//! Telling the other services what changed.
//!
//! What is told passes through one bounded queue to one task, so that it stays in order, and so
//! that whoever listens to the bus never waits for the bus: inside one process it is a queue that
//! the listener itself must empty.

use std::time::Duration;

use api::told::Told;
use kernel::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Users;
use crate::store::Notified;

/// What may wait to be told.
const WAITING: usize = 8_192;
/// How long telling may take after the end was announced.
const LAST_WORDS: Duration = Duration::from_secs(2);

pub(super) fn outbox() -> (mpsc::Sender<Told>, mpsc::Receiver<Told>) {
    mpsc::channel(WAITING)
}

impl Users {
    /// Tells it, after what is waiting. Waits while the queue is full.
    pub(super) async fn tell(&self, told: Told) {
        if self.0.outbox.send(told).await.is_err() {
            tracing::debug!("nobody tells any more: the program is ending");
        }
    }

    /// Tells it if there is room; what it is about is kept and will be found there. For who must
    /// not wait.
    pub(super) fn tell_if_possible(&self, told: Told) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.0.outbox.try_send(told) {
            tracing::warn!("more is to be told than the bus takes: a notification is not told");
        }
    }
}

impl Notified {
    /// As it is told.
    pub(super) fn told(self, now: Timestamp) -> Told {
        Told::Notified {
            user_id: self.notification.user_id,
            unread_count: self.unread_count,
            notification: Box::new(self.notification.told(now)),
        }
    }
}

/// Tells what is waiting, until `stop`; then what still is, as far as that is quickly done.
pub(crate) async fn tell(users: Users, mut outbox: mpsc::Receiver<Told>, stop: CancellationToken) {
    while let Some(Some(told)) = stop.run_until_cancelled(outbox.recv()).await {
        if stop.run_until_cancelled(publish(&users, told)).await.is_none() {
            break;
        }
    }
    outbox.close();
    let rest = async {
        while let Ok(told) = outbox.try_recv() {
            publish(&users, told).await;
        }
    };
    // Whoever would listen may have ended before.
    if tokio::time::timeout(LAST_WORDS, rest).await.is_err() {
        tracing::warn!("not everything was told before the end");
    }
}

async fn publish(users: &Users, told: Told) {
    // Nobody waits for the confirmation: what is told here is kept in the store.
    if let Err(error) = users.0.bus.publish(told).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "a change could not be told");
    }
}
