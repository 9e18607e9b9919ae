//! The bytes under a WebSocket.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A TCP connection taken out of hyper, or, when it is something else (TLS), hyper's own stream.
pub(crate) enum Stream {
    Tcp(TcpStream),
    Other(Box<TokioIo<Upgraded>>),
}

impl Stream {
    /// Takes the connection out of hyper, with what hyper has read beyond the request.
    pub(crate) fn take(upgraded: Upgraded, send_buffer: usize) -> (Self, Bytes) {
        let upgraded = match auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded) {
            Ok(parts) => return (Self::tcp(parts.io.into_inner(), send_buffer), parts.read_buf),
            Err(upgraded) => upgraded,
        };
        match upgraded.downcast::<TokioIo<TcpStream>>() {
            Ok(parts) => (Self::tcp(parts.io.into_inner(), send_buffer), parts.read_buf),
            Err(upgraded) => (Self::Other(Box::new(TokioIo::new(upgraded))), Bytes::new()),
        }
    }

    fn tcp(stream: TcpStream, send_buffer: usize) -> Self {
        // Neither is worth losing the connection for.
        let _ = stream.set_nodelay(true);
        let _ = SockRef::from(&stream).set_send_buffer_size(send_buffer);
        Self::Tcp(stream)
    }

    /// Makes the coming drop a reset: what the kernel still holds for the client is thrown away.
    pub(crate) fn reset_on_drop(&self) {
        if let Self::Tcp(stream) = self {
            let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
        }
    }

    pub(crate) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Other(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }

    pub(crate) fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match (self, parts) {
            // One part is what most deliveries are, and `write` costs less than `writev`.
            (Self::Tcp(stream), [only]) => Pin::new(stream).poll_write(context, only),
            (Self::Tcp(stream), parts) => Pin::new(stream).poll_write_vectored(context, parts),
            (Self::Other(stream), parts) => Pin::new(stream).poll_write_vectored(context, parts),
        }
    }

    pub(crate) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(_) => Poll::Ready(Ok(())),
            Self::Other(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    pub(crate) fn poll_shutdown(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Other(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
