//! Rooms on our own crate, as a gateway would have them: JSON in, a number per room under its
//! lock, one encoding, every member, an acknowledgement.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use socketio::{
    Ack, CloseReason, Config, ConnectError, Encoded, Event, Handshake, Origins, Server, Service,
    Socket,
};
use tokio::net::TcpListener;

use crate::Outcome;

#[derive(Default)]
struct Rooms {
    rooms: Mutex<HashMap<String, Arc<Mutex<Room>>>>,
}

#[derive(Default)]
struct Room {
    seq: u64,
    members: Vec<Socket>,
}

#[derive(Deserialize)]
struct Send {
    room: String,
    text: String,
}

#[derive(Serialize)]
struct Message<'a> {
    room: &'a str,
    seq: u64,
    text: &'a str,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Rooms {
    fn room(&self, name: &str) -> Arc<Mutex<Room>> {
        let mut rooms = locked(&self.rooms);
        if let Some(room) = rooms.get(name) {
            return Arc::clone(room);
        }
        Arc::clone(rooms.entry(name.to_owned()).or_default())
    }
}

impl Service for Rooms {
    type Session = Socket;

    async fn connect(&self, socket: Socket, _: Handshake) -> Result<Socket, ConnectError> {
        Ok(socket)
    }

    async fn event(&self, socket: &mut Socket, event: Event, ack: Option<Ack>) {
        match event.name() {
            "join" => {
                let Ok(name) = event.arg::<String>(0) else { return };
                locked(&self.room(&name)).members.push(socket.clone());
                let _ = socket.emit("joined", &0);
            }
            "send" => {
                let Ok(send) = event.arg::<Send>(0) else { return };
                let room = self.room(&send.room);
                let mut room = locked(&room);
                room.seq += 1;
                let message = Message { room: &send.room, seq: room.seq, text: &send.text };
                let frame = Encoded::event("/", "message", &message);
                for member in &room.members {
                    // A member that is gone leaves by `disconnect`.
                    let _ = member.send(&frame);
                }
                if let Some(ack) = ack {
                    let _ = ack.send(&room.seq);
                }
            }
            _ => {}
        }
    }

    async fn disconnect(&self, socket: Socket, _: CloseReason) {
        for room in locked(&self.rooms).values() {
            locked(room).members.retain(|member| member.id() != socket.id());
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a program of its own: chance comes from here")]
fn random(bytes: &mut [u8]) {
    use rand::Rng as _;
    rand::rng().fill_bytes(bytes);
}

pub(crate) fn run(port: u16) -> Outcome {
    // As many workers as there are cores to run on: one, when it is pinned.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let config = Config {
            origins: Origins::Any,
            ping_interval: Duration::from_secs(3600),
            max_sessions_per_address: 100_000,
            ..Config::new(Arc::new(random))
        };
        let server = Server::new(config, Rooms::default());
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        loop {
            let (stream, peer) = listener.accept().await?;
            let server = server.clone();
            tokio::spawn(async move {
                let answer = service_fn(move |request| {
                    let server = server.clone();
                    async move { Ok::<_, Infallible>(server.handle(request, peer.ip()).await) }
                });
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
                let _ = connection.with_upgrades().await;
            });
        }
    })
}
