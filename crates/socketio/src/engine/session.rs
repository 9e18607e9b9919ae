//! One session: its connection, and what was received and not handled yet.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use super::connection::Connection;
use super::packet::Incoming;
use super::server::Inner;
use super::{Application, Message};
use crate::close::CloseReason;
use crate::stats::count;
use crate::sync::lock;
use crate::transports::websocket::WebSocket;

pub(crate) struct Session<A: Application> {
    pub(crate) inner: Arc<Inner<A>>,
    pub(crate) connection: Connection,
    pub(crate) intake: Mutex<A::Intake>,
    inbound: Mutex<Inbound<A::Packet>>,
    /// A WebSocket that has taken over, on its way to the session's task.
    upgrade: Mutex<Option<WebSocket>>,
    upgrade_waits: AtomicBool,
}

struct Inbound<P> {
    packets: VecDeque<(P, usize)>,
    bytes: usize,
    /// A POST that waits for room.
    post: Option<Waker>,
}

impl<A: Application> Session<A> {
    pub(crate) fn new(inner: Arc<Inner<A>>, connection: Connection, intake: A::Intake) -> Self {
        Self {
            inner,
            connection,
            intake: Mutex::new(intake),
            inbound: Mutex::new(Inbound { packets: VecDeque::new(), bytes: 0, post: None }),
            upgrade: Mutex::new(None),
            upgrade_waits: AtomicBool::new(false),
        }
    }

    /// Takes one packet of the client. A message that is something to handle is queued, whether or
    /// not there is room: the callers ask for room before they take the next.
    pub(crate) fn take(&self, packet: Incoming) -> Result<(), CloseReason> {
        let shared = self.connection.shared();
        match packet {
            Incoming::Pong => shared.beat.pong(),
            Incoming::Nothing => shared.beat.touch(),
            Incoming::Close => return Err(CloseReason::ClientGone),
            Incoming::Message(message) => {
                shared.beat.touch();
                count(&shared.counters.messages_in);
                self.take_message(message)?;
            }
        }
        Ok(())
    }

    pub(crate) fn take_message(&self, message: Message) -> Result<(), CloseReason> {
        let size = message.len();
        let packet = self.inner.application.receive(&mut lock(&self.intake), message)?;
        // A server that drains answers what it has begun, and begins nothing.
        if let Some(packet) = packet
            && !self.connection.is_draining()
        {
            let mut inbound = lock(&self.inbound);
            inbound.bytes += size;
            inbound.packets.push_back((packet, size));
        }
        Ok(())
    }

    /// Whether reading should pause.
    pub(crate) fn is_full(&self) -> bool {
        let inbound = lock(&self.inbound);
        self.full(&inbound)
    }

    fn full(&self, inbound: &Inbound<A::Packet>) -> bool {
        let config = &self.inner.config;
        inbound.packets.len() >= config.inbound_packets
            || (inbound.bytes >= config.inbound_bytes && !inbound.packets.is_empty())
    }

    /// Whether something waits to be handled.
    pub(crate) fn has_received(&self) -> bool {
        !lock(&self.inbound).packets.is_empty()
    }

    /// Waits until reading may go on; false if the session is closed. While it waits the client
    /// cannot answer pings, for it has one POST at a time, and is not blamed for that.
    pub(crate) async fn room(&self) -> bool {
        let beat = &self.connection.shared().beat;
        poll_fn(|context| {
            let mut inbound = lock(&self.inbound);
            let closed = self.connection.is_closed();
            if !closed && self.full(&inbound) {
                inbound.post = Some(context.waker().clone());
                beat.set_paused(true);
                return Poll::Pending;
            }
            beat.set_paused(false);
            Poll::Ready(!closed)
        })
        .await
    }

    /// The next message to handle.
    pub(crate) fn next(&self) -> Option<A::Packet> {
        let mut inbound = lock(&self.inbound);
        let (packet, size) = inbound.packets.pop_front()?;
        inbound.bytes -= size;
        if inbound.packets.is_empty() {
            inbound.packets = VecDeque::new();
        }
        if let Some(post) = inbound.post.take() {
            post.wake();
        }
        Some(packet)
    }

    /// Forgets what was received and not begun.
    pub(crate) fn discard_received(&self) {
        let mut inbound = lock(&self.inbound);
        inbound.packets = VecDeque::new();
        inbound.bytes = 0;
        if let Some(post) = inbound.post.take() {
            post.wake();
        }
    }

    /// Gives the session's task a WebSocket that takes over from polling.
    pub(crate) fn hand_over(&self, websocket: WebSocket) {
        *lock(&self.upgrade) = Some(websocket);
        self.upgrade_waits.store(true, SeqCst);
        self.connection.with_queue(|queue| {
            queue.upgrade();
            if let Some(poll) = queue.poll.take() {
                poll.wake();
            }
        });
        self.connection.wake_task();
    }

    /// The WebSocket handed over, if there is one.
    pub(crate) fn take_over(&self) -> Option<WebSocket> {
        if !self.upgrade_waits.swap(false, SeqCst) {
            return None;
        }
        lock(&self.upgrade).take()
    }
}
