//! The bus inside one process.

use std::sync::{Mutex, PoisonError};

use api::told::Told;
use futures::future::BoxFuture;
use tokio::sync::mpsc;

use super::{Bus, BusError, Confirm, Work};

/// Items that wait in front of a subscriber before the publisher waits.
const QUEUE: usize = 1_024;

/// The bus inside one process: queues in memory. What makes it safe is the store's log behind the
/// relay, which tells again what was not confirmed.
#[derive(Debug, Default)]
pub struct InProcessBus {
    fan_out: Mutex<Vec<mpsc::Sender<Told>>>,
    work: Mutex<Vec<mpsc::Sender<Work>>>,
}

impl Bus for InProcessBus {
    fn publish(&self, told: Told) -> BoxFuture<'_, Result<Confirm, BusError>> {
        Box::pin(async move {
            for subscriber in senders(&self.fan_out) {
                if subscriber.send(told.clone()).await.is_err() {
                    retain_open(&self.fan_out);
                }
            }
            let mut confirms = Vec::new();
            for queue in senders(&self.work) {
                let (work, confirmed) = Work::new(told.clone());
                if queue.send(work).await.is_err() {
                    retain_open(&self.work);
                    return Err(BusError::Unavailable);
                }
                confirms.push(confirmed);
            }
            let confirm: Confirm = Box::pin(async move {
                for confirmed in confirms {
                    confirmed.await.map_err(|_| BusError::Unavailable)?;
                }
                Ok(())
            });
            Ok(confirm)
        })
    }

    fn fan_out(&self) -> mpsc::Receiver<Told> {
        subscribe(&self.fan_out)
    }

    fn work(&self, _queue: &'static str) -> mpsc::Receiver<Work> {
        subscribe(&self.work)
    }
}

fn subscribe<T>(list: &Mutex<Vec<mpsc::Sender<T>>>) -> mpsc::Receiver<T> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    list.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
    receiver
}

fn senders<T>(list: &Mutex<Vec<mpsc::Sender<T>>>) -> Vec<mpsc::Sender<T>> {
    list.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn retain_open<T>(list: &Mutex<Vec<mpsc::Sender<T>>>) {
    list.lock().unwrap_or_else(PoisonError::into_inner).retain(|sender| !sender.is_closed());
}
