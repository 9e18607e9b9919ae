//! One client's session: who it is, how fast it may go, and what its events ask for.

mod command;
mod pace;

use std::sync::Arc;

use kit::http::Caller;
use socketio::Socket;

pub(crate) use command::Command;
pub(crate) use pace::Pace;

/// A connected client.
pub(crate) struct Session {
    /// The client's end.
    pub(crate) socket: Socket,
    /// Who it is; replaced when the token is renewed.
    pub(crate) caller: Arc<Caller>,
    /// How fast it may go.
    pub(crate) pace: Pace,
}
