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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kernel::SessionId;
    use tokio::time::timeout;

    use super::*;

    fn told(n: u8) -> Told {
        Told::SessionEnded { session_id: SessionId::from_slice(&[n; 16]).unwrap() }
    }

    fn number(told: &Told) -> u8 {
        match told {
            Told::SessionEnded { session_id } => session_id.as_bytes()[0],
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn every_subscriber_hears_everything_in_order() {
        let bus = InProcessBus::default();
        let (mut first, mut second) = (bus.fan_out(), bus.fan_out());
        for n in 0..50 {
            bus.publish(told(n)).await.unwrap().await.unwrap();
        }
        for n in 0..50 {
            assert_eq!(number(&first.recv().await.unwrap()), n);
            assert_eq!(number(&second.recv().await.unwrap()), n);
        }
    }

    #[tokio::test]
    async fn a_subscriber_that_can_t_keep_up_makes_the_publisher_wait_and_loses_nothing() {
        let bus = InProcessBus::default();
        let mut slow = bus.fan_out();
        for _ in 0..QUEUE {
            drop(bus.publish(told(1)).await.unwrap());
        }
        let waiting = bus.publish(told(2));
        let mut waiting = std::pin::pin!(waiting);
        assert!(timeout(Duration::from_millis(50), waiting.as_mut()).await.is_err());
        slow.recv().await.unwrap();
        drop(waiting.await.unwrap());
        let mut last = 0;
        while let Ok(told) = slow.try_recv() {
            last = number(&told);
        }
        assert_eq!(last, 2);
    }

    #[tokio::test]
    async fn work_is_confirmed_when_it_is_done_and_not_when_it_is_dropped() {
        let bus = InProcessBus::default();
        let mut queue = bus.work("effects");
        let confirm = bus.publish(told(1)).await.unwrap();
        queue.recv().await.unwrap().done();
        assert_eq!(confirm.await, Ok(()));
        let confirm = bus.publish(told(2)).await.unwrap();
        drop(queue.recv().await.unwrap());
        assert_eq!(confirm.await, Err(BusError::Unavailable));
    }

    #[tokio::test]
    async fn a_subscriber_that_is_gone_hinders_nobody() {
        let bus = InProcessBus::default();
        drop(bus.fan_out());
        let mut other = bus.fan_out();
        drop(bus.publish(told(1)).await.unwrap());
        assert_eq!(number(&other.recv().await.unwrap()), 1);
    }
}
