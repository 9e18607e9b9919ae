//! The query string of Engine.IO requests.

use super::refusal::Refusal;

/// Ways to carry a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportName {
    Polling,
    WebSocket,
}

/// The parameters the protocol knows; of a repeated one the first counts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Query<'a> {
    pub(crate) transport: TransportName,
    pub(crate) sid: Option<&'a str>,
}

impl<'a> Query<'a> {
    /// Reads `EIO=4`, `transport` and `sid`.
    pub(crate) fn parse(query: &'a str) -> Result<Self, Refusal> {
        let (mut protocol, mut transport, mut sid) = (None, None, None);
        for pair in query.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let place = match key {
                "EIO" => &mut protocol,
                "transport" => &mut transport,
                "sid" => &mut sid,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        let transport = match transport {
            Some("polling") => TransportName::Polling,
            Some("websocket") => TransportName::WebSocket,
            _ => return Err(Refusal::UnknownTransport),
        };
        if protocol != Some("4") {
            return Err(Refusal::UnsupportedProtocol);
        }
        // An empty `sid` is none, as for the official server.
        Ok(Self { transport, sid: sid.filter(|sid| !sid.is_empty()) })
    }
}
