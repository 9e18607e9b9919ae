//! What the issuer does by itself: telling that sessions ended, new keys, forgetting old rows.

use std::{sync::Arc, time::Duration};

use api::told::Told;
use kit::Task;

use super::{
    Embedded,
    keys::{self, ROTATE_EVERY},
};
use crate::Cause;

/// How long a session that another process ended (`thread user password`) may go untold.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long the bus may take to confirm what was told, before it is told again.
const CONFIRM_WITHIN: Duration = Duration::from_secs(2);
/// How often old rows and keys are looked at.
const TIDY_EVERY: Duration = Duration::from_secs(600);
/// What ended longer ago than that is forgotten.
const FORGET_AFTER: Duration = Duration::from_secs(2 * 24 * 3_600);

pub(super) fn tasks(issuer: &Arc<Embedded>) -> Vec<Task> {
    let (telling, tidying) = (Arc::clone(issuer), Arc::clone(issuer));
    vec![
        Task::new("identity: ended sessions", move |stop| async move {
            while !stop.is_cancelled() {
                let told = stop.run_until_cancelled(telling.tell_ended()).await;
                if let Some(Err(error)) = told {
                    tracing::warn!(error = &*error, "ended sessions are told later");
                }
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = telling.ended.notified() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
        }),
        Task::new("identity: tidying", move |stop| async move {
            while !stop.is_cancelled() {
                if let Err(error) = tidying.tidy().await {
                    tracing::warn!(error = &*error, "keys and old rows are looked at later");
                }
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(TIDY_EVERY) => {}
                }
            }
        }),
    ]
}

impl Embedded {
    /// Tells the bus of every session that ended and was not told of yet. Each is marked after the
    /// bus has confirmed it, so one may be told twice, none never.
    ///
    /// # Errors
    /// The store or the bus does not answer; what is left is told the next time.
    pub async fn tell_ended(&self) -> Result<(), Cause> {
        let mut confirms = Vec::new();
        for session_id in self.store.untold().await? {
            let confirm = self.bus.publish(Told::SessionEnded { session_id }).await?;
            confirms.push((session_id, confirm));
        }
        for (session_id, confirm) in confirms {
            // Who takes too long must not keep the next ones from being told.
            tokio::time::timeout(CONFIRM_WITHIN, confirm).await??;
            self.store.told(session_id, self.ids.now()).await?;
        }
        Ok(())
    }

    /// Rotates the keys when they are 30 days old, withdraws retired ones after a day, and forgets
    /// what nobody will ask for again.
    ///
    /// # Errors
    /// The store does not answer, or no key can be made.
    pub async fn tidy(&self) -> Result<(), Cause> {
        let now = self.ids.now();
        if now.since(self.keys.since()) >= ROTATE_EVERY {
            self.rotate_keys().await?;
        }
        // Another process may have rotated them; and a retired one's time may be over.
        self.keys.replace(&self.store.keys().await?, now)?;
        let before = now.as_millis() - i64::try_from(FORGET_AFTER.as_millis()).unwrap_or(i64::MAX);
        self.store.forget(kernel::Timestamp::from_millis(before)).await?;
        Ok(())
    }

    /// The next signing key begins to sign. The old one stays published for a day, so that what it
    /// signed is good until it runs out.
    ///
    /// # Errors
    /// The store does not answer, or no key can be made.
    pub async fn rotate_keys(&self) -> Result<(), Cause> {
        let now = self.ids.now();
        let rows = self.store.rotate_keys(keys::generate(now)?, now).await?;
        self.keys.replace(&rows, now)?;
        tracing::info!("the signing key was rotated");
        Ok(())
    }
}
