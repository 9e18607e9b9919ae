//! What waits to be sent on one connection: bounded in frames and bytes, and handed over whole.

use std::collections::VecDeque;
use std::task::Waker;

use crate::close::CloseReason;
use crate::encoded::{Encoded, Item};
use crate::engine::packet::SEPARATOR;
use crate::error::SendError;

/// A queue keeps its memory between messages, but not that of a burst.
const KEEP_CAPACITY: usize = 64;

/// Everything about sending that has to change together.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    items: VecDeque<Item>,
    /// Frames and bytes queued or being written.
    frames: usize,
    bytes: usize,
    pub(crate) closing: Option<CloseReason>,
    /// The writer was woken and has not found the queue empty since.
    awake: bool,
    /// The task of the session.
    pub(crate) task: Option<Waker>,
    /// A poll that waits for something to send.
    pub(crate) poll: Option<Waker>,
    pub(crate) polling: Polling,
}

/// Where a session that began with polling stands. For one that began as WebSocket: `upgraded`.
#[derive(Debug, Default)]
pub(crate) struct Polling {
    /// A GET is waiting or being answered.
    pub(crate) get: bool,
    /// A POST is being read.
    pub(crate) post: bool,
    /// A WebSocket has asked to take over.
    pub(crate) probing: bool,
    /// It has answered the probe: polls end at once from here on.
    pub(crate) probed: bool,
    /// A WebSocket carries the session.
    pub(crate) upgraded: bool,
    /// The last answer was fetched.
    pub(crate) farewell_taken: bool,
}

/// Whom to wake after a push.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    WakeTask,
    WakePoll,
    Quiet,
}

/// What the writer got.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refill {
    Items,
    Empty,
    /// Nothing more will come: say why and close.
    Close(CloseReason),
}

/// What a poll is answered with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Polled {
    Payload {
        payload: Vec<u8>,
        packets: usize,
    },
    /// A WebSocket carries the session: there is nothing to poll any more.
    Upgraded,
}

impl Queue {
    /// Adds a packet. On overflow the connection is marked as closing and its queue is dropped
    /// whole: a client never misses one event in the middle.
    pub(crate) fn push(
        &mut self,
        encoded: &Encoded,
        max_frames: usize,
        max_bytes: usize,
    ) -> Result<Pushed, SendError> {
        if self.closing.is_some() {
            return Err(SendError::Closed);
        }
        let (frames, bytes) = encoded.weight();
        let fits = self.frames + frames <= max_frames && self.bytes + bytes <= max_bytes;
        if !fits && self.frames > 0 {
            return Err(SendError::Full);
        }
        self.frames += frames;
        self.bytes += bytes;
        self.items.extend(encoded.items().cloned());
        Ok(self.wake())
    }

    /// Whether a frame that may be skipped should be.
    pub(crate) fn more_than_half_full(&self, max_frames: usize, max_bytes: usize) -> bool {
        self.frames > max_frames / 2 || self.bytes > max_bytes / 2
    }

    /// Adds a packet that always fits: there is at most one of its kind at a time (ping, open).
    pub(crate) fn push_control(&mut self, item: Item) -> Pushed {
        if self.closing.is_some() {
            return Pushed::Quiet;
        }
        self.frames += 1;
        self.bytes += item.frame.len();
        self.items.push_back(item);
        self.wake()
    }

    fn wake(&mut self) -> Pushed {
        if !self.polling.upgraded {
            return Pushed::WakePoll;
        }
        if std::mem::replace(&mut self.awake, true) { Pushed::Quiet } else { Pushed::WakeTask }
    }

    /// Decides to close, once: false if that was decided before.
    pub(crate) fn close(&mut self, reason: CloseReason) -> bool {
        if self.closing.is_some() {
            return false;
        }
        self.closing = Some(reason);
        if !reason.flushes() {
            self.items = VecDeque::new();
        }
        true
    }

    /// Gives the writer all that is queued, in exchange for its empty buffer; `written` frames and
    /// bytes have left since the last call.
    pub(crate) fn refill(
        &mut self,
        sending: &mut VecDeque<Item>,
        written: (usize, usize),
    ) -> Refill {
        self.settle(written);
        if !self.items.is_empty() {
            std::mem::swap(&mut self.items, sending);
            return Refill::Items;
        }
        if let Some(reason) = self.closing {
            return Refill::Close(reason);
        }
        self.awake = false;
        if self.items.capacity() > KEEP_CAPACITY {
            self.items = VecDeque::new();
        }
        Refill::Empty
    }

    /// Frees the room of what has left.
    pub(crate) fn settle(&mut self, (frames, bytes): (usize, usize)) {
        self.frames = self.frames.saturating_sub(frames);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// What a poll gets now; nothing if it has to wait. `noop` ends it when an upgrade is near.
    pub(crate) fn poll_payload(&mut self, max_bytes: usize, noop: bool) -> Option<Polled> {
        if self.polling.upgraded {
            return Some(Polled::Upgraded);
        }
        let mut payload = Vec::new();
        let mut packets = 0;
        while let Some(item) = self.items.front() {
            if packets > 0 && payload.len() + item.frame.len() > max_bytes {
                break;
            }
            if packets > 0 {
                payload.push(SEPARATOR);
            }
            item.write_polling(&mut payload);
            packets += 1;
            let weight = (1, item.frame.len());
            self.items.pop_front();
            self.settle(weight);
        }
        if let (Some(reason), true) = (self.closing, self.items.is_empty()) {
            self.polling.farewell_taken = true;
            if packets > 0 {
                payload.push(SEPARATOR);
            }
            // A client that closes by itself gets a `noop` to end its poll.
            payload.push(if reason == CloseReason::ClientGone { b'6' } else { b'1' });
            packets += 1;
        } else if packets == 0 && noop && self.polling.probed {
            payload.push(b'6');
            packets += 1;
        }
        if self.items.is_empty() && self.items.capacity() > KEEP_CAPACITY {
            self.items = VecDeque::new();
        }
        (packets > 0).then_some(Polled::Payload { payload, packets })
    }

    /// A WebSocket takes over: what is queued is its to send.
    pub(crate) fn upgrade(&mut self) {
        self.polling.upgraded = true;
        self.polling.probing = false;
        self.awake = true;
    }
}
