//! `/socket.io/` and `/engine.io/` as the protocol test suites want them.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use socketio::engine::{Application, Connection, Engine, Message, Opening};
use socketio::{
    Ack, CloseReason, Config, ConnectError, Event, FillRandom, Handshake, Origins, Server, Service,
    Socket,
};
use tokio::net::TcpListener;

/// Session identifiers from the operating system's generator.
#[expect(clippy::disallowed_methods, reason = "an example is its own root: chance comes from here")]
pub(crate) fn random() -> FillRandom {
    use rand::Rng as _;
    Arc::new(|bytes| rand::rng().fill_bytes(bytes))
}

/// The times and sizes written down in the suites' README files.
pub(crate) fn suite_config() -> Config {
    Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        connect_timeout: Duration::from_secs(1),
        max_payload: 1_000_000,
        max_attachment_bytes: 1_000_000,
        queue_bytes: 4_000_000,
        max_sessions_per_address: 10_000,
        origins: Origins::Any,
        ..Config::new(random())
    }
}

/// Socket.IO that gives back what it is sent.
#[derive(Debug)]
pub(crate) struct Echo;

impl Service for Echo {
    type Session = Socket;

    async fn connect(&self, socket: Socket, handshake: Handshake) -> Result<Socket, ConnectError> {
        if !matches!(handshake.namespace.as_str(), "/" | "/custom") {
            return Err(ConnectError::new("Invalid namespace"));
        }
        let auth = if handshake.auth.is_null() { json!({}) } else { handshake.auth };
        // A failure means that the client is gone, which `disconnect` will tell.
        let _ = socket.emit("auth", &auth);
        Ok(socket)
    }

    async fn event(&self, socket: &mut Socket, event: Event, ack: Option<Ack>) {
        let _ = match (event.name(), ack) {
            ("message", None) => {
                socket.emit_with("message-back", &event.args(), event.attachments())
            }
            ("message-with-ack", Some(ack)) => ack.send_with(&event.args(), event.attachments()),
            _ => Ok(()),
        };
    }

    async fn disconnect(&self, _: Socket, _: CloseReason) {}
}

/// Engine.IO that gives back what it is sent.
#[derive(Debug)]
pub(crate) struct EngineEcho;

impl Application for EngineEcho {
    type Intake = ();
    type Packet = Message;
    type State = Connection;

    fn open(&self, connection: &Connection, _: Opening) -> ((), Connection) {
        connection.established();
        ((), connection.clone())
    }

    fn receive(&self, (): &mut (), message: Message) -> Result<Option<Message>, CloseReason> {
        Ok(Some(message))
    }

    async fn handle(&self, connection: &mut Connection, message: Message) {
        let _ = connection.send(&message);
    }

    async fn close(&self, _: Connection, _: CloseReason) {}
}

/// Both endpoints.
#[derive(Clone, Debug)]
pub(crate) struct Echoes {
    pub(crate) socket_io: Server<Echo>,
    pub(crate) engine_io: Engine<EngineEcho>,
}

impl Echoes {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            socket_io: Server::new(config.clone(), Echo),
            engine_io: Engine::new(config, EngineEcho),
        }
    }

    async fn answer(&self, request: Request<Incoming>, peer: IpAddr) -> Response<Full<Bytes>> {
        match request.uri().path() {
            "/socket.io/" => self.socket_io.handle(request, peer).await,
            "/engine.io/" => self.engine_io.handle(request, peer).await,
            _ => {
                let mut answer = Response::new(Full::default());
                *answer.status_mut() = StatusCode::NOT_FOUND;
                answer
            }
        }
    }
}

/// Answers every connection that `listener` gets.
pub(crate) async fn serve(listener: TcpListener, echoes: Echoes) {
    loop {
        // An error is one connection's (it was reset before it was taken), not the listener's.
        let Ok((stream, peer)) = listener.accept().await else { continue };
        let echoes = echoes.clone();
        tokio::spawn(async move {
            let answer = service_fn(|request| {
                let echoes = echoes.clone();
                async move { Ok::<_, Infallible>(echoes.answer(request, peer.ip()).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), answer);
            let _ = connection.with_upgrades().await;
        });
    }
}
