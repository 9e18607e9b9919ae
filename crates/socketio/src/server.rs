//! The Socket.IO endpoint.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;

use crate::Config;
use crate::client::SocketIo;
use crate::engine::Engine;
use crate::service::Service;
use crate::stats::Stats;

/// A Socket.IO endpoint that calls a [`Service`]. Cloning copies a pointer.
pub struct Server<S: Service>(Engine<SocketIo<S>>);

impl<S: Service> Server<S> {
    /// An endpoint without clients. Must be called inside a tokio runtime.
    pub fn new(config: Config, service: S) -> Self {
        let application = SocketIo::new(&config, service);
        Self(Engine::new(config, application))
    }

    /// The service it calls.
    pub fn service(&self) -> &S {
        &self.0.application().service
    }

    /// Answers one HTTP request of this endpoint: polling GET, POST and OPTIONS, or the upgrade to
    /// WebSocket. Which path that is, is the caller's affair. `peer` is who the limit of sessions
    /// per address counts: behind a proxy, the address that the trusted proxy tells.
    pub async fn handle<B>(&self, request: Request<B>, peer: IpAddr) -> Response<Full<Bytes>>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.0.handle(request, peer).await
    }

    /// Counters since the start.
    pub fn stats(&self) -> Stats {
        self.0.stats()
    }

    /// Refuses new sessions with 503 from now on; those there are go on.
    pub fn stop_accepting(&self) {
        self.0.stop_accepting();
    }

    /// Stops: refuses new sessions with 503, lets each running handler end and its answer leave,
    /// then closes every connection with [`crate::CloseReason::Shutdown`]. Events received and not
    /// begun are dropped; their clients have no answer and will ask again. What is left after
    /// `grace` is dropped, running handlers included.
    pub async fn shutdown(&self, grace: Duration) {
        self.0.shutdown(grace).await;
    }
}

impl<S: Service> Clone for Server<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Service> fmt::Debug for Server<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.0).finish()
    }
}
