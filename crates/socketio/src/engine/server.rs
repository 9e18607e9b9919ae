//! The endpoint: answers requests, opens sessions, stops.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::Body;
use http_body_util::Full;
use tokio::time::{Instant, timeout_at};

use super::connection::Connection;
use super::driver::Driver;
use super::heartbeat::{Heartbeat, sweep};
use super::packet::open as open_packet;
use super::registry::{Registry, Slot};
use super::session::Session;
use super::{Application, Opening};
use crate::config::{Config, FillRandom};
use crate::encoded::Item;
use crate::endpoint::headers::KeptHeaders;
use crate::endpoint::origin::{Verdict, is_preflight, preflight};
use crate::endpoint::query::{Query, TransportName};
use crate::endpoint::refusal::Refusal;
use crate::stats::{Counters, Stats, count};
use crate::transports::websocket::WebSocket;
use crate::transports::{polling, upgrade};

/// Numbers of sessions, unique in the process.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// An Engine.IO endpoint. Cloning copies a pointer.
pub struct Engine<A: Application>(pub(crate) Arc<Inner<A>>);

pub(crate) struct Inner<A: Application> {
    pub(crate) config: Config,
    pub(crate) application: A,
    pub(crate) registry: Registry<A>,
    pub(crate) heartbeat: Arc<Heartbeat<A>>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) ping: Item,
    accepting: AtomicBool,
}

impl<A: Application> Engine<A> {
    /// An endpoint without sessions. Must be called inside a tokio runtime.
    pub fn new(config: Config, application: A) -> Self {
        let inner = Arc::new(Inner {
            config: config.clamped(),
            application,
            registry: Registry::new(),
            heartbeat: Arc::new(Heartbeat::new()),
            counters: Arc::new(Counters::default()),
            ping: Inner::<A>::ping_packet(),
            accepting: AtomicBool::new(true),
        });
        tokio::spawn(sweep(Arc::downgrade(&inner)));
        Self(inner)
    }

    /// What runs on top.
    pub fn application(&self) -> &A {
        &self.0.application
    }

    /// Answers one request: polling GET and POST, preflight, or the upgrade to WebSocket. The path
    /// is the caller's affair. `peer` is who limits by address count.
    pub async fn handle<B>(&self, request: Request<B>, peer: IpAddr) -> Response<Full<Bytes>>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let verdict = self.0.config.origins.judge(request.headers(), request.uri());
        if verdict == Verdict::Refused {
            count(&self.0.counters.refused_origins);
            return Refusal::ForbiddenOrigin.answer();
        }
        let answer = if is_preflight(request.method()) {
            preflight(request.headers())
        } else {
            self.route(request, peer).await.unwrap_or_else(|refusal| {
                use Refusal::{Stopping, TooManySessions, TooManySessionsOfAddress};
                if matches!(refusal, Stopping | TooManySessions | TooManySessionsOfAddress) {
                    count(&self.0.counters.refused_sessions);
                }
                refusal.answer()
            })
        };
        verdict.decorate(answer)
    }

    async fn route<B>(
        &self,
        request: Request<B>,
        peer: IpAddr,
    ) -> Result<Response<Full<Bytes>>, Refusal>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let query = Query::parse(&query)?;
        let session = match query.sid {
            Some(sid) => Some(self.0.registry.find(sid).ok_or(Refusal::UnknownSession)?),
            None => None,
        };
        match (query.transport, session) {
            (_, None) if request.method() != Method::GET => Err(Refusal::HandshakeMethod),
            (TransportName::Polling, None) => polling::open(&self.0, &request, peer),
            (TransportName::WebSocket, None) => upgrade::open(&self.0, request, peer),
            (TransportName::WebSocket, Some(session)) => upgrade::probe(session, request),
            (TransportName::Polling, Some(session)) => match *request.method() {
                Method::GET => polling::get(session).await,
                Method::POST => polling::post(session, request).await,
                _ => Err(Refusal::BadRequest),
            },
        }
    }

    /// Counters since the start.
    pub fn stats(&self) -> Stats {
        self.0.counters.read()
    }

    /// Refuses new sessions with 503 from now on; those there are go on.
    pub fn stop_accepting(&self) {
        self.0.accepting.store(false, SeqCst);
    }

    /// Stops: refuses new sessions, lets each running handler end and what is queued leave, closes
    /// every session. What is left after `grace` is dropped, and so are its handlers.
    pub async fn shutdown(&self, grace: Duration) {
        self.stop_accepting();
        let deadline = Instant::now() + grace;
        let sessions = self.0.registry.all();
        for session in &sessions {
            session.connection.drain();
        }
        drop(sessions);
        let _ = timeout_at(deadline, self.emptied()).await;
        for session in self.0.registry.all() {
            session.connection.kill();
        }
    }

    async fn emptied(&self) {
        loop {
            let emptied = self.0.registry.emptied.notified();
            tokio::pin!(emptied);
            emptied.as_mut().enable();
            if self.0.registry.is_empty() {
                return;
            }
            emptied.await;
        }
    }
}

impl<A: Application> Inner<A> {
    /// What a handshake needs before anything is made: leave, a place, and headers of fair size.
    pub(crate) fn admit<B>(
        self: &Arc<Self>,
        request: &Request<B>,
        peer: IpAddr,
    ) -> Result<(Slot<A>, Opening), Refusal> {
        if !self.accepting.load(SeqCst) {
            return Err(Refusal::Stopping);
        }
        let headers = KeptHeaders::keep(request.headers(), self.config.max_header_bytes)?;
        let query = request.uri().query().unwrap_or_default().into();
        Ok((Slot::take(self, peer)?, Opening { headers, query, peer }))
    }

    pub(crate) fn new_sid(&self) -> String {
        new_sid(&self.config.random)
    }

    /// Opens a session and starts its task.
    pub(crate) fn start(
        self: &Arc<Self>,
        sid: String,
        slot: Slot<A>,
        opening: Opening,
        websocket: Option<WebSocket>,
    ) {
        let id = NEXT_ID.fetch_add(1, SeqCst);
        let by_websocket = websocket.is_some();
        let counters = Arc::clone(&self.counters);
        let connection = Connection::new(id, sid, &self.config, counters, by_websocket);
        if by_websocket {
            // On polling it is the answer to the handshake itself.
            let packet = open_packet(connection.sid(), &[], &self.config);
            connection.push_control(Item::text(b'0', packet.as_bytes()));
        }
        let (intake, state) = self.application.open(&connection, opening);
        let session = Arc::new(Session::new(Arc::clone(self), connection, intake));
        self.registry.add(&session, !by_websocket);
        self.heartbeat.watch(&session);
        if !self.accepting.load(SeqCst) {
            // Came in while the sessions were being told to end.
            session.connection.drain();
        }
        tokio::spawn(Driver::new(session, state, websocket, slot));
    }
}

/// An unguessable identifier: 144 bits.
pub(crate) fn new_sid(random: &FillRandom) -> String {
    let mut bytes = [0; 18];
    random(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

impl<A: Application> Clone for Engine<A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A: Application> fmt::Debug for Engine<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("config", &self.0.config).finish_non_exhaustive()
    }
}
