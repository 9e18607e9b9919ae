//! What the user of the crate writes, and what it is given.

use std::future::Future;
use std::net::IpAddr;

use http::HeaderMap;
use serde_json::Value;

use crate::ack::Ack;
use crate::close::CloseReason;
use crate::error::ConnectError;
use crate::event::Event;
use crate::socket::Socket;

/// What answers the clients. All of one connection happens one after another, in the order the
/// client sent it; connections know nothing of each other.
///
/// Handlers are never dropped in the middle because a client went away: they end, then
/// [`disconnect`](Self::disconnect) is called.
pub trait Service: Send + Sync + 'static {
    /// What is kept for one connected namespace of one client.
    type Session: Send + 'static;

    /// CONNECT to a namespace. What is emitted on `socket` before this returns is sent right after
    /// the answer to the CONNECT, in order; if it is refused, it is not sent at all.
    fn connect(
        &self,
        socket: Socket,
        handshake: Handshake,
    ) -> impl Future<Output = Result<Self::Session, ConnectError>> + Send;

    /// One event; the next one of this connection is handled when this future is done.
    fn event(
        &self,
        session: &mut Self::Session,
        event: Event,
        ack: Option<Ack>,
    ) -> impl Future<Output = ()> + Send;

    /// The client left the namespace, or the connection is closed. Called once per session that
    /// `connect` made, unless the process is torn down ([`crate::Server::shutdown`] past its grace).
    fn disconnect(
        &self,
        session: Self::Session,
        reason: CloseReason,
    ) -> impl Future<Output = ()> + Send;
}

/// What a client brings with its CONNECT.
#[derive(Clone, Debug)]
pub struct Handshake {
    /// `/`, or the namespace asked for. Any: which exist is for the service to say.
    pub namespace: String,
    /// The client's `auth` object; `Null` when absent.
    pub auth: Value,
    /// Headers of the request that opened the session, less those about the connection itself.
    pub headers: HeaderMap,
    /// Address as told to [`crate::Server::handle`].
    pub peer: IpAddr,
    /// Query string of the request that opened the session.
    pub query: String,
}
