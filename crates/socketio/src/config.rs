//! What the endpoint allows, with units. Everything here holds before sign-in.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::endpoint::origin::Origins;

/// Fills a slice with unguessable bytes. Chance is an argument: the crate asks the machine for none.
pub type FillRandom = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Limits and times of one endpoint. [`Config::new`] gives the defaults named at each field.
#[derive(Clone)]
pub struct Config {
    /// Source of session identifiers; must be cryptographically strong.
    pub random: FillRandom,
    /// Who may open a session from a browser. Default: [`Origins::SameHost`] for any host.
    pub origins: Origins,

    /// Time between two Engine.IO pings. Default 25 s.
    pub ping_interval: Duration,
    /// Time the client has to answer a ping. Default 20 s.
    pub ping_timeout: Duration,
    /// Time from the Engine.IO handshake to an accepted Socket.IO CONNECT. A CONNECT that is being
    /// judged holds the clock. Default 15 s.
    pub connect_timeout: Duration,
    /// Time an upgrade from polling to WebSocket may take. Default 10 s.
    pub upgrade_timeout: Duration,
    /// Time the body of one polling POST may take. Default 10 s.
    pub body_timeout: Duration,
    /// Time a client has to take what is queued and to answer a close frame, and a polling client
    /// to fetch its farewell. After it the TCP connection is reset. Default 5 s.
    pub close_grace: Duration,
    /// The same for a slow consumer, whose socket is full: it only has to let the close frame out.
    /// Default 500 ms.
    pub slow_consumer_grace: Duration,

    /// Bytes of one WebSocket message (all fragments), or of one polling POST body. Default 256 KiB.
    pub max_payload: usize,
    /// Binary attachments of one packet. Default 10.
    pub max_attachments: usize,
    /// Bytes of all attachments of one packet. Default 256 KiB.
    pub max_attachment_bytes: usize,
    /// Time the attachments of a packet may take to arrive; looked at with each ping. Default 30 s.
    pub attachment_timeout: Duration,
    /// Nesting of arrays and objects in a packet, the argument array included. Default 32; at most
    /// 100 whatever is set here, so that the stack is never at stake.
    pub max_json_depth: usize,
    /// Namespaces one connection may be connected to at a time. Default 4.
    pub max_namespaces: usize,
    /// Bytes of the request's headers that are kept for [`crate::Handshake`]; a request with more
    /// is refused with 431. Default 16 KiB.
    pub max_header_bytes: usize,
    /// Sessions of one address (IPv4 address, or IPv6 /64 network). Default 256.
    pub max_sessions_per_address: usize,
    /// Sessions in all. Default 100,000.
    pub max_sessions: usize,

    /// Packets received and not yet handled; when full, reading pauses. Default 64.
    pub inbound_packets: usize,
    /// Bytes received and not yet handled; a single packet always fits. Default 256 KiB.
    pub inbound_bytes: usize,
    /// Frames queued for one connection; one more closes it as a slow consumer. Default 256.
    pub queue_frames: usize,
    /// Bytes queued for one connection; an empty queue takes one message of any size, since
    /// refusing it would only bring the client back for the same. Default 256 KiB.
    pub queue_bytes: usize,
    /// `SO_SNDBUF` of a WebSocket connection in bytes (Linux doubles it), so that the kernel holds
    /// a bounded amount for a client that does not read. Default 64 KiB.
    pub send_buffer: usize,
}

impl Config {
    /// The defaults, with `random` as the source of session identifiers.
    pub fn new(random: FillRandom) -> Self {
        const KIB: usize = 1024;
        Self {
            random,
            origins: Origins::SameHost(Vec::new()),
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(15),
            upgrade_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            close_grace: Duration::from_secs(5),
            slow_consumer_grace: Duration::from_millis(500),
            max_payload: 256 * KIB,
            max_attachments: 10,
            max_attachment_bytes: 256 * KIB,
            attachment_timeout: Duration::from_secs(30),
            max_json_depth: 32,
            max_namespaces: 4,
            max_header_bytes: 16 * KIB,
            max_sessions_per_address: 256,
            max_sessions: 100_000,
            inbound_packets: 64,
            inbound_bytes: 256 * KIB,
            queue_frames: 256,
            queue_bytes: 256 * KIB,
            send_buffer: 64 * KIB,
        }
    }

    /// The values the code relies on: no zero where one is needed, spans that fit in 32 bits.
    pub(crate) fn clamped(mut self) -> Self {
        const MILLISECOND: Duration = Duration::from_millis(1);
        self.ping_interval = self.ping_interval.max(MILLISECOND);
        self.ping_timeout = self.ping_timeout.max(MILLISECOND);
        self.max_payload = self.max_payload.clamp(1, 1 << 30);
        self.max_json_depth = self.max_json_depth.clamp(1, 100);
        self.inbound_packets = self.inbound_packets.max(1);
        self.queue_frames = self.queue_frames.max(1);
        self
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("origins", &self.origins)
            .field("ping_interval", &self.ping_interval)
            .field("ping_timeout", &self.ping_timeout)
            .field("max_payload", &self.max_payload)
            .finish_non_exhaustive()
    }
}
