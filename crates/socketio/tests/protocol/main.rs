//! The protocols' rules, one test each, over real sockets.

#![expect(clippy::unwrap_used, reason = "a test that fails should say where")]

mod back_pressure;
mod client;
mod delivery;
#[path = "../../examples/echo/service.rs"]
mod echo;
mod engine_suite;
mod frames;
mod hall;
mod hostile;
mod limits;
mod origins;
mod packets;
mod socket_suite;

use std::net::SocketAddr;

use socketio::Config;
use tokio::net::TcpListener;

use client::{Answer, WebSocket, http, text};
use echo::{Echoes, suite_config};

pub(crate) const ENGINE_WS: &str = "/engine.io/?EIO=4&transport=websocket";
pub(crate) const ENGINE_POLL: &str = "/engine.io/?EIO=4&transport=polling";
pub(crate) const SOCKET_WS: &str = "/socket.io/?EIO=4&transport=websocket";
pub(crate) const SOCKET_POLL: &str = "/socket.io/?EIO=4&transport=polling";

/// The echo server of the official suites, with other settings if a test wants them.
pub(crate) struct Suite {
    pub(crate) address: SocketAddr,
    pub(crate) echoes: Echoes,
}

pub(crate) async fn start(change: impl FnOnce(&mut Config)) -> Suite {
    let mut config = suite_config();
    change(&mut config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let echoes = Echoes::new(config);
    tokio::spawn(echo::serve(listener, echoes.clone()));
    Suite { address, echoes }
}

/// As the suites want it.
pub(crate) async fn suite() -> Suite {
    start(|_| {}).await
}

/// Heartbeats and timeouts out of the way.
pub(crate) async fn calm() -> Suite {
    start(quiet).await
}

pub(crate) fn quiet(config: &mut Config) {
    config.ping_interval = std::time::Duration::from_secs(25);
    config.ping_timeout = std::time::Duration::from_secs(20);
    config.connect_timeout = std::time::Duration::from_secs(15);
}

impl Suite {
    pub(crate) async fn get(&self, target: &str) -> Answer {
        http(self.address, "GET", target, &[], b"").await
    }

    pub(crate) async fn post(&self, target: &str, body: &str) -> Answer {
        http(self.address, "POST", target, &[], body.as_bytes()).await
    }

    pub(crate) async fn ws(&self, target: &str) -> WebSocket {
        WebSocket::open(self.address, target, &[]).await.expect("101")
    }

    /// A polling session: its target, `sid` included.
    pub(crate) async fn polling(&self, target: &str) -> String {
        let answer = self.get(target).await;
        assert_eq!(answer.status, 200);
        let open: serde_json::Value = serde_json::from_str(&answer.body[1..]).unwrap();
        format!("{target}&sid={}", open["sid"].as_str().unwrap())
    }

    /// The same session's WebSocket target.
    pub(crate) fn upgrade_of(target: &str) -> String {
        target.replace("transport=polling", "transport=websocket")
    }

    /// A client connected to the main namespace, its `auth` event read.
    pub(crate) async fn connected(&self) -> WebSocket {
        let mut socket = self.ws(SOCKET_WS).await;
        assert!(socket.text().await.starts_with('0'));
        socket.send("40").await;
        assert!(socket.text().await.starts_with("40{\"sid\":"));
        assert_eq!(socket.message().await, text("42[\"auth\",{}]"));
        socket
    }
}
