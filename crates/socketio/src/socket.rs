//! A client's end of one namespace, as the service holds it.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::close::CloseReason;
use crate::encoded::Encoded;
use crate::engine::Connection;
use crate::error::{AckError, SendError};
use crate::event::Reply;
use crate::packet::decode::Args;
use crate::packet::encode;
use crate::sync::lock;

/// Number of a socket, unique in the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SocketId(pub u64);

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

const CONNECTING: u8 = 0;
const CONNECTED: u8 = 1;
const CLOSED: u8 = 2;

/// One client in one namespace. Cloning copies a pointer; any clone may be used from anywhere.
#[derive(Clone)]
pub struct Socket(Arc<Inner>);

struct Inner {
    id: SocketId,
    sid: Box<str>,
    namespace: Box<str>,
    connection: Connection,
    state: AtomicU8,
    /// What is emitted before the CONNECT is answered.
    early: Mutex<Early>,
    acks: Mutex<Acks>,
}

#[derive(Default)]
struct Early {
    packets: Vec<Encoded>,
    frames: usize,
    bytes: usize,
}

#[derive(Default)]
struct Acks {
    next: u64,
    waiting: HashMap<u64, oneshot::Sender<Args>>,
}

impl Socket {
    pub(crate) fn new(connection: Connection, namespace: String, sid: String) -> Self {
        Self(Arc::new(Inner {
            id: SocketId(NEXT_ID.fetch_add(1, Ordering::Relaxed)),
            sid: sid.into(),
            namespace: namespace.into(),
            connection,
            state: AtomicU8::new(CONNECTING),
            early: Mutex::default(),
            acks: Mutex::default(),
        }))
    }

    /// Its number: cheap, and unique in this process.
    pub fn id(&self) -> SocketId {
        self.0.id
    }

    /// The public Socket.IO identifier, which the client knows as `socket.id`.
    pub fn sid(&self) -> &str {
        &self.0.sid
    }

    /// The namespace it is connected to.
    pub fn namespace(&self) -> &str {
        &self.0.namespace
    }

    /// Emits an event with one argument.
    pub fn emit<T: Serialize + ?Sized>(&self, name: &str, payload: &T) -> Result<(), SendError> {
        self.send(&Encoded::event(&self.0.namespace, name, payload))
    }

    /// Emits an event with any arguments, and attachments to which [`crate::Placeholder`]s in them
    /// point.
    pub fn emit_with<T: Serialize>(
        &self,
        name: &str,
        args: &[T],
        attachments: &[Bytes],
    ) -> Result<(), SendError> {
        self.send(&Encoded::event_with(&self.0.namespace, name, args, attachments))
    }

    /// Emits an event with one argument, and attachments to which [`crate::Placeholder`]s in it
    /// point.
    pub fn emit_binary<T: Serialize + ?Sized>(
        &self,
        name: &str,
        payload: &T,
        attachments: &[Bytes],
    ) -> Result<(), SendError> {
        self.emit_with(name, &[payload], attachments)
    }

    /// Emits an event and waits for the client's answer. It may be awaited in a handler: answers
    /// are read while handlers run.
    pub fn emit_with_ack<T: Serialize + ?Sized>(
        &self,
        name: &str,
        payload: &T,
        wait: Duration,
    ) -> impl Future<Output = Result<Vec<Value>, AckError>> + Send + use<T> {
        let expected = self.expect_ack();
        let packet = encode::event(&self.0.namespace, Some(expected.id), name, &[payload], 0);
        let sent = self.send(&Encoded::packet(packet, &[]));
        async move { expected.wait(sent, wait).await.map(|reply| reply.values()) }
    }

    /// The same with any arguments and attachments, in either direction.
    pub fn emit_for_reply<T: Serialize>(
        &self,
        name: &str,
        args: &[T],
        attachments: &[Bytes],
        wait: Duration,
    ) -> impl Future<Output = Result<Reply, AckError>> + Send + use<T> {
        let expected = self.expect_ack();
        let id = Some(expected.id);
        let packet = encode::event(&self.0.namespace, id, name, args, attachments.len());
        let sent = self.send(&Encoded::packet(packet, attachments));
        expected.wait(sent, wait)
    }

    fn expect_ack(&self) -> ExpectedAck {
        let (sender, receiver) = oneshot::channel();
        let mut acks = lock(&self.0.acks);
        let id = acks.next;
        acks.next += 1;
        acks.waiting.insert(id, sender);
        drop(acks);
        ExpectedAck { socket: self.clone(), id, receiver }
    }

