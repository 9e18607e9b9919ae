//! The bus: how services tell each other what happened. A port; brokers are its adapters.

mod in_process;

use api::told::Told;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

pub use in_process::InProcessBus;

/// What was told is safe: every work queue has taken it over, durably.
///
/// Waiting for it is the relay's business; fan-out does not wait.
pub type Confirm = BoxFuture<'static, Result<(), BusError>>;

/// Telling failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// The broker is away, or refused; tell it again.
    #[error("the bus is not available")]
    Unavailable,
}

/// Where services tell each other what happened.
///
/// The laws: what one publisher tells arrives at each subscriber in that order; a fan-out
/// subscriber that can't keep up makes the publisher wait, never lose; a work item that was not
/// done comes again, so its consumer must bear repetition.
pub trait Bus: Send + Sync + 'static {
    /// Tells all subscribers. The future is done when fan-out has it; the [`Confirm`] when every
    /// work queue has done it.
    fn publish(&self, told: Told) -> BoxFuture<'_, Result<Confirm, BusError>>;

    /// Everything told from now on, for one process, as long as it lives.
    fn fan_out(&self) -> mpsc::Receiver<Told>;

    /// The items of a work queue of that name; each is done once by one of its consumers.
    fn work(&self, queue: &'static str) -> mpsc::Receiver<Work>;
}

/// An item of a work queue.
#[derive(Debug)]
pub struct Work {
    /// What was told.
    pub told: Told,
    done: oneshot::Sender<()>,
}

impl Work {
    /// The item, and what is to be sent when its effect is durable.
    #[must_use]
    pub fn new(told: Told) -> (Self, oneshot::Receiver<()>) {
        let (done, confirmed) = oneshot::channel();
        (Self { told, done }, confirmed)
    }

    /// Its effect is durable. An item dropped without this comes again.
    pub fn done(self) {
        // The relay may have gone: then it comes again after the next start.
        let _ = self.done.send(());
    }
}
