//! Socket.IO on top of an Engine.IO session: namespaces, events, acknowledgements.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::ack::Ack;
use crate::close::CloseReason;
use crate::config::{Config, FillRandom};
use crate::encoded::Encoded;
use crate::engine::connection::Admission;
use crate::engine::{Application, Connection, Message, Opening};
use crate::error::ConnectError;
use crate::event::Event;
use crate::packet::binary::{Added, Assembly};
use crate::packet::{Body, Packet, PacketLimits, decode, encode};
use crate::service::{Handshake, Service};
use crate::socket::Socket;
use crate::sync::lock;

/// The application that turns messages into calls of a [`Service`].
pub(crate) struct SocketIo<S> {
    pub(crate) service: S,
    limits: PacketLimits,
    max_attachment_bytes: usize,
    attachment_timeout: Duration,
    max_namespaces: usize,
    random: FillRandom,
}

impl<S> SocketIo<S> {
    pub(crate) fn new(config: &Config, service: S) -> Self {
        Self {
            service,
            limits: PacketLimits {
                attachments: config.max_attachments,
                depth: config.max_json_depth,
            },
            max_attachment_bytes: config.max_attachment_bytes,
            attachment_timeout: config.attachment_timeout,
            max_namespaces: config.max_namespaces,
            random: Arc::clone(&config.random),
        }
    }
}

/// The connected sockets of a session, seen by both of its sides.
type Sockets = Arc<Mutex<Vec<Socket>>>;

pub(crate) struct Intake {
    assembly: Option<(Assembly, Instant)>,
    sockets: Sockets,
}

pub(crate) struct State<Session> {
    connection: Connection,
    opening: Opening,
    sockets: Sockets,
    sessions: Vec<(Socket, Session)>,
    /// The client broke the rules; what it sent after that is not looked at.
    broken: bool,
}

impl<Session> State<Session> {
    fn position(&self, namespace: &str) -> Option<usize> {
        self.sessions.iter().position(|(socket, _)| socket.namespace() == namespace)
    }

    fn break_off(&mut self) {
        self.broken = true;
        self.connection.close(CloseReason::ParseError);
    }

    /// Unlike an event this cannot be lost silently: failing to queue it closes the connection.
    fn refuse(&self, namespace: &str, error: &ConnectError) {
        let packet = encode::connect_error(namespace, &error.message, error.data.as_ref());
        let _ = self.connection.push(&Encoded::packet(packet, &[]));
    }
}

impl<S: Service> Application for SocketIo<S> {
    type Intake = Intake;
    type Packet = Packet;
    type State = State<S::Session>;

    fn open(&self, connection: &Connection, opening: Opening) -> (Intake, Self::State) {
        let sockets = Sockets::default();
        let intake = Intake { assembly: None, sockets: Arc::clone(&sockets) };
        let state = State {
            connection: connection.clone(),
            opening,
            sockets,
            sessions: Vec::new(),
            broken: false,
        };
        (intake, state)
    }

    fn receive(
        &self,
        intake: &mut Intake,
        message: Message,
    ) -> Result<Option<Packet>, CloseReason> {
        let packet = match (message, intake.assembly.take()) {
            (Message::Text(_), Some(_)) => return Err(CloseReason::ParseError),
            (Message::Text(text), None) => {
                let (packet, attachments) = decode::decode(text, self.limits)?;
                if attachments > 0 {
                    intake.assembly = Some((Assembly::new(packet, attachments), Instant::now()));
                    return Ok(None);
                }
                packet
            }
            (Message::Binary(_), None) => return Err(CloseReason::UnexpectedBinary),
            (Message::Binary(data), Some((assembly, since))) => {
                match assembly.add(data, self.max_attachment_bytes)? {
                    Added::Waiting(assembly) => {
                        intake.assembly = Some((assembly, since));
                        return Ok(None);
                    }
                    Added::Complete(packet) => packet,
                }
            }
        };
        let Packet { namespace, body: Body::Ack { id, args } } = packet else {
            return Ok(Some(packet));
        };
        // Answered here and now: the handler that waits for it keeps all else waiting.
        let socket =
            lock(&intake.sockets).iter().find(|socket| socket.namespace() == namespace).cloned();
        socket.ok_or(CloseReason::ParseError)?.resolve(id, args);
        Ok(None)
    }

    fn stalled(&self, intake: &Intake) -> bool {
        intake
            .assembly
            .as_ref()
            .is_some_and(|(_, since)| since.elapsed() >= self.attachment_timeout)
    }

    async fn handle(&self, state: &mut Self::State, packet: Packet) {
        if state.broken {
            return;
        }
        let Packet { namespace, body } = packet;
        let position = state.position(&namespace);
        match (body, position) {
            (Body::Connect { auth }, None) => self.connect(state, namespace, auth).await,
            (Body::Event { id, name, args }, Some(at)) => {
                let (socket, session) = &mut state.sessions[at];
                let ack = id.map(|id| Ack::new(socket.clone(), id));
                self.service.event(session, Event::new(namespace, name, args), ack).await;
            }
            (Body::Disconnect, Some(at)) => {
                let (socket, session) = state.sessions.swap_remove(at);
                lock(&state.sockets).retain(|other| other.id() != socket.id());
                socket.end();
                self.service.disconnect(session, CloseReason::ClientDisconnect).await;
            }
            // Connected already, or not connected at all.
            _ => state.break_off(),
        }
    }

    async fn close(&self, state: Self::State, reason: CloseReason) {
        lock(&state.sockets).clear();
        for (socket, _) in &state.sessions {
            socket.end();
        }
        for (_, session) in state.sessions {
            self.service.disconnect(session, reason).await;
        }
    }
}

impl<S: Service> SocketIo<S> {
    async fn connect(
        &self,
        state: &mut State<S::Session>,
        namespace: String,
        auth: serde_json::Value,
    ) {
        if state.sessions.len() >= self.max_namespaces {
            state.refuse(&namespace, &ConnectError::new("Too many namespaces"));
            return;
        }
        let first = state.sessions.is_empty();
        if first {
            state.connection.set_admission(Admission::Judged);
        }
        let socket = Socket::new(state.connection.clone(), namespace.clone(), self.new_sid());
        let handshake = Handshake {
            namespace: namespace.clone(),
            auth,
            headers: state.opening.headers(),
            peer: state.opening.peer,
            query: state.opening.query().to_owned(),
        };
        match self.service.connect(socket.clone(), handshake).await {
            Ok(session) => {
                state.connection.established();
                // Known to the reader before the client can answer anything.
                lock(&state.sockets).push(socket.clone());
                socket.accept();
                state.sessions.push((socket, session));
            }
            Err(error) => {
                if first {
                    state.connection.set_admission(Admission::Awaited);
                }
                socket.end();
                state.refuse(&namespace, &error);
            }
        }
    }

    /// Not the Engine.IO identifier, which is the client's secret.
    fn new_sid(&self) -> String {
        crate::engine::server::new_sid(&self.random)
    }
}
