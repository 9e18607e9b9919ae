//! Telling that read positions moved. They are no part of the log: who misses one sees the
//! position when it next asks for the chat.

use std::sync::Arc;

use api::told::Told;
use kit::bus::Bus;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Moves that wait to be told; beyond that they are left out.
const WAITING: usize = 1_024;

/// Hands moves to the task that tells them.
#[derive(Debug, Clone)]
pub(crate) struct ReadTeller(mpsc::Sender<Told>);

impl ReadTeller {
    /// The teller, and what its task takes from.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Told>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), receiver)
    }

    /// Tells it soon; never waits.
    pub(crate) fn tell(&self, told: Told) {
        if self.0.try_send(told).is_err() {
            tracing::debug!("a moved read position was not told: too many wait");
        }
    }
}

/// Tells what comes until it is stopped.
pub(crate) async fn tell_reads(
    mut moves: mpsc::Receiver<Told>,
    bus: Arc<dyn Bus>,
    stop: CancellationToken,
) {
    loop {
        let told = tokio::select! {
            told = moves.recv() => told,
            () = stop.cancelled() => return,
        };
        let Some(told) = told else {
            return;
        };
        tokio::select! {
            published = bus.publish(told) => {
                if let Err(error) = published {
                    tracing::debug!(%error, "a moved read position was not told");
                }
            }
            () = stop.cancelled() => return,
        }
    }
}