    /// Sends what was encoded before: the way of a broadcast.
    pub fn send(&self, frame: &Encoded) -> Result<(), SendError> {
        match self.0.state.load(Ordering::Acquire) {
            CONNECTED => self.0.connection.push(frame),
            CLOSED => Err(SendError::Closed),
            _ => self.send_early(frame),
        }
    }

    /// Sends unless the queue is more than half full: for what the next one makes stale (typing,
    /// presence).
    pub fn send_volatile(&self, frame: &Encoded) {
        match self.0.state.load(Ordering::Acquire) {
            CONNECTED => self.0.connection.push_volatile(frame),
            CLOSED => {}
            _ => {
                let _ = self.send_early(frame);
            }
        }
    }

    fn send_early(&self, frame: &Encoded) -> Result<(), SendError> {
        let mut early = lock(&self.0.early);
        // The answer may have been given since: `early` was flushed under this lock then.
        match self.0.state.load(Ordering::Acquire) {
            CONNECTED => return self.0.connection.push(frame),
            CLOSED => return Err(SendError::Closed),
            _ => {}
        }
        if self.0.connection.is_closed() {
            return Err(SendError::Closed);
        }
        let (frames, bytes) = frame.weight();
        early.frames += frames;
        early.bytes += bytes;
        if !self.0.connection.would_fit(early.frames, early.bytes) && early.frames > frames {
            early.packets = Vec::new();
            self.0.connection.close(CloseReason::SlowConsumer);
            return Err(SendError::Full);
        }
        early.packets.push(frame.clone());
        Ok(())
    }

    /// Closes the whole connection, for each of its namespaces. What is queued leaves first, if the
    /// client takes it in time. For a WebSocket the code and reason go into the close frame; no
    /// DISCONNECT is sent, so that the official client knows that it may come back.
    pub fn close(&self, reason: CloseReason) {
        self.0.connection.close(reason);
    }

    /// Whether nothing can be sent any more.
    pub fn is_closed(&self) -> bool {
        self.0.state.load(Ordering::Acquire) == CLOSED || self.0.connection.is_closed()
    }

    /// Done when the connection is closed, or being closed.
    pub fn closed(&self) -> impl Future<Output = ()> + Send + 'static {
        self.0.connection.closed()
    }

    /// CONNECT accepted: says so, then sends what was emitted until now, then lets others through.
    pub(crate) fn accept(&self) {
        let mut early = lock(&self.0.early);
        let answer = Encoded::packet(encode::connect(&self.0.namespace, &self.0.sid), &[]);
        let packets = std::mem::take(&mut *early).packets;
        for packet in std::iter::once(&answer).chain(&packets) {
            if self.0.connection.push(packet).is_err() {
                break;
            }
        }
        self.0.state.store(CONNECTED, Ordering::Release);
    }

    /// Ends this socket, not the connection.
    pub(crate) fn end(&self) {
        let mut early = lock(&self.0.early);
        self.0.state.store(CLOSED, Ordering::Release);
        *early = Early::default();
        drop(early);
        // Drops the senders: whoever waits learns that it is over.
        let waiting = std::mem::take(&mut lock(&self.0.acks).waiting);
        drop(waiting);
    }

    /// The client answered. An answer nobody waits for (too late, or never asked) is nothing.
    pub(crate) fn resolve(&self, id: u64, args: Args) {
        let waiting = lock(&self.0.acks).waiting.remove(&id);
        if let Some(waiting) = waiting {
            let _ = waiting.send(args);
        }
    }
}

/// An acknowledgement to come. Its place in the table goes with it.
struct ExpectedAck {
    socket: Socket,
    id: u64,
    receiver: oneshot::Receiver<Args>,
}

impl ExpectedAck {
    async fn wait(
        mut self,
        sent: Result<(), SendError>,
        wait: Duration,
    ) -> Result<Reply, AckError> {
        sent?;
        let closed = self.socket.closed();
        tokio::select! {
            biased;
            answer = timeout(wait, &mut self.receiver) => match answer {
                Err(_) => Err(AckError::Timeout),
                Ok(Err(_)) => Err(AckError::Closed),
                Ok(Ok(args)) => Ok(Reply::new(args)),
            },
            () = closed => Err(AckError::Closed),
        }
    }
}

impl Drop for ExpectedAck {
    fn drop(&mut self) {
        lock(&self.socket.0.acks).waiting.remove(&self.id);
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("id", &self.0.id)
            .field("namespace", &self.0.namespace)
            .finish_non_exhaustive()
    }
}
