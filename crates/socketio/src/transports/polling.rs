//! HTTP long-polling.

use std::future::poll_fn;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use http_body::Body;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::{Instant, timeout};

use crate::close::CloseReason;
use crate::endpoint::refusal::Refusal;
use crate::endpoint::{Answer, text};
use crate::engine::Application;
use crate::engine::packet::{decode_payload, open as open_packet};
use crate::engine::queue::Polling;
use crate::engine::server::Inner;
use crate::engine::session::Session;
use crate::stats::add;

/// How long a poll waits for an upgrade that has been announced. The official server's interval.
const UPGRADE_MOMENT: Duration = Duration::from_millis(100);

/// Opens a session and answers with its `open` packet.
pub(crate) fn open<A: Application, B>(
    inner: &Arc<Inner<A>>,
    request: &Request<B>,
    peer: IpAddr,
) -> Result<Answer, Refusal> {
    let (slot, opening) = inner.admit(request, peer)?;
    let sid = inner.new_sid();
    let packet = format!("0{}", open_packet(&sid, &["websocket"], &inner.config));
    inner.start(sid, slot, opening, None);
    Ok(text(StatusCode::OK, packet))
}

/// What a request holds while it is answered. Dropped before its end (the client went away), it
/// closes the session: what was on its way is lost, and an order with a hole is no order.
struct Held<'a, A: Application> {
    session: &'a Session<A>,
    place: fn(&mut Polling) -> &mut bool,
    done: bool,
}

impl<'a, A: Application> Held<'a, A> {
    /// Takes a place of which there is one. Two requests of a kind at a time end the session.
    fn take(
        session: &'a Session<A>,
        place: fn(&mut Polling) -> &mut bool,
    ) -> Result<Self, Refusal> {
        let connection = &session.connection;
        let config = &session.inner.config;
        let beat = &connection.shared().beat;
        if beat.overdue(Instant::now(), config.ping_interval, config.ping_timeout) {
            connection.close(CloseReason::PingTimeout);
        }
        let overlap = connection.with_queue(|queue| {
            if queue.polling.upgraded {
                return Err(Refusal::BadRequest);
            }
            Ok(std::mem::replace(place(&mut queue.polling), true))
        })?;
        if overlap {
            connection.close(CloseReason::TransportError);
            return Err(Refusal::BadRequest);
        }
        Ok(Self { session, place, done: false })
    }
}

impl<A: Application> Drop for Held<'_, A> {
    fn drop(&mut self) {
        let connection = &self.session.connection;
        connection.with_queue(|queue| *(self.place)(&mut queue.polling) = false);
        if !self.done {
            connection.close(CloseReason::TransportError);
        }
    }
}

/// Waits for something to send.
pub(crate) async fn get<A: Application>(session: Arc<Session<A>>) -> Result<Answer, Refusal> {
    let mut held = Held::take(&session, |polling| &mut polling.get)?;
    let connection = &session.connection;
    if let Some(reason) = connection.closing() {
        let taken = connection.with_queue(|queue| queue.polling.farewell_taken);
        if !reason.lingers() || taken {
            return Err(Refusal::UnknownSession);
        }
    }
    let max = session.inner.config.max_payload;
    let poll = |noop| poll_fn(move |context| connection.poll_payload(context, max, noop));
    let payload = if connection.with_queue(|queue| queue.polling.probed) {
        // The upgrade is a moment away: a client that polled on would only be sent round.
        match timeout(UPGRADE_MOMENT, poll(false)).await {
            Ok(payload) => payload,
            Err(_) => poll(true).await,
        }
    } else {
        poll(true).await
    };
    held.done = true;
    payload.map(|payload| text(StatusCode::OK, payload)).ok_or(Refusal::BadRequest)
}

/// Takes what the client sends.
pub(crate) async fn post<A: Application, B>(
    session: Arc<Session<A>>,
    request: Request<B>,
) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut held = Held::take(&session, |polling| &mut polling.post)?;
    if session.connection.is_closed() {
        return Err(Refusal::UnknownSession);
    }
    let result = take_payload(&session, request).await;
    held.done = true;
    match result {
        Ok(()) => Ok(text(StatusCode::OK, "ok")),
        Err((reason, refusal)) => {
            session.connection.close(reason);
            refusal.map_or_else(|| Ok(text(StatusCode::OK, "ok")), Err)
        }
    }
}

/// Why the session ends, and what the request is answered with if not `ok`.
type Failure = (CloseReason, Option<Refusal>);

async fn take_payload<A: Application, B>(
    session: &Session<A>,
    request: Request<B>,
) -> Result<(), Failure>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let config = &session.inner.config;
    if !is_plain_text(request.headers()) {
        return Err((CloseReason::ParseError, Some(Refusal::BadRequest)));
    }
    let body = Limited::new(request.into_body(), config.max_payload).collect();
    let body = match timeout(config.body_timeout, body).await {
        Err(_) => return Err((CloseReason::TransportError, Some(Refusal::BodyTooSlow))),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            return Err((CloseReason::TooBig, Some(Refusal::BodyTooLarge)));
        }
        Ok(Err(_)) => return Err((CloseReason::TransportError, Some(Refusal::BadRequest))),
        Ok(Ok(body)) => body.to_bytes(),
    };
    add(&session.connection.shared().counters.bytes_in, body.len());
    let payload = std::str::from_utf8(&body)
        .map_err(|_| (CloseReason::InvalidUtf8, Some(Refusal::BadRequest)))?;
    for packet in decode_payload(payload) {
        if !session.room().await {
            return Err((CloseReason::TransportError, Some(Refusal::UnknownSession)));
        }
        let taken = packet.and_then(|packet| session.take(packet));
        session.connection.wake_task();
        taken.map_err(|reason| {
            // A client that says goodbye is told `ok`.
            let polite = reason == CloseReason::ClientGone;
            (reason, (!polite).then_some(Refusal::BadRequest))
        })?;
    }
    Ok(())
}

/// Whether the body is what this revision of the protocol sends: text, not compressed.
fn is_plain_text(headers: &HeaderMap) -> bool {
    let binary = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/octet-stream"));
    let encoded =
        headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    !binary && !encoded
}
