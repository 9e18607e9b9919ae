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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http::{Request, Response, StatusCode, header};
    use http_body_util::Empty;
    use hyper::body::Incoming;
    use hyper::server::conn::http1;
    use hyper::service::service_fn;
    use hyper_util::rt::TokioExecutor;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio::sync::mpsc;

    use super::*;

    const REQUEST: &[u8] =
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nmore";

    /// What an upgrade gives when the connection is served as hyper does it, or as axum does it.
    async fn upgraded(as_axum: bool) -> (Stream, Bytes) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let (sender, mut receiver) = mpsc::channel(1);
        let answer = service_fn(move |mut request: Request<Incoming>| {
            let sender = sender.clone();
            async move {
                let upgrade = hyper::upgrade::on(&mut request);
                tokio::spawn(async move { sender.send(upgrade.await.unwrap()).await });
                let answer = Response::builder()
                    .status(StatusCode::SWITCHING_PROTOCOLS)
                    .header(header::CONNECTION, "upgrade")
                    .header(header::UPGRADE, "x");
                Ok::<_, Infallible>(answer.body(Empty::<Bytes>::new()).unwrap())
            }
        });
        tokio::spawn(async move {
            let io = TokioIo::new(stream);
            if as_axum {
                let server = auto::Builder::new(TokioExecutor::new());
                server.serve_connection_with_upgrades(io, answer).await.unwrap();
            } else {
                let connection = http1::Builder::new().serve_connection(io, answer);
                connection.with_upgrades().await.unwrap();
            }
        });
        client.write_all(REQUEST).await.unwrap();
        let mut head = [0; 12];
        client.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 101");
        Stream::take(receiver.recv().await.unwrap(), 8192)
    }

    #[tokio::test]
    async fn the_tcp_connection_is_taken_out_of_hyper_and_bounded() {
        for as_axum in [false, true] {
            let (stream, unread) = upgraded(as_axum).await;
            assert_eq!(unread, "more", "what came with the request is not lost");
            let Stream::Tcp(stream) = stream else { panic!("the stream itself, axum: {as_axum}") };
            assert!(stream.nodelay().unwrap());
            assert!(SockRef::from(&stream).send_buffer_size().unwrap() <= 2 * 8192);
        }
    }
}
