//! The part of a session that anybody may hold: sending to it and closing it.

use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::Message;
use super::beat::Beat;
use super::queue::{Polled, Pushed, Queue};
use crate::close::CloseReason;
use crate::encoded::{Encoded, Item};
use crate::error::SendError;
use crate::stats::{Counters, add, count};
use crate::sync::lock;

thread_local! {
    /// The session whose task is running on this thread. It sends what its own handlers queue when
    /// they return, so they need not wake it.
    static RUNNING: Cell<u64> = const { Cell::new(0) };
}

/// How far the application has got with a new client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// The client has not asked, or was refused.
    Awaited,
    /// It has asked and has no answer yet: the delay is ours.
    Judged,
    Accepted,
}

/// A client's session. Cloning copies a pointer.
#[derive(Clone)]
pub struct Connection(Arc<Shared>);

pub(crate) struct Shared {
    id: u64,
    sid: Box<str>,
    max_frames: usize,
    max_bytes: usize,
    queue: Mutex<Queue>,
    closing: AtomicBool,
    closed: Notify,
    /// Dropped at once, running handlers included: the grace of a shutdown is over.
    killed: AtomicBool,
    draining: AtomicBool,
    admission: AtomicU8,
    pub(crate) beat: Beat,
    pub(crate) counters: Arc<Counters>,
}

impl Connection {
    pub(crate) fn new(
        id: u64,
        sid: String,
        config: &crate::Config,
        counters: Arc<Counters>,
        websocket: bool,
    ) -> Self {
        let mut queue = Queue::default();
        queue.polling.upgraded = websocket;
        Self(Arc::new(Shared {
            id,
            sid: sid.into(),
            max_frames: config.queue_frames,
            max_bytes: config.queue_bytes,
            queue: Mutex::new(queue),
            closing: AtomicBool::new(false),
            closed: Notify::new(),
            killed: AtomicBool::new(false),
            draining: AtomicBool::new(false),
            admission: AtomicU8::new(Admission::Awaited as u8),
            beat: Beat::new(Instant::now()),
            counters,
        }))
    }

    /// Number of the session, unique in the process.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// The Engine.IO session identifier. A secret between client and server: who has it can speak
    /// for the client.
    pub(crate) fn sid(&self) -> &str {
        &self.0.sid
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0
    }

    /// Sends one message.
    pub fn send(&self, message: &Message) -> Result<(), SendError> {
        self.push(&Encoded::item(match message {
            Message::Text(text) => Item::text(b'4', text.as_bytes()),
            Message::Binary(data) => Item::binary(data),
        }))
    }

    /// Queues a packet and wakes whoever sends it, if nobody did yet.
    pub(crate) fn push(&self, encoded: &Encoded) -> Result<(), SendError> {
        let shared = &*self.0;
        let mut queue = lock(&shared.queue);
        match queue.push(encoded, shared.max_frames, shared.max_bytes) {
            Ok(pushed) => {
                shared.wake(&mut queue, pushed);
                Ok(())
            }
            Err(error) => {
                if error == SendError::Full {
                    shared.close(&mut queue, CloseReason::SlowConsumer);
                }
                Err(error)
            }
        }
    }

    /// Queues a packet unless the queue is more than half full.
    pub(crate) fn push_volatile(&self, encoded: &Encoded) {
        let shared = &*self.0;
        let mut queue = lock(&shared.queue);
        if queue.more_than_half_full(shared.max_frames, shared.max_bytes) {
            count(&shared.counters.volatile_skipped);
        } else if let Ok(pushed) = queue.push(encoded, shared.max_frames, shared.max_bytes) {
            shared.wake(&mut queue, pushed);
        }
    }

    /// Queues a packet that has its place reserved.
    pub(crate) fn push_control(&self, item: Item) {
        let mut queue = lock(&self.0.queue);
        let pushed = queue.push_control(item);
        self.0.wake(&mut queue, pushed);
    }

    /// Closes the session; the first reason counts.
    pub fn close(&self, reason: CloseReason) {
        let mut queue = lock(&self.0.queue);
        self.0.close(&mut queue, reason);
    }

