//! A session's WebSocket: frames in, frames out, and an orderly end.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::io::IoSlice;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::time::{Sleep, sleep};

use super::reader::{Read, Reader};
use super::stream::Stream;
use crate::Config;
use crate::close::CloseReason;
use crate::encoded::Item;
use crate::engine::connection::Connection;
use crate::engine::packet::Incoming;
use crate::engine::queue::Refill;
use crate::engine::session::Session;
use crate::engine::{Application, Message};
use crate::frame::{self, Frame, Opcode};
use crate::stats::add;

/// Frames written at a time.
const MAX_PARTS: usize = 64;

/// Bytes up to which several frames are copied together: for small ones that costs the kernel and
/// us less than a vectored write does (10 to 40 % of a burst's CPU, measured in bench/fan-out).
const JOIN_LIMIT: usize = 16 * 1024;

thread_local! {
    /// Where they are copied to.
    static JOINED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

pub(crate) struct WebSocket {
    stream: Stream,
    reader: Reader,
    sending: VecDeque<Item>,
    /// How much of the first frame in `sending` has left.
    offset: usize,
    /// Frames and bytes that left since the queue was told.
    written: (usize, usize),
    /// The answer to the client's latest ping; the older ones need none (RFC 6455, 5.5.3).
    pong: Option<Bytes>,
    paused: bool,
    /// The client has said that it closes, or has stopped sending.
    heard: bool,
    /// The client's frames can no longer be told apart: what still comes is thrown away.
    deaf: bool,
    stage: Stage,
}

enum Stage {
    Open,
    Closing(Box<Closing>),
    /// Nothing more can be sent or read.
    Finished,
}

struct Closing {
    /// Our close frame is in `sending` or has left.
    said: bool,
    grace: Pin<Box<Sleep>>,
}

impl WebSocket {
    /// A WebSocket on an upgraded stream; `unread` came after the request.
    pub(crate) fn new(stream: Stream, unread: Bytes, max_payload: usize) -> Self {
        Self {
            stream,
            reader: Reader::new(unread, max_payload),
            sending: VecDeque::new(),
            offset: 0,
            written: (0, 0),
            pong: None,
            paused: false,
            heard: false,
            deaf: false,
            stage: Stage::Open,
        }
    }

    /// Makes the end a reset.
    pub(crate) fn abort(&mut self) {
        self.stream.reset_on_drop();
        self.stage = Stage::Finished;
    }

    /// The next frame.
    pub(crate) fn poll_frame(&mut self, context: &mut Context<'_>) -> Poll<Read> {
        self.reader.poll_frame(&mut self.stream, context)
    }

    /// Takes in what the client sent, as far as there is room. True when there was none left.
    pub(crate) fn read<A: Application>(
        &mut self,
        context: &mut Context<'_>,
        session: &Session<A>,
    ) -> bool {
        let connection = &session.connection;
        while matches!(self.stage, Stage::Open) {
            if connection.is_closed() || connection.is_draining() {
                return false;
            }
            let full = session.is_full();
            if full != self.paused {
                self.paused = full;
                connection.shared().beat.set_paused(full);
            }
            if full {
                return true;
            }
            let Poll::Ready(read) = self.poll_frame(context) else { return false };
            match read {
                Read::Frame(Frame::Close(_)) => {
                    self.heard = true;
                    connection.close(CloseReason::ClientGone);
                }
                Read::Frame(frame) => {
                    if let Err(reason) = self.take_frame(frame, session) {
                        connection.close(reason);
                    }
                }
                Read::Failed(reason) => {
                    self.deaf = true;
                    connection.close(reason);
                }
                Read::End => {
                    connection.close(CloseReason::ClientGone);
                    self.stage = Stage::Finished;
                }
                Read::Lost => {
                    connection.close(CloseReason::TransportError);
                    self.stage = Stage::Finished;
                }
            }
        }
        false
    }

    fn take_frame<A: Application>(
        &mut self,
        frame: Frame,
        session: &Session<A>,
    ) -> Result<(), CloseReason> {
        let shared = session.connection.shared();
        match frame {
            Frame::Text(text) => {
                add(&shared.counters.bytes_in, text.len());
                session.take(Incoming::text(text)?)
            }
            Frame::Binary(data) => {
                add(&shared.counters.bytes_in, data.len());
                session.take(Incoming::Message(Message::Binary(data)))
            }
            Frame::Ping(data) => {
                shared.beat.touch();
                self.pong = Some(frame::encode(Opcode::Pong, &data));
                Ok(())
            }
            Frame::Pong | Frame::Close(_) => {
                shared.beat.touch();
                Ok(())
            }
        }
    }

    /// Sends what is queued. Ready when the WebSocket is at its end.
    pub(crate) fn write(
        &mut self,
        context: &mut Context<'_>,
        connection: &Connection,
        config: &Config,
    ) -> Poll<()> {
        if matches!(self.stage, Stage::Open)
            && let Some(reason) = connection.closing()
        {
            self.begin_close(reason, config);
        }
        if !matches!(self.stage, Stage::Finished) && self.flush(context, connection).is_err() {
            connection.close(CloseReason::TransportError);
            self.stage = Stage::Finished;
        }
        match self.stage {
            Stage::Open => Poll::Pending,
            Stage::Closing(_) => self.poll_close(context),
            Stage::Finished => Poll::Ready(()),
        }
    }

    fn begin_close(&mut self, reason: CloseReason, config: &Config) {
        if !reason.flushes() {
            // A frame of which a part has left has to be completed, or the client would read the
            // close frame as the rest of it.
            self.sending.truncate(usize::from(self.offset > 0));
        }
        let grace =
            if reason.peer_silent() { config.slow_consumer_grace } else { config.close_grace };
        self.stage =
            Stage::Closing(Box::new(Closing { said: false, grace: Box::pin(sleep(grace)) }));
    }

    /// Writes until nothing is left or the socket is full.
    fn flush(&mut self, context: &mut Context<'_>, connection: &Connection) -> std::io::Result<()> {
        loop {
            if self.sending.is_empty() && !self.next_to_send(connection) {
                if let Poll::Ready(Err(error)) = self.stream.poll_flush(context) {
                    return Err(error);
                }
                return Ok(());
            }
            match self.write_some(context) {
                Poll::Ready(Ok(0)) => return Err(std::io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(count)) => self.advance(count, connection),
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => {
                    let written = std::mem::take(&mut self.written);
                    if written.0 > 0 {
                        connection.with_queue(|queue| queue.settle(written));
                    }
                    return Ok(());
                }
            }
        }
    }

    /// Fills `sending`; false if there is nothing to send.
    fn next_to_send(&mut self, connection: &Connection) -> bool {
        if let Stage::Closing(closing) = &self.stage
            && closing.said
        {
            return false;
        }
        if let Some(pong) = self.pong.take() {
            self.sending.push_back(Item::control(pong));
            return true;
        }
        let written = std::mem::take(&mut self.written);
        match connection.with_queue(|queue| queue.refill(&mut self.sending, written)) {
            Refill::Items => true,
            Refill::Empty => false,
            // Decided after this turn began: the next one, which is on its way, begins to close.
            Refill::Close(_) if matches!(self.stage, Stage::Open) => false,
            Refill::Close(reason) => {
                let (code, text) = reason.frame();
                self.sending.push_back(Item::control(frame::encode_close(code, text)));
                if let Stage::Closing(closing) = &mut self.stage {
                    closing.said = true;
                }
                true
            }
        }
    }

    /// One system call for as much of `sending` as goes into it.
    fn write_some(&mut self, context: &mut Context<'_>) -> Poll<std::io::Result<usize>> {
        let mut parts = [IoSlice::new(&[]); MAX_PARTS];
        let (mut count, mut bytes) = (0, 0);
        for (part, item) in parts.iter_mut().zip(&self.sending) {
            let skip = if count == 0 { self.offset } else { 0 };
            *part = IoSlice::new(item.frame.get(skip..).unwrap_or_default());
            bytes += part.len();
            count += 1;
        }
        let parts = &parts[..count];
        if count == 1 || bytes > JOIN_LIMIT {
            return self.stream.poll_write(context, parts);
        }
        JOINED.with_borrow_mut(|joined| {
            joined.clear();
            for part in parts {
                joined.extend_from_slice(part);
            }
            self.stream.poll_write(context, &[IoSlice::new(joined)])
        })
    }

    /// Takes what has left out of `sending`.
    fn advance(&mut self, count: usize, connection: &Connection) {
        let mut left = self.offset + count;
        let mut frames = 0;
        while let Some(item) = self.sending.front() {
            let length = item.frame.len();
            if left < length {
                break;
            }
            left -= length;
            frames += 1;
            if item.is_counted() {
                self.written.0 += 1;
                self.written.1 += length;
            }
            self.sending.pop_front();
        }
        self.offset = left;
        let counters = &connection.shared().counters;
        add(&counters.frames_out, frames);
        add(&counters.bytes_out, count);
    }

    /// Waits for both sides to have said that they close, or for the end of the grace.
    fn poll_close(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while !self.heard {
            let read = if self.deaf {
                self.reader.poll_discard(&mut self.stream, context)
            } else {
                self.poll_frame(context)
            };
            match read {
                Poll::Pending => break,
                Poll::Ready(Read::Frame(Frame::Close(_)) | Read::End) => self.heard = true,
                Poll::Ready(Read::Frame(_)) => {}
                Poll::Ready(Read::Failed(_)) => self.deaf = true,
                Poll::Ready(Read::Lost) => {
                    self.stage = Stage::Finished;
                    return Poll::Ready(());
                }
            }
        }
        let Stage::Closing(closing) = &mut self.stage else { return Poll::Ready(()) };
        let told = closing.said && self.sending.is_empty();
        // From a client that is no longer understood no close frame can be expected: it is shown
        // the end of the stream, and its own is awaited, so that ours is not lost in a reset.
        let shut =
            told && (self.heard || self.deaf) && self.stream.poll_shutdown(context).is_ready();
        let done = if shut && self.heard {
            true
        } else if closing.grace.as_mut().poll(context).is_ready() {
            self.stream.reset_on_drop();
            true
        } else {
            false
        };
        if done {
            self.stage = Stage::Finished;
            return Poll::Ready(());
        }
        Poll::Pending
    }

    /// Writes everything in `sending` and nothing else, for the short talk before a session has
    /// the WebSocket.
    pub(crate) fn poll_send(
        &mut self,
        context: &mut Context<'_>,
        connection: &Connection,
    ) -> Poll<std::io::Result<()>> {
        while !self.sending.is_empty() {
            match self.write_some(context) {
                Poll::Ready(Ok(0)) => {
                    return Poll::Ready(Err(std::io::ErrorKind::WriteZero.into()));
                }
                Poll::Ready(Ok(count)) => self.advance(count, connection),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        self.stream.poll_flush(context)
    }

    /// Queues a frame that no session's queue counts.
    pub(crate) fn queue_control(&mut self, frame: Bytes) {
        self.sending.push_back(Item::control(frame));
    }
}
