//! An Engine.IO 4 and Socket.IO 5 server.
//!
//! WebSocket and long-polling with the upgrade between them, namespaces, acknowledgements both
//! ways, binary events. It knows nothing of what is talked about: implement [`Service`], give it
//! to a [`Server`], and hand the server the requests of one path.
//!
//! What it promises:
//!
//! * Events of one client are handled in the order they were sent, one after another, and none is
//!   lost between CONNECT and the first handler.
//! * A broadcast is encoded once ([`Encoded`]) and shared by all who get it.
//! * Every queue is bounded. A client that does not take what it is sent is closed with 4008
//!   `slow_consumer`; it never misses one event in the middle.
//! * The limits of [`Config`] hold before sign-in, and nothing a client sends makes the server
//!   panic.
//!
//! Not here, on purpose: rooms (a set of [`Socket`]s is one), WebTransport, compression, binary
//! parsers other than the default one, connection state recovery.

mod ack;
mod client;
mod close;
mod config;
mod encoded;
mod endpoint;
pub mod engine;
mod error;
mod event;
mod frame;
mod packet;
mod server;
mod service;
mod socket;
mod stats;
mod sync;
mod transports;

pub use ack::Ack;
pub use close::CloseReason;
pub use config::{Config, FillRandom};
pub use encoded::Encoded;
pub use endpoint::origin::Origins;
pub use error::{AckError, ConnectError, SendError};
pub use event::{Event, Reply};
pub use packet::binary::Placeholder;
pub use server::Server;
pub use service::{Handshake, Service};
pub use socket::{Socket, SocketId};
pub use stats::Stats;
