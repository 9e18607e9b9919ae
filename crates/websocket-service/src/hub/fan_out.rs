//! From the bus to the sockets: each event of a chat to everybody subscribed, in the log's order.

use std::{sync::Arc, time::Duration};

use api::{
    events::{
        Change, ChatCreated, ChatRemoved, Event, NewNotification, PresenceChanged, ReadUpdated,
    },
    rest::connections::{ConnectionStatus, Direction},
    told::Told,
};
use kernel::{ChatId, UserId};
use serde::Serialize;
use socketio::{CloseReason, Encoded};
use tokio::{sync::mpsc, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{Hub, NAMESPACE, registry::Step};

/// Events read at once to heal a gap.
const HEAL_PAGE: u32 = 500;
/// How often the log is asked before those who need it are closed.
const HEAL_TRIES: u32 = 5;
/// Events are missing and the log can't be read: the client must come back and catch up.
const GAP: CloseReason = CloseReason::Application { code: 4012, reason: "gap" };

/// Runs until `stop`, or until nothing can be told any more.
pub(crate) async fn run(hub: Arc<Hub>, mut told: mpsc::Receiver<Told>, stop: CancellationToken) {
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => return,
            next = told.recv() => next,
        };
        let Some(next) = next else { return };
        hub.told(next).await;
    }
}

impl Hub {
    async fn told(&self, told: Told) {
        match told {
            Told::Event { event, .. } => self.event(&event).await,
            Told::ReadUpdated { read, other_id } => {
                self.tell_user(read.user_id, "read_updated", &read);
                if let Some(other_id) = other_id {
                    // The counts are the reader's own.
                    let read = ReadUpdated { unread_count: None, mention_count: None, ..read };
                    self.tell_user(other_id, "read_updated", &read);
                }
            }
            Told::Notified { user_id, notification, unread_count } => {
                let event = NewNotification { notification: *notification, unread_count };
                self.tell_user(user_id, "new_notification", &event);
            }
            Told::ConnectionChanged { user_id, connection } => {
                if connection.status == ConnectionStatus::Pending
                    && connection.direction == Direction::Incoming
                {
                    self.tell_user(user_id, "new_connection_request", &connection);
                }
            }
            Told::SessionEnded { session_id } => self.end_session(session_id),
            Told::StatusChanged { user_id, status } => {
                let presence = PresenceChanged {
                    user_id,
                    state: self.states().of(user_id),
                    last_seen_at: self.clock.now(),
                    status: Some(status),
                };
                let frame = Encoded::event(NAMESPACE, "presence", &presence);
                let chats = self.registry().chats_of(user_id);
                self.show(user_id, &chats, &frame).await;
            }
        }
    }

    fn tell_user<T: Serialize>(&self, user_id: UserId, name: &str, payload: &T) {
        let registry = self.registry();
        if !registry.is_connected(user_id) {
            return;
        }
        let frame = Encoded::event(NAMESPACE, name, payload);
        for socket in registry.sockets_of(user_id) {
            // One that can't take it is being closed by its own queue.
            let _ = socket.send(&frame);
        }
    }

    /// Delivers an event; those missing before it first.
    async fn event(&self, event: &Event) {
        self.membership(event).await;
        let step = self.registry().step(event.chat_id, event.seq);
        match step {
            Step::Skip => {}
            Step::Deliver => self.deliver(event),
            Step::Heal(after) => self.heal(event.chat_id, after).await,
        }
    }

    /// Subscribes who joins before the event that says so is delivered, and dismisses who leaves.
    ///
    /// An event may come a second time after a restart, when the person has come or gone again:
    /// the chat itself says whether they take part now.
    async fn membership(&self, event: &Event) {
        let (Change::ParticipantJoined { user_id, .. } | Change::ParticipantLeft { user_id, .. }) =
            event.change
        else {
            return;
        };
        if !self.registry().is_connected(user_id) {
            return;
        }
        let (chat_id, seq) = (event.chat_id, event.seq);
        match self.chats.chat_of(user_id, chat_id).await {
            Ok(Some(chat)) => {
                let joined = self.registry().join(user_id, chat_id, seq);
                let frame = Encoded::event(NAMESPACE, "chat_created", &ChatCreated { chat });
                for socket in joined {
                    // One that can't take it is being closed by its own queue.
                    let _ = socket.send(&frame);
                }
            }
            Ok(None) => {
                let frame =
                    Encoded::event(NAMESPACE, "chat_removed", &ChatRemoved { chat_id, seq });
                for socket in self.registry().part(user_id, chat_id, seq) {
                    let _ = socket.send(&frame);
                }
            }
            Err(problem) => {
                // Who may see the chat is not known: who is concerned comes back and asks anew.
                tracing::warn!(%chat_id, code = %problem.code, "a membership could not be read");
                for socket in self.registry().sockets_of(user_id) {
                    socket.close(GAP);
                }
            }
        }
    }

    fn deliver(&self, event: &Event) {
        let frame = Encoded::event(NAMESPACE, event.change.socket_name(), event);
        let delivered = self.registry().broadcast(event.chat_id, &frame);
        metrics::counter!("thread_events_delivered_total")
            .increment(u64::try_from(delivered).unwrap_or(u64::MAX));
    }

    /// Delivers from the log what the bus did not bring. Where that can't be had, those who need
    /// it are closed: they come back and catch up. Nobody misses an event and stays.
    async fn heal(&self, chat_id: ChatId, mut after: u64) {
        metrics::counter!("thread_gaps_healed_total").increment(1);
        for attempt in 0..HEAL_TRIES {
            match self.chats.log(chat_id, after, HEAL_PAGE).await {
                Ok(page) => {
                    for event in &page.items {
                        self.membership(event).await;
                        if self.registry().step(chat_id, event.seq) == Step::Deliver {
                            self.deliver(event);
                        }
                        after = event.seq;
                    }
                    if !page.has_more {
                        return;
                    }
                }
                Err(problem) => {
                    tracing::warn!(%chat_id, attempt, code = %problem.code, "a gap is not healed yet");
                    sleep(Duration::from_millis(200 << attempt)).await;
                }
            }
        }
        let members = self.registry().members(chat_id);
        for socket in members {
            socket.close(GAP);
        }
    }
}
