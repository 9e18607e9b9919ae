//! One sweeper for all sessions. Every session has the same times, so each list is in order of its
//! deadlines by itself, and a session costs no timer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::Application;
use super::beat::Outcome;
use super::connection::Admission;
use super::server::Inner;
use super::session::Session;
use crate::close::CloseReason;
use crate::encoded::Item;
use crate::sync::lock;

/// Deadlines to come.
pub(crate) struct Heartbeat<A: Application> {
    lists: Mutex<Lists<A>>,
    /// A list that was empty has its first deadline.
    changed: Notify,
}

struct Lists<A: Application> {
    pings: Line<A>,
    pongs: Line<A>,
    connects: Line<A>,
}

type Line<A> = VecDeque<(Instant, Weak<Session<A>>)>;

impl<A: Application> Heartbeat<A> {
    pub(crate) fn new() -> Self {
        let lists =
            Lists { pings: VecDeque::new(), pongs: VecDeque::new(), connects: VecDeque::new() };
        Self { lists: Mutex::new(lists), changed: Notify::new() }
    }

    /// Watches a new session.
    pub(crate) fn watch(&self, session: &Arc<Session<A>>) {
        let config = &session.inner.config;
        let now = Instant::now();
        let mut lists = lock(&self.lists);
        let first = lists.pings.is_empty() || lists.connects.is_empty();
        lists.pings.push_back((now + config.ping_interval, Arc::downgrade(session)));
        lists.connects.push_back((now + config.connect_timeout, Arc::downgrade(session)));
        if first {
            self.changed.notify_one();
        }
    }

    fn next(&self) -> Option<Instant> {
        let lists = lock(&self.lists);
        let fronts = [lists.pings.front(), lists.pongs.front(), lists.connects.front()];
        fronts.into_iter().flatten().map(|(due, _)| *due).min()
    }

    /// Takes what is due from one list.
    fn due(&self, list: fn(&mut Lists<A>) -> &mut Line<A>, now: Instant) -> Line<A> {
        let mut lists = lock(&self.lists);
        let line = list(&mut lists);
        let count = line.partition_point(|(due, _)| *due <= now);
        let later = line.split_off(count);
        std::mem::replace(line, later)
    }
}

/// Runs until the server is gone.
pub(crate) async fn sweep<A: Application>(server: Weak<Inner<A>>) {
    loop {
        let Some(inner) = server.upgrade() else { return };
        let heartbeat = Arc::clone(&inner.heartbeat);
        let shortest = inner.config.ping_interval.min(inner.config.ping_timeout);
        drop(inner);
        // Deadlines this close to each other are met together.
        let tick = (shortest / 64).clamp(Duration::from_millis(1), Duration::from_millis(100));
        match heartbeat.next() {
            None => heartbeat.changed.notified().await,
            Some(due) => tokio::select! {
                () = sleep_until(due.max(Instant::now() + tick)) => {}
                () = heartbeat.changed.notified() => continue,
            },
        }
        let Some(inner) = server.upgrade() else { return };
        inner.beat(Instant::now());
    }
}

impl<A: Application> Inner<A> {
    fn beat(&self, now: Instant) {
        self.beat_connects(now);
        self.beat_pongs(now);
        self.beat_pings(now);
    }

    fn beat_connects(&self, now: Instant) {
        for (_, session) in self.heartbeat.due(|lists| &mut lists.connects, now) {
            let Some(alive) = session.upgrade() else { continue };
            if alive.connection.is_admission(Admission::Awaited) {
                alive.connection.close(CloseReason::ConnectTimeout);
            } else if alive.connection.is_admission(Admission::Judged) {
                let again = now + self.config.connect_timeout;
                lock(&self.heartbeat.lists).connects.push_back((again, session));
            }
        }
    }

    fn beat_pongs(&self, now: Instant) {
        for (_, session) in self.heartbeat.due(|lists| &mut lists.pongs, now) {
            let Some(alive) = session.upgrade() else { continue };
            match alive.connection.shared().beat.judge(now) {
                Outcome::Answered => {}
                Outcome::Later => {
                    let again = now + self.config.ping_timeout;
                    lock(&self.heartbeat.lists).pongs.push_back((again, session));
                }
                Outcome::Dead => alive.connection.close(CloseReason::PingTimeout),
            }
        }
    }

    fn beat_pings(&self, now: Instant) {
        for (due, session) in self.heartbeat.due(|lists| &mut lists.pings, now) {
            let Some(alive) = session.upgrade() else { continue };
            if alive.connection.is_closed() {
                continue;
            }
            if self.application.stalled(&lock(&alive.intake)) {
                alive.connection.close(CloseReason::ParseError);
                continue;
            }
            let sent = alive.connection.shared().beat.ping(due);
            if sent {
                alive.connection.push_control(self.ping.clone());
            }
            // Counted from when it was due, so that rounds do not add up to a drift; but never in
            // the past, or a machine that slept would send them all at once.
            let next = (due + self.config.ping_interval).max(now);
            let mut lists = lock(&self.heartbeat.lists);
            lists.pings.push_back((next, session.clone()));
            if sent {
                lists.pongs.push_back((due + self.config.ping_timeout, session));
            }
        }
    }

    /// The ping packet, encoded once.
    pub(crate) fn ping_packet() -> Item {
        Item::text(b'2', b"")
    }
}

impl<A: Application> Drop for Inner<A> {
    fn drop(&mut self) {
        // The sweeper may be waiting for a first session that will never come.
        self.heartbeat.changed.notify_one();
    }
}
