//! Sockets: who is connected, what they are sent, and the commands they send.
//!
//! A connected socket receives the events of all of its user's chats. What happens arrives over
//! the bus ([`hub`]), what a client asks for leaves through the links ([`ports`]); nothing is
//! decided here about chats or people.

pub mod asyncapi;
mod gateway;
mod http;
mod hub;
pub mod ports;
mod session;

use std::{sync::Arc, time::Duration};

use kernel::Ids;
use kit::{Module, Task, bus::Bus, http::Authenticator, presence::Presence};
use socketio::{Config, Origins, Server};

use crate::{
    gateway::Gateway,
    hub::Hub,
    ports::{ChatLink, PeopleLink},
};

/// What the service needs.
pub struct Deps {
    /// chat-service, as seen from here.
    pub chats: Arc<dyn ChatLink>,
    /// user-service, as seen from here.
    pub people: Arc<dyn PeopleLink>,
    /// Verifies the tokens of sockets.
    pub authenticator: Arc<dyn Authenticator>,
    /// Where what happened arrives.
    pub bus: Arc<dyn Bus>,
    /// Where presence is kept.
    pub presence: Arc<dyn Presence>,
    /// Ids, time and chance.
    pub ids: Ids,
    /// Limits of the service.
    pub settings: Settings,
}

/// Limits of the service.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Origins whose pages may connect, besides the one that serves the socket.
    pub origins: Vec<String>,
    /// Events a second of one socket, after a burst of three times as many; `None`: no limit.
    pub events_per_second: Option<u32>,
    /// Sessions of one address at most.
    pub sessions_per_address: usize,
    /// Sessions in all at most.
    pub sessions: usize,
    /// How long a person whose last socket went stays online to others.
    pub offline_after: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            events_per_second: Some(20),
            sessions_per_address: 256,
            sessions: 100_000,
            offline_after: Duration::from_secs(5),
        }
    }
}

/// The service, and what ends it gently.
pub struct WebsocketService {
    /// Routes, tasks and readiness.
    pub module: Module,
    server: Server<Gateway>,
}

impl WebsocketService {
    /// Builds the service. Call it inside the runtime.
    #[must_use]
    pub fn new(deps: Deps) -> Self {
        let random = deps.ids.random();
        let mut config = Config::new(Arc::new(move |bytes: &mut [u8]| random.fill(bytes)));
        config.origins = Origins::SameHostOr(deps.settings.origins.clone());
        config.max_sessions_per_address = deps.settings.sessions_per_address;
        config.max_sessions = deps.settings.sessions;
        let told = deps.bus.fan_out();
        let hub = Arc::new(Hub::new(
            Arc::clone(&deps.chats),
            Arc::clone(&deps.people),
            Arc::clone(&deps.presence),
            deps.ids.clock(),
            deps.settings.offline_after,
        ));
        let server = Server::new(config, Gateway::new(deps, Arc::clone(&hub)));
        let ticking = Arc::clone(&hub);
        let module = Module {
            routes: http::routes(server.clone()),
            tasks: vec![
                Task::new("fan-out", move |stop| hub::fan_out::run(hub, told, stop)),
                Task::new("ticks", move |stop| hub::ticks::run(ticking, stop)),
            ],
            readiness: Vec::new(),
        };
        Self { module, server }
    }

    /// A handle that closes every socket when the program stops.
    #[must_use]
    pub fn closer(&self) -> Closer {
        Closer(self.server.clone())
    }
}

/// Closes every socket when the program stops.
#[derive(Clone)]
pub struct Closer(Server<Gateway>);

impl Closer {
    /// Takes no more sockets, lets running commands be acknowledged, then closes all.
    pub async fn close(&self, grace: Duration) {
        self.0.shutdown(grace).await;
    }

    /// What the socket server counted.
    #[must_use]
    pub fn stats(&self) -> socketio::Stats {
        self.0.stats()
    }
}
