//! Engine.IO 4 (`socketio/engine.io-protocol`): sessions over long-polling and WebSocket. Usable by
//! itself, without Socket.IO: implement [`Application`] and hand requests to [`Engine::handle`].

pub(crate) mod beat;
pub(crate) mod connection;
pub(crate) mod driver;
pub(crate) mod heartbeat;
pub(crate) mod packet;
pub(crate) mod queue;
pub(crate) mod registry;
pub(crate) mod server;
pub(crate) mod session;

pub use connection::Connection;
pub use server::Engine;

use std::future::Future;
use std::net::IpAddr;

use bytes::Bytes;
use http::HeaderMap;

use crate::close::CloseReason;
use crate::endpoint::headers::KeptHeaders;

/// One message of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Text, without the packet type.
    Text(String),
    /// Binary data.
    Binary(Bytes),
}

impl Message {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(data) => data.len(),
        }
    }
}

/// What is known of a client when its session opens.
#[derive(Clone, Debug)]
pub struct Opening {
    pub(crate) headers: KeptHeaders,
    pub(crate) query: Box<str>,
    /// Address the request came from, as told by the caller of [`Engine::handle`].
    pub peer: IpAddr,
}

impl Opening {
    /// Headers of the request that opened the session, less those about the connection itself.
    pub fn headers(&self) -> HeaderMap {
        self.headers.to_map()
    }

    /// Its query string.
    pub fn query(&self) -> &str {
        &self.query
    }
}

/// What runs on top of Engine.IO sessions.
///
/// A message passes two steps. [`receive`](Self::receive) understands it while it is being read,
/// without waiting: even when a handler runs, so that answers a handler waits for are seen.
/// [`handle`](Self::handle) acts on it, one message after another in the order they were sent.
pub trait Application: Send + Sync + 'static {
    /// What understanding a session's messages needs.
    type Intake: Send + 'static;
    /// A message understood, waiting for its turn.
    type Packet: Send + 'static;
    /// What the handlers of a session own.
    type State: Send + 'static;

    /// A session opened. An application without a sign-in of its own calls
    /// [`Connection::established`] here, or the session ends after the connect timeout.
    fn open(&self, connection: &Connection, opening: Opening) -> (Self::Intake, Self::State);

    /// Understands one message: something to handle, nothing, or a reason to close.
    fn receive(
        &self,
        intake: &mut Self::Intake,
        message: Message,
    ) -> Result<Option<Self::Packet>, CloseReason>;

    /// Whether the client has kept a message unfinished for too long; asked with each ping.
    fn stalled(&self, _intake: &Self::Intake) -> bool {
        false
    }

    /// Acts on a message.
    fn handle(
        &self,
        state: &mut Self::State,
        packet: Self::Packet,
    ) -> impl Future<Output = ()> + Send;

    /// The session ended; called once, after the last handler.
    fn close(&self, state: Self::State, reason: CloseReason) -> impl Future<Output = ()> + Send;
}
