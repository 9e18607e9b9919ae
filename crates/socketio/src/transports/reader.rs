//! Frames out of the stream under a WebSocket.

use std::cell::RefCell;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use tokio::io::ReadBuf;

use super::stream::Stream;
use crate::close::CloseReason;
use crate::frame::{Decoder, Frame};

/// Bytes read at a time. The buffer belongs to the thread: an idle connection has none.
const READ_BUFFER: usize = 32 * 1024;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BUFFER]);
}

/// What was read.
pub(crate) enum Read {
    Frame(Frame),
    /// A frame that may not be, or that is too big.
    Failed(CloseReason),
    /// The client stopped sending.
    End,
    /// The connection broke.
    Lost,
}

/// What reading a WebSocket needs to remember.
pub(crate) struct Reader {
    decoder: Decoder,
    /// Read and not decoded yet: what came with the request, or after a pause.
    unread: Bytes,
}

impl Reader {
    pub(crate) fn new(unread: Bytes, max_payload: usize) -> Self {
        Self { decoder: Decoder::new(max_payload), unread }
    }

    /// The next frame.
    pub(crate) fn poll_frame(
        &mut self,
        stream: &mut Stream,
        context: &mut Context<'_>,
    ) -> Poll<Read> {
        loop {
            if !self.unread.is_empty()
                && let Some(read) = self.decode_unread()
            {
                return Poll::Ready(read);
            }
            let read = BUFFER.with_borrow_mut(|buffer| {
                let mut read = ReadBuf::new(buffer);
                match stream.poll_read(context, &mut read) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(Err(_)) => Poll::Ready(Some(Read::Lost)),
                    Poll::Ready(Ok(())) if read.filled().is_empty() => Poll::Ready(Some(Read::End)),
                    Poll::Ready(Ok(())) => Poll::Ready(self.decode_or_keep(read.filled())),
                }
            });
            match read {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(read)) => return Poll::Ready(read),
                Poll::Ready(None) => {}
            }
        }
    }

    fn decode_unread(&mut self) -> Option<Read> {
        match self.decoder.decode(&self.unread) {
            Err(reason) => Some(Read::Failed(reason)),
            Ok((used, frame)) => {
                self.unread.advance(used);
                if self.unread.is_empty() {
                    // Lets go of the memory behind it.
                    self.unread = Bytes::new();
                }
                frame.map(Read::Frame)
            }
        }
    }

    /// Decodes the first frame of what was just read. What follows it is kept.
    fn decode_or_keep(&mut self, bytes: &[u8]) -> Option<Read> {
        match self.decoder.decode(bytes) {
            Err(reason) => Some(Read::Failed(reason)),
            Ok((used, frame)) => {
                if used < bytes.len() {
                    self.unread = Bytes::copy_from_slice(&bytes[used..]);
                }
                frame.map(Read::Frame)
            }
        }
    }

    /// Reads and forgets, until the client stops sending.
    pub(crate) fn poll_discard(
        &mut self,
        stream: &mut Stream,
        context: &mut Context<'_>,
    ) -> Poll<Read> {
        self.unread = Bytes::new();
        loop {
            let read = BUFFER.with_borrow_mut(|buffer| {
                let mut read = ReadBuf::new(buffer);
                let polled = stream.poll_read(context, &mut read);
                polled.map_ok(|()| read.filled().len())
            });
            match read {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(_)) => return Poll::Ready(Read::Lost),
                Poll::Ready(Ok(0)) => return Poll::Ready(Read::End),
                Poll::Ready(Ok(_)) => {}
            }
        }
    }
}