    /// Whether the session is closed, or being closed.
    pub fn is_closed(&self) -> bool {
        self.0.closing.load(SeqCst)
    }

    /// The application has accepted the client: the connect timeout no longer applies.
    pub fn established(&self) {
        self.set_admission(Admission::Accepted);
    }

    pub(crate) fn set_admission(&self, admission: Admission) {
        self.0.admission.store(admission as u8, SeqCst);
    }

    pub(crate) fn is_admission(&self, admission: Admission) -> bool {
        self.0.admission.load(SeqCst) == admission as u8
    }

    /// Done when the session is closed, or being closed.
    pub fn closed(&self) -> impl Future<Output = ()> + Send + 'static {
        let connection = self.clone();
        async move {
            let closed = connection.0.closed.notified();
            tokio::pin!(closed);
            closed.as_mut().enable();
            if !connection.is_closed() {
                closed.await;
            }
        }
    }

    /// Whether an empty queue would take this much.
    pub(crate) fn would_fit(&self, frames: usize, bytes: usize) -> bool {
        frames <= self.0.max_frames && bytes <= self.0.max_bytes
    }

    /// Why the session is being closed, if it is.
    pub(crate) fn closing(&self) -> Option<CloseReason> {
        if self.is_closed() { lock(&self.0.queue).closing } else { None }
    }

    /// Asks the session to end when its running handler is done.
    pub(crate) fn drain(&self) {
        self.0.draining.store(true, SeqCst);
        self.wake_task();
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.load(SeqCst)
    }

    pub(crate) fn kill(&self) {
        self.0.killed.store(true, SeqCst);
        self.wake_task();
    }

    pub(crate) fn is_killed(&self) -> bool {
        self.0.killed.load(SeqCst)
    }

    pub(crate) fn wake_task(&self) {
        if let Some(waker) = &lock(&self.0.queue).task {
            waker.wake_by_ref();
        }
    }

    /// Runs `change` on the queue. Nothing in it may wait.
    pub(crate) fn with_queue<R>(&self, change: impl FnOnce(&mut Queue) -> R) -> R {
        change(&mut lock(&self.0.queue))
    }

    /// Marks this session as the one running on the thread until the guard is dropped.
    pub(crate) fn run(&self) -> Running {
        Running(RUNNING.replace(self.0.id))
    }

    /// Waits for something to answer a poll with; `None` when there is nothing to poll any more.
    pub(crate) fn poll_payload(
        &self,
        context: &Context<'_>,
        max: usize,
        noop: bool,
    ) -> Poll<Option<Vec<u8>>> {
        let mut queue = lock(&self.0.queue);
        let (payload, packets) = match queue.poll_payload(max, noop) {
            Some(Polled::Payload { payload, packets }) => (payload, packets),
            Some(Polled::Upgraded) => return Poll::Ready(None),
            None => {
                queue.poll = Some(context.waker().clone());
                return Poll::Pending;
            }
        };
        if queue.polling.farewell_taken
            && let Some(task) = &queue.task
        {
            task.wake_by_ref();
        }
        add(&self.0.counters.frames_out, packets);
        add(&self.0.counters.bytes_out, payload.len());
        Poll::Ready(Some(payload))
    }
}

impl Shared {
    fn wake(&self, queue: &mut Queue, pushed: Pushed) {
        match pushed {
            Pushed::WakeTask if RUNNING.get() != self.id => {
                if let Some(task) = &queue.task {
                    task.wake_by_ref();
                }
            }
            Pushed::WakePoll => {
                if let Some(poll) = queue.poll.take() {
                    poll.wake();
                }
            }
            Pushed::WakeTask | Pushed::Quiet => {}
        }
    }

    fn close(&self, queue: &mut Queue, reason: CloseReason) {
        if queue.close(reason) {
            self.closing.store(true, SeqCst);
            self.closed.notify_waiters();
            count(&self.counters.closed[reason.index()]);
            if let Some(task) = &queue.task {
                task.wake_by_ref();
            }
            if let Some(poll) = queue.poll.take() {
                poll.wake();
            }
        }
    }
}

/// See [`Connection::run`].
pub(crate) struct Running(u64);

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.set(self.0);
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("id", &self.0.id).finish_non_exhaustive()
    }
}
