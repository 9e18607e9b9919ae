//! Requests for a WebSocket: a new session, or a polling session's way up.

use std::future::poll_fn;
use std::net::IpAddr;
use std::sync::Arc;

use http::Request;
use hyper::upgrade::{OnUpgrade, on};
use tokio::time::timeout;

use super::handshake::accept;
use super::reader::Read;
use super::stream::Stream;
use super::websocket::WebSocket;
use crate::Config;
use crate::close::CloseReason;
use crate::encoded::Item;
use crate::endpoint::Answer;
use crate::endpoint::refusal::Refusal;
use crate::engine::Application;
use crate::engine::server::Inner;
use crate::engine::session::Session;
use crate::frame::{self, Frame, Opcode};

/// Opens a session on a WebSocket.
pub(crate) fn open<A: Application, B>(
    inner: &Arc<Inner<A>>,
    mut request: Request<B>,
    peer: IpAddr,
) -> Result<Answer, Refusal> {
    let answer = accept(&request)?;
    let (slot, opening) = inner.admit(&request, peer)?;
    let upgrade = on(&mut request);
    let inner = Arc::clone(inner);
    tokio::spawn(async move {
        if let Some(websocket) = take(upgrade, &inner.config).await {
            inner.start(inner.new_sid(), slot, opening, Some(websocket));
        }
    });
    Ok(answer)
}

/// The WebSocket, once hyper has sent the answer.
async fn take(upgrade: OnUpgrade, config: &Config) -> Option<WebSocket> {
    let upgraded = timeout(config.upgrade_timeout, upgrade).await.ok()?.ok()?;
    let (stream, unread) = Stream::take(upgraded, config.send_buffer);
    Some(WebSocket::new(stream, unread, config.max_payload))
}

/// Brings a WebSocket for a session that polls. While another one has its chance, or one carries
/// the session already, the new one is closed, as the official server does it: after the answer.
pub(crate) fn probe<A: Application, B>(
    session: Arc<Session<A>>,
    mut request: Request<B>,
) -> Result<Answer, Refusal> {
    let answer = accept(&request)?;
    if session.connection.is_closed() {
        return Err(Refusal::UnknownSession);
    }
    let first = session.connection.with_queue(|queue| {
        let free = !queue.polling.upgraded && !queue.polling.probing;
        queue.polling.probing |= free;
        free
    });
    let upgrade = on(&mut request);
    tokio::spawn(async move {
        // Created before anything is awaited, so that the place is given back in any case.
        let probing = first.then(|| Probing { session: Arc::clone(&session) });
        let config = &session.inner.config;
        let Some(mut websocket) = take(upgrade, config).await else { return };
        if probing.is_some() {
            let talk = talk(&mut websocket, &session);
            if matches!(timeout(config.upgrade_timeout, talk).await, Ok(true))
                && !session.connection.is_closed()
            {
                session.hand_over(websocket);
                return;
            }
        }
        refuse(websocket, &session).await;
    });
    Ok(answer)
}

/// The session's one place for a WebSocket that asks to take over.
struct Probing<A: Application> {
    session: Arc<Session<A>>,
}

impl<A: Application> Drop for Probing<A> {
    fn drop(&mut self) {
        self.session.connection.with_queue(|queue| {
            queue.polling.probing = false;
            queue.polling.probed = false;
        });
    }
}

/// `2probe`, `3probe`, `5`: true when the client has said the last word of it.
async fn talk<A: Application>(websocket: &mut WebSocket, session: &Session<A>) -> bool {
    let connection = &session.connection;
    loop {
        let text = match poll_fn(|context| websocket.poll_frame(context)).await {
            Read::Frame(Frame::Text(text)) => text,
            Read::Frame(Frame::Ping(data)) => {
                websocket.queue_control(frame::encode(Opcode::Pong, &data));
                if poll_fn(|context| websocket.poll_send(context, connection)).await.is_err() {
                    return false;
                }
                continue;
            }
            Read::Frame(Frame::Pong) => continue,
            Read::Frame(Frame::Binary(_) | Frame::Close(_))
            | Read::Failed(_)
            | Read::End
            | Read::Lost => return false,
        };
        match text.as_str() {
            "2probe" => {
                websocket.queue_control(Item::text(b'3', b"probe").frame);
                if poll_fn(|context| websocket.poll_send(context, connection)).await.is_err() {
                    return false;
                }
                // Ends the poll that waits, so that the client can stop polling.
                let poll = connection.with_queue(|queue| {
                    queue.polling.probed = true;
                    queue.poll.take()
                });
                if let Some(poll) = poll {
                    poll.wake();
                }
            }
            "5" => return true,
            _ => return false,
        }
    }
}

/// Closes a WebSocket that does not get the session.
async fn refuse<A: Application>(mut websocket: WebSocket, session: &Session<A>) {
    let (code, reason) = CloseReason::ClientGone.frame();
    websocket.queue_control(frame::encode_close(code, reason));
    let connection = &session.connection;
    let farewell = async {
        if poll_fn(|context| websocket.poll_send(context, connection)).await.is_err() {
            return;
        }
        loop {
            let read = poll_fn(|context| websocket.poll_frame(context)).await;
            if !matches!(
                read,
                Read::Frame(Frame::Text(_) | Frame::Binary(_) | Frame::Ping(_) | Frame::Pong)
            ) {
                return;
            }
        }
    };
    let _ = timeout(session.inner.config.close_grace, farewell).await;
}
