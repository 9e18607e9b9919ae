//! A service for the tests of delivery: one room, and events that misbehave on demand.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::json;
use socketio::{
    Ack, CloseReason, Config, ConnectError, Event, Handshake, Placeholder, SendError, Server,
    Service, Socket,
};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use crate::client::{WebSocket, text};
use crate::{SOCKET_WS, echo, quiet};

/// A service with one room and a few events that misbehave on demand.
#[derive(Default)]
pub(crate) struct Hall {
    pub(crate) room: Mutex<Vec<Socket>>,
    pub(crate) left: Mutex<Vec<CloseReason>>,
    pub(crate) handled: AtomicU64,
    pub(crate) finished: AtomicU64,
}

impl Service for Hall {
    type Session = Socket;

    async fn connect(&self, socket: Socket, handshake: Handshake) -> Result<Socket, ConnectError> {
        assert_eq!(handshake.peer.to_string(), "127.0.0.1");
        assert!(handshake.headers.contains_key("host"));
        assert!(handshake.query.starts_with("EIO=4"));
        self.room.lock().unwrap().push(socket.clone());
        // What others send while this is being decided waits its turn too.
        socket.emit("early", &1).unwrap();
        sleep(Duration::from_millis(handshake.auth["delay"].as_u64().unwrap_or(0))).await;
        socket.emit("early", &2).unwrap();
        if handshake.auth["refuse"] == true {
            return Err(ConnectError::with_data("no", json!({ "code": 7 })));
        }
        Ok(socket)
    }

    async fn event(&self, socket: &mut Socket, event: Event, ack: Option<Ack>) {
        self.handled.fetch_add(1, Ordering::SeqCst);
        match event.name() {
            // Later ones are quicker, so that whoever runs them side by side is found out.
            "slow" => {
                let n: u64 = event.arg(0).unwrap();
                sleep(Duration::from_millis(20 - n.min(20))).await;
                socket.emit("done", &n).unwrap();
            }
            "sleep" => {
                sleep(Duration::from_millis(event.arg(0).unwrap())).await;
            }
            "ask" => {
                let wait = Duration::from_millis(event.arg(0).unwrap());
                let answer = socket.emit_with_ack("question", &"?", wait).await;
                let _ = socket.emit("answer", &json!(answer.map_err(|error| error.to_string())));
            }
            "binary" => {
                socket.emit_binary("binary", &Placeholder(0), event.attachments()).unwrap();
            }
            "kick" => {
                socket.emit("last words", &0).unwrap();
                socket.close(CloseReason::Application { code: 4003, reason: "forbidden" });
                assert_eq!(socket.emit("too late", &0), Err(SendError::Closed));
                assert!(socket.is_closed());
            }
            "panic" => panic!("a handler of the test"),
            _ => {}
        }
        self.finished.fetch_add(1, Ordering::SeqCst);
        if let Some(ack) = ack {
            let _ = ack.send(&event.values());
        }
    }

    async fn disconnect(&self, socket: Socket, reason: CloseReason) {
        assert!(socket.is_closed());
        self.left.lock().unwrap().push(reason);
    }
}

pub(crate) struct Place {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) server: Server<Hall>,
}

pub(crate) async fn hall(change: impl FnOnce(&mut Config)) -> Place {
    let mut config = echo::suite_config();
    quiet(&mut config);
    change(&mut config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::new(config, Hall::default());
    let accepting = server.clone();
    tokio::spawn(async move {
        loop {
            let (stream, peer) = listener.accept().await.unwrap();
            let server = accepting.clone();
            let answer = hyper::service::service_fn(move |request: Request<Incoming>| {
                let server = server.clone();
                async move {
                    let answer: Response<Full<Bytes>> = server.handle(request, peer.ip()).await;
                    Ok::<_, std::convert::Infallible>(answer)
                }
            });
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), answer)
                    .with_upgrades(),
            );
        }
    });
    Place { address, server }
}

impl Place {
    pub(crate) async fn connected(&self) -> WebSocket {
        let mut socket = WebSocket::open(self.address, SOCKET_WS, &[]).await.expect("101");
        socket.send("40").await;
        assert!(socket.text().await.starts_with('0'));
        assert!(socket.text().await.starts_with("40{"));
        assert_eq!(socket.message().await, text("42[\"early\",1]"));
        assert_eq!(socket.message().await, text("42[\"early\",2]"));
        socket
    }

    pub(crate) async fn until(&self, what: &str, done: impl Fn(&Hall) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !done(self.server.service()) {
            assert!(Instant::now() < deadline, "{what}");
            sleep(Duration::from_millis(2)).await;
        }
    }

    pub(crate) fn left(&self) -> Vec<CloseReason> {
        self.server.service().left.lock().unwrap().clone()
    }
}
