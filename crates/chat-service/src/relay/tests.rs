//! Nothing that was committed stays untold, whatever happens between the commit and the telling.

use std::{sync::Arc, time::Duration};

use api::{events::Event, told::Told};
use futures::future::join_all;
use kernel::ChatId;
use kit::bus::{Bus, InProcessBus, Work};
use tokio::{
    sync::mpsc::Receiver,
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::Relay;
use crate::laws::support::{Ground, group, open_sqlite, say, user};

struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(ground: &Ground, bus: &Arc<InProcessBus>) -> Self {
        let stop = CancellationToken::new();
        let relay = Relay::new(ground.store(), ground.tail(), Arc::clone(bus) as Arc<dyn Bus>);
        Self { task: tokio::spawn(relay.run(stop.clone())), stop }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }

    /// As a crash would: nothing is put in order.
    async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

/// The next events, as many as `count`.
async fn take(told: &mut Receiver<Told>, count: usize) -> Vec<Arc<Event>> {
    let mut events = Vec::new();
    while events.len() < count {
        let next = timeout(Duration::from_secs(20), told.recv()).await;
        match next.expect("an event is missing").unwrap() {
            Told::Event { event, .. } => events.push(event),
            other => panic!("{other:?}"),
        }
    }
    events
}

async fn next(work: &mut Receiver<Work>) -> (Work, u64) {
    let work = timeout(Duration::from_secs(20), work.recv()).await.unwrap().unwrap();
    match &work.told {
        Told::Event { event, .. } => {
            let seq = event.seq;
            (work, seq)
        }
        other => panic!("{other:?}"),
    }
}

fn seqs(events: &[Arc<Event>], chat: ChatId) -> Vec<u64> {
    events.iter().filter(|event| event.chat_id == chat).map(|event| event.seq).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_committed_is_told_once_in_the_logs_order() {
    let ground = Ground::new(open_sqlite);
    let bus = Arc::new(InProcessBus::default());
    let mut told = bus.fan_out();
    let running = Running::start(&ground, &bus);
    let store = ground.store();
    let people: Vec<_> = (0..50).map(user).collect();
    let (a, b) = (group(&store, &people).await, group(&store, &people).await);
    let posts = (0..500_u128).map(|n| {
        let store = Arc::clone(&store);
        let chat = if n % 3 == 0 { a } else { b };
        tokio::spawn(async move { say(&store, user(n % 50), chat, n, "x").await })
    });
    join_all(posts).await;
    let events = take(&mut told, 600).await;
    for chat in [a, b] {
        let seqs = seqs(&events, chat);
        assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
    }
    running.stop().await;
    assert!(told.try_recv().is_err());
    assert_eq!(store.relayed().await.unwrap(), 600);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_untold_is_told_after_the_next_start() {
    let mut ground = Ground::new(open_sqlite);
    let bus = Arc::new(InProcessBus::default());
    let mut told = bus.fan_out();
    let store = ground.store();
    let chat = group(&store, &[user(1)]).await;
    for n in 0..20 {
        say(&store, user(1), chat, n, "committed, not told").await;
    }
    drop(store);
    ground.reopen();
    let running = Running::start(&ground, &bus);
    assert_eq!(seqs(&take(&mut told, 21).await, chat), (1..=21).collect::<Vec<_>>());
    // What comes after joins on without a gap or repetition.
    say(&ground.store(), user(1), chat, 100, "after").await;
    assert_eq!(seqs(&take(&mut told, 1).await, chat), [22]);
    running.kill().await;

    // Told, but the place not stored: told again rather than lost.
    ground.reopen();
    let stored = ground.store().relayed().await.unwrap();
    let running = Running::start(&ground, &bus);
    let missing = usize::try_from(22 - stored).unwrap();
    assert_eq!(seqs(&take(&mut told, missing).await, chat), (stored + 1..=22).collect::<Vec<_>>());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_consumer_did_not_do_comes_again() {
    let ground = Ground::new(open_sqlite);
    let bus = Arc::new(InProcessBus::default());
    let mut work = bus.work("notifications");
    let store = ground.store();
    let chat = group(&store, &[user(1)]).await;
    for n in 0..9 {
        say(&store, user(1), chat, n, "x").await;
    }
    let running = Running::start(&ground, &bus);
    for expected in 1..=4 {
        let (item, seq) = next(&mut work).await;
        assert_eq!(seq, expected);
        item.done();
    }
    let (dropped, seq) = next(&mut work).await;
    assert_eq!(seq, 5);
    drop(dropped);
    // Those behind it were told already; they come again after it, in order.
    let mut seen = Vec::new();
    while seen.last() != Some(&10) || seen.iter().filter(|seq| **seq == 5).count() == 0 {
        let (item, seq) = next(&mut work).await;
        item.done();
        seen.push(seq);
    }
    let again = seen.iter().position(|seq| *seq == 5).unwrap();
    assert_eq!(seen[again..], [5, 6, 7, 8, 9, 10]);
    sleep(Duration::from_millis(500)).await;
    assert_eq!(store.relayed().await.unwrap(), 10);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_memory_keeps_is_read_from_the_store() {
    let ground = Ground::new(open_sqlite);
    let bus = Arc::new(InProcessBus::default());
    let mut told = bus.fan_out();
    let store = ground.store();
    let chat = group(&store, &[user(1)]).await;
    let posts = (0..6_000_u128).map(|n| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { say(&store, user(1), chat, n, "x").await })
    });
    join_all(posts).await;
    let running = Running::start(&ground, &bus);
    assert_eq!(seqs(&take(&mut told, 6_001).await, chat), (1..=6_001).collect::<Vec<_>>());
    running.stop().await;
}
