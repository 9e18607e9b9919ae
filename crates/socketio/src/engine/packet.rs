//! Engine.IO packets of a client, and the payloads of polling.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Message;
use crate::close::CloseReason;

/// Separates the packets of a polling payload.
pub(crate) const SEPARATOR: u8 = 0x1e;

/// A packet of the main transport.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    Message(Message),
    Pong,
    Close,
    /// Types that mean nothing here: `open`, `upgrade`, `noop`. The official server ignores them.
    Nothing,
}

impl Incoming {
    /// One text packet.
    pub(crate) fn text(mut packet: String) -> Result<Self, CloseReason> {
        match packet.as_bytes().first() {
            Some(b'4') => {
                packet.remove(0);
                Ok(Self::Message(Message::Text(packet)))
            }
            Some(b'3') => Ok(Self::Pong),
            Some(b'1') => Ok(Self::Close),
            Some(b'0' | b'5' | b'6') => Ok(Self::Nothing),
            // In this revision pings come from the server only.
            Some(b'2') => Err(CloseReason::TransportError),
            _ => Err(CloseReason::ParseError),
        }
    }

    /// One packet of a polling payload, where binary data comes as `b` and base64.
    fn polled(packet: &str) -> Result<Self, CloseReason> {
        match packet.strip_prefix('b') {
            None => Self::text(packet.to_owned()),
            Some(data) => {
                let data = STANDARD.decode(data).map_err(|_| CloseReason::ParseError)?;
                Ok(Self::Message(Message::Binary(data.into())))
            }
        }
    }
}

/// The packets of a polling payload, one after another.
pub(crate) fn decode_payload(
    payload: &str,
) -> impl Iterator<Item = Result<Incoming, CloseReason>> + '_ {
    payload.split(char::from(SEPARATOR)).map(Incoming::polled)
}

/// The JSON of the `open` packet.
pub(crate) fn open(sid: &str, upgrades: &[&str], config: &crate::Config) -> String {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Open<'a> {
        sid: &'a str,
        upgrades: &'a [&'a str],
        ping_interval: u64,
        ping_timeout: u64,
        max_payload: usize,
    }
    let milliseconds =
        |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let open = Open {
        sid,
        upgrades,
        ping_interval: milliseconds(config.ping_interval),
        ping_timeout: milliseconds(config.ping_timeout),
        max_payload: config.max_payload,
    };
    // Strings and numbers: there is nothing in it that JSON could not hold.
    serde_json::to_string(&open).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(payload: &str) -> Vec<Result<Incoming, CloseReason>> {
        decode_payload(payload).collect()
    }

    #[test]
    fn a_payload_holds_text_and_binary_packets_in_order() {
        assert_eq!(
            all("4hello\u{1e}bAQIDBA==\u{1e}3\u{1e}1"),
            [
                Ok(Incoming::Message(Message::Text("hello".into()))),
                Ok(Incoming::Message(Message::Binary(vec![1, 2, 3, 4].into()))),
                Ok(Incoming::Pong),
                Ok(Incoming::Close),
            ]
        );
    }

    #[test]
    fn what_is_no_packet_is_refused() {
        for payload in ["", "abc", "4a\u{1e}", "\u{1e}", "7", "b!!!", "bAQ", "é"] {
            assert_eq!(all(payload).pop(), Some(Err(CloseReason::ParseError)), "{payload:?}");
        }
    }

    #[test]
    fn a_client_does_not_ping() {
        assert_eq!(all("2"), [Err(CloseReason::TransportError)]);
        assert_eq!(all("2probe"), [Err(CloseReason::TransportError)]);
    }

    #[test]
    fn types_without_meaning_here_are_ignored() {
        assert_eq!(
            all("0\u{1e}5\u{1e}6"),
            [Ok(Incoming::Nothing), Ok(Incoming::Nothing), Ok(Incoming::Nothing)]
        );
    }

    proptest! {
        #[test]
        fn no_payload_panics(payload in any::<String>()) {
            let _ = all(&payload);
        }

        #[test]
        fn what_is_queued_for_polling_reads_back(text in "[^\u{1e}]*", data: Vec<u8>) {
            let mut payload = Vec::new();
            crate::encoded::Item::text(b'4', text.as_bytes()).write_polling(&mut payload);
            payload.push(SEPARATOR);
            crate::encoded::Item::binary(&data).write_polling(&mut payload);
            let payload = String::from_utf8(payload).unwrap();
            prop_assert_eq!(all(&payload), [
                Ok(Incoming::Message(Message::Text(text))),
                Ok(Incoming::Message(Message::Binary(data.into()))),
            ]);
        }
    }
}
