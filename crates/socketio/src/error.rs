//! Failures the user of the crate sees.

use serde_json::Value;
use thiserror::Error;

/// Why nothing was queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// The queue is full: the connection is being closed as a slow consumer.
    #[error("the queue is full, the connection is being closed")]
    Full,
    /// The connection, or the socket's part of it, is closed.
    #[error("the connection is closed")]
    Closed,
}

/// Why no acknowledgement came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AckError {
    /// The client did not answer in time.
    #[error("no acknowledgement in time")]
    Timeout,
    /// The connection was closed before, or while waiting.
    #[error("the connection is closed")]
    Closed,
    /// The queue is full: the connection is being closed as a slow consumer.
    #[error("the queue is full, the connection is being closed")]
    Full,
}

impl From<SendError> for AckError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Full => Self::Full,
            SendError::Closed => Self::Closed,
        }
    }
}

/// The refusal of a CONNECT, which the client gets as `connect_error`.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{message}")]
pub struct ConnectError {
    /// Becomes `error.message` in the client.
    pub message: String,
    /// Becomes `error.data` in the client.
    pub data: Option<Value>,
}

impl ConnectError {
    /// A refusal without data.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), data: None }
    }

    /// The same with data.
    pub fn with_data(message: impl Into<String>, data: Value) -> Self {
        Self { message: message.into(), data: Some(data) }
    }
}
