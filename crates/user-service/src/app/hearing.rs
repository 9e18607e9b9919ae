//! Hearing what the other services tell: notices of chats, reading, sessions that are over.

use std::time::Duration;

use api::told::Told;
use kit::bus::Work;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Users;
use crate::{
    domain::notification::NewNotification,
    store::{NoticeChange, Notified, StoreError},
};

/// Items that are taken together: one change of the store.
const TOGETHER: usize = 64;
/// The longest pause before the store is asked again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Keeps what was told, until `stop`. An item is done when its effect is durable; one that was not
/// done comes again.
pub(crate) async fn hear(users: Users, mut work: mpsc::Receiver<Work>, stop: CancellationToken) {
    let mut items = Vec::with_capacity(TOGETHER);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            taken = work.recv_many(&mut items, TOGETHER) => if taken == 0 { return },
        }
        let changes = items.iter().flat_map(|item| changes(&users, &item.told)).collect();
        tokio::select! {
            () = stop.cancelled() => return,
            () = users.keep_changes(changes) => {}
        }
        users.end_sessions(&items).await;
        items.drain(..).for_each(Work::done);
    }
}

/// What of notifications changes by what was told.
fn changes(users: &Users, told: &Told) -> Vec<NoticeChange> {
    match told {
        Told::Event { event, notices } => notices
            .iter()
            .filter_map(|notice| NewNotification::from_notice(event, notice, users.ids()))
            .map(NoticeChange::Notify)
            .collect(),
        Told::ReadUpdated { read, .. } => vec![NoticeChange::ChatRead {
            user_id: read.user_id,
            chat_id: read.chat_id,
            up_to: read.read_seq,
            at: users.now(),
        }],
        Told::Notified { .. }
        | Told::ConnectionChanged { .. }
        | Told::SessionEnded { .. }
        | Told::StatusChanged { .. } => Vec::new(),
    }
}

impl Users {
    /// Keeps these changes, however long that takes, and tells what is new. One bad change must
    /// not hold up all that come after it: it alone is given up.
    async fn keep_changes(&self, mut changes: Vec<NoticeChange>) {
        let mut pause = Duration::from_millis(100);
        while !changes.is_empty() {
            match self.store().change_notices(changes.clone()).await {
                Ok(new) => return self.tell_new(new),
                Err(StoreError::Failed(error)) => {
                    tracing::error!(
                        error = error.as_ref() as &dyn std::error::Error,
                        count = changes.len(),
                        "notifications could not be kept"
                    );
                    if changes.len() > 1 {
                        for change in changes.drain(..) {
                            Box::pin(self.keep_changes(vec![change])).await;
                        }
                    }
                    return;
                }
                Err(StoreError::Unavailable(error)) => {
                    tracing::warn!(
                        error = error.as_ref() as &dyn std::error::Error,
                        "notifications wait for the store"
                    );
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(PATIENCE);
                }
            }
        }
    }

    fn tell_new(&self, new: Vec<Notified>) {
        let now = self.now();
        for notified in new {
            self.tell_if_possible(notified.told(now));
        }
    }

    /// Devices whose session is over at the identity provider are signed out here too.
    async fn end_sessions(&self, items: &[Work]) {
        for item in items {
            let Told::SessionEnded { session_id } = item.told else {
                continue;
            };
            match self.store().end_logins(session_id).await {
                Ok(ended) => ended.into_iter().for_each(|id| self.0.tokens.drop_login(id)),
                // The next refresh at the provider is refused, and ends the device then.
                Err(error) => tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    %session_id,
                    "devices of a session that is over are not signed out yet"
                ),
            }
        }
    }
}
