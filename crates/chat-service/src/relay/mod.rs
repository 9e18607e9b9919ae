//! The relay: tells the other services what was committed, in the order of commits.
//!
//! The log is the outbox. What was just committed comes from memory (the [`Tail`]); what was
//! missed, after a start or when too much waits, is read from the store. The place up to which
//! the bus has confirmed is kept in the store, but not after each event: so after a crash some
//! events are told again, and consumers drop those they know.

mod reads;
mod tail;
#[cfg(test)]
mod tests;

use std::{collections::VecDeque, sync::Arc, time::Duration};

use api::told::Told;
use futures::{StreamExt as _, future::BoxFuture, stream::FuturesOrdered};
use kit::bus::{Bus, BusError};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

pub(crate) use reads::{ReadTeller, tell_reads};
pub use tail::Tail;

use crate::{
    ChatError, metrics,
    store::{Logged, Store},
};

/// Events told and not yet confirmed, at most.
const UNCONFIRMED: usize = 256;
/// Events fetched at once.
const FETCH: u32 = 256;
/// The confirmed place is stored after that many events, or that long.
const STORE_AFTER_EVENTS: u64 = 1_000;
const STORE_AFTER: Duration = Duration::from_millis(200);
/// The pause after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// The relay of one store to one bus.
pub struct Relay {
    store: Arc<dyn Store>,
    tail: Arc<Tail>,
    bus: Arc<dyn Bus>,
}

/// Why the relay has to begin again from the confirmed place.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("the log can't be read or marked")]
    Store(#[from] ChatError),
    #[error("the bus did not take an event")]
    Bus(#[from] BusError),
}

type Confirms = FuturesOrdered<BoxFuture<'static, (u64, Result<(), BusError>)>>;

/// Where one run of the relay stands.
struct Progress {
    /// The next event to tell.
    next: u64,
    /// Confirmed by the bus.
    confirmed: u64,
    /// Stored as confirmed.
    stored: u64,
}

impl Relay {
    /// The relay of that store, whose commits come through that tail, to that bus.
    pub fn new(store: Arc<dyn Store>, tail: Arc<Tail>, bus: Arc<dyn Bus>) -> Self {
        Self { store, tail, bus }
    }

    /// Tells what is committed until it is stopped.
    pub async fn run(self, stop: CancellationToken) {
        let mut failing = false;
        while !stop.is_cancelled() {
            match self.tell(&stop, &mut failing).await {
                Ok(()) => return,
                Err(trouble) => {
                    if !std::mem::replace(&mut failing, true) {
                        let error = &trouble as &dyn std::error::Error;
                        tracing::warn!(error, "events wait to be told to the other services");
                    }
                }
            }
            tokio::select! {
                () = sleep(PAUSE) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn tell(&self, stop: &CancellationToken, failing: &mut bool) -> Result<(), Trouble> {
        let stored = self.store.relayed().await?;
        let mut progress = Progress { next: stored + 1, confirmed: stored, stored };
        let mut confirms = Confirms::new();
        let mut outcome = self.pump(stop, &mut progress, &mut confirms, failing).await;
        if outcome.is_ok() {
            // Stopped: what is confirmed by now need not be told again.
            while let Some(Some((no, Ok(())))) = futures::FutureExt::now_or_never(confirms.next()) {
                progress.confirmed = no;
            }
        }
        if let Err(error) = self.store_progress(&mut progress).await
            && outcome.is_ok()
        {
            outcome = Err(error.into());
        }
        outcome
    }

    async fn pump(
        &self,
        stop: &CancellationToken,
        progress: &mut Progress,
        confirms: &mut Confirms,
        failing: &mut bool,
    ) -> Result<(), Trouble> {
        let mut waiting: VecDeque<Logged> = VecDeque::new();
        let mut tick = interval(STORE_AFTER);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if waiting.is_empty() {
                waiting = self.fetch(progress.next).await?;
            }
            let room = confirms.len() < UNCONFIRMED;
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                _ = tick.tick() => {
                    metrics::outbox_depth(self.tail.newest().saturating_sub(progress.confirmed));
                    self.store_progress(progress).await?;
                }
                Some((no, confirmed)) = confirms.next(), if !confirms.is_empty() => {
                    confirmed?;
                    if std::mem::take(failing) {
                        tracing::info!("events are told to the other services again");
                    }
                    progress.confirmed = no;
                    if progress.confirmed - progress.stored >= STORE_AFTER_EVENTS {
                        self.store_progress(progress).await?;
                    }
                }
                () = std::future::ready(()), if room && !waiting.is_empty() => {
                    if let Some(logged) = waiting.pop_front() {
                        let no = logged.no;
                        // Dropping this half-way would tell some subscribers twice: only the
                        // end of the program does.
                        let confirm = tokio::select! {
                            told = self.publish(logged) => told?,
                            () = stop.cancelled() => return Ok(()),
                        };
                        confirms.push_back(Box::pin(async move { (no, confirm.await) }));
                        progress.next = no + 1;
                    }
                }
                () = self.tail.more(), if waiting.is_empty() => {}
            }
        }
    }

    async fn publish(&self, logged: Logged) -> Result<kit::bus::Confirm, BusError> {
        let Logged { event, notices, .. } = logged;
        self.bus.publish(Told::Event { event, notices }).await
    }

    /// What comes after the last event told: from memory where it goes on there, else from the
    /// store.
    async fn fetch(&self, next: u64) -> Result<VecDeque<Logged>, ChatError> {
        let recent = self.tail.take(next, FETCH as usize);
        if !recent.is_empty() || self.tail.newest() < next {
            return Ok(recent);
        }
        Ok(self.store.logged(next - 1, FETCH).await?.into())
    }

    async fn store_progress(&self, progress: &mut Progress) -> Result<(), ChatError> {
        if progress.confirmed > progress.stored {
            self.store.mark_relayed(progress.confirmed).await?;
            progress.stored = progress.confirmed;
        }
        Ok(())
    }
}
