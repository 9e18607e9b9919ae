//! Why a connection ends, and what the client is told.

/// Why a connection, or one namespace of it, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseReason {
    /// The client closed its transport (close frame, Engine.IO `close`, or end of stream).
    ClientGone,
    /// The client left one namespace with a Socket.IO DISCONNECT.
    ClientDisconnect,
    /// No answer to a ping in time.
    PingTimeout,
    /// A packet that the protocols do not allow, or that does not fit the state.
    ParseError,
    /// A WebSocket frame that RFC 6455 does not allow.
    FrameError,
    /// Text that is not UTF-8.
    InvalidUtf8,
    /// Binary data where none was announced.
    UnexpectedBinary,
    /// A message, an attachment or a body above the limit.
    TooBig,
    /// The queue of the connection overflowed.
    SlowConsumer,
    /// The transport failed, or was used against the rules (two polls at a time).
    TransportError,
    /// No CONNECT was accepted in time.
    ConnectTimeout,
    /// The server is stopping.
    Shutdown,
    /// The application's own reason; reaches a WebSocket client as the close code and reason.
    Application {
        /// 4000 to 4999; anything else is sent as 4000.
        code: u16,
        /// Sent in the close frame, cut to 123 bytes.
        reason: &'static str,
    },
}

impl CloseReason {
    /// Number of kinds, for counters by kind.
    pub(crate) const KINDS: usize = 13;

    /// A short stable name, fit for a metric's label.
    pub fn label(self) -> &'static str {
        match self {
            Self::ClientGone => "client_gone",
            Self::ClientDisconnect => "client_disconnect",
            Self::PingTimeout => "ping_timeout",
            Self::ParseError => "parse_error",
            Self::FrameError => "frame_error",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::UnexpectedBinary => "unexpected_binary",
            Self::TooBig => "too_big",
            Self::SlowConsumer => "slow_consumer",
            Self::TransportError => "transport_error",
            Self::ConnectTimeout => "connect_timeout",
            Self::Shutdown => "shutdown",
            Self::Application { .. } => "application",
        }
    }

    /// Close code and reason of the WebSocket close frame (RFC 6455, section 7.4).
    pub(crate) fn frame(self) -> (u16, &'static str) {
        match self {
            Self::ClientGone | Self::ClientDisconnect => (1000, ""),
            Self::Shutdown => (1001, "shutdown"),
            Self::ParseError => (1002, "parse error"),
            Self::FrameError => (1002, "protocol error"),
            Self::UnexpectedBinary => (1003, "unexpected binary data"),
            Self::InvalidUtf8 => (1007, "invalid UTF-8"),
            Self::PingTimeout => (1008, "ping timeout"),
            Self::ConnectTimeout => (1008, "connect timeout"),
            Self::TooBig => (1009, "message too big"),
            Self::TransportError => (1011, "transport error"),
            Self::SlowConsumer => (4008, "slow_consumer"),
            Self::Application { code, reason } => {
                (if matches!(code, 4000..=4999) { code } else { 4000 }, reason)
            }
        }
    }

    pub(crate) fn index(self) -> usize {
        match self {
            Self::ClientGone => 0,
            Self::ClientDisconnect => 1,
            Self::PingTimeout => 2,
            Self::ParseError => 3,
            Self::FrameError => 4,
            Self::InvalidUtf8 => 5,
            Self::UnexpectedBinary => 6,
            Self::TooBig => 7,
            Self::SlowConsumer => 8,
            Self::TransportError => 9,
            Self::ConnectTimeout => 10,
            Self::Shutdown => 11,
            Self::Application { .. } => 12,
        }
    }

    /// Every kind in the order of [`Self::index`], for reading counters.
    pub(crate) fn kinds() -> [Self; Self::KINDS] {
        [
            Self::ClientGone,
            Self::ClientDisconnect,
            Self::PingTimeout,
            Self::ParseError,
            Self::FrameError,
            Self::InvalidUtf8,
            Self::UnexpectedBinary,
            Self::TooBig,
            Self::SlowConsumer,
            Self::TransportError,
            Self::ConnectTimeout,
            Self::Shutdown,
            Self::Application { code: 4000, reason: "" },
        ]
    }

    /// Whether what is already queued still goes out before the close.
    pub(crate) fn flushes(self) -> bool {
        matches!(
            self,
            Self::Application { .. } | Self::Shutdown | Self::ParseError | Self::UnexpectedBinary
        )
    }

    /// Whether packets received before the close are still handled. Not after a decision of ours:
    /// someone who was just shut out must not act once more.
    pub(crate) fn handles_received(self) -> bool {
        !matches!(self, Self::Application { .. } | Self::Shutdown | Self::SlowConsumer)
    }

    /// Whether a polling client may still come and fetch a last answer.
    pub(crate) fn lingers(self) -> bool {
        matches!(
            self,
            Self::ClientGone | Self::Application { .. } | Self::Shutdown | Self::SlowConsumer
        )
    }

    /// Whether the peer is certainly not there any more.
    pub(crate) fn peer_silent(self) -> bool {
        matches!(self, Self::PingTimeout | Self::SlowConsumer)
    }
}
