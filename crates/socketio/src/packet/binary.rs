//! Attachments: collecting them, and checking that placeholders point at them.

use std::fmt;

use bytes::Bytes;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::decode::Packet;
use super::json::BadJson;
use crate::close::CloseReason;

/// Stands in the JSON of a binary packet for the attachment of this number, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder(pub usize);

impl Serialize for Placeholder {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut object = serializer.serialize_struct("Placeholder", 2)?;
        object.serialize_field("_placeholder", &true)?;
        object.serialize_field("num", &self.0)?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for Placeholder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Object {
            #[serde(rename = "_placeholder")]
            is: bool,
            num: usize,
        }
        let object = Object::deserialize(deserializer)?;
        if object.is {
            Ok(Self(object.num))
        } else {
            Err(serde::de::Error::custom("not a placeholder"))
        }
    }
}

/// A binary packet whose attachments are still coming.
pub(crate) struct Assembly {
    packet: Packet,
    expected: usize,
    parts: Vec<Bytes>,
    bytes: usize,
}

impl Assembly {
    /// `expected` is at least 1 and was held against the limit.
    pub(crate) fn new(packet: Packet, expected: usize) -> Self {
        Self { packet, expected, parts: Vec::new(), bytes: 0 }
    }

    /// Takes the next attachment: the packet when it was the last one, itself otherwise.
    pub(crate) fn add(mut self, part: Bytes, max: usize) -> Result<Added, CloseReason> {
        self.bytes = self.bytes.saturating_add(part.len());
        if self.bytes > max {
            return Err(CloseReason::TooBig);
        }
        self.parts.push(part);
        if self.parts.len() < self.expected {
            return Ok(Added::Waiting(self));
        }
        self.packet.set_attachments(self.parts);
        Ok(Added::Complete(self.packet))
    }
}

/// What an attachment did to its packet.
pub(crate) enum Added {
    Waiting(Assembly),
    Complete(Packet),
}

/// Refuses a placeholder that does not point at one of `count` attachments: its number must be an
/// integer below `count`. Nothing is built; `json` must have been held against the depth limit.
pub(crate) fn check_placeholders(json: &str, count: usize) -> Result<(), BadJson> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    Check { count }.deserialize(&mut deserializer).map_err(|_| BadJson)?;
    deserializer.end().map_err(|_| BadJson)
}

#[derive(Clone, Copy)]
struct Check {
    count: usize,
}

/// As much of a value as the check needs.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    True,
    Number(u64),
    Other,
}

enum Key {
    Placeholder,
    Num,
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E>(self, key: &str) -> Result<Key, E> {
                Ok(match key {
                    "_placeholder" => Key::Placeholder,
                    "num" => Key::Num,
                    _ => Key::Other,
                })
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

impl<'de> DeserializeSeed<'de> for Check {
    type Value = Seen;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Seen, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Check {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Seen, E> {
        Ok(if value { Seen::True } else { Seen::Other })
    }
    fn visit_u64<E>(self, value: u64) -> Result<Seen, E> {
        Ok(Seen::Number(value))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Seen, E> {
        Ok(Seen::Other)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Seen, E> {
        Ok(Seen::Other)
    }
    fn visit_str<E>(self, _: &str) -> Result<Seen, E> {
        Ok(Seen::Other)
    }
    fn visit_unit<E>(self) -> Result<Seen, E> {
        Ok(Seen::Other)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Seen, A::Error> {
        while items.next_element_seed(self)?.is_some() {}
        Ok(Seen::Other)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Seen, A::Error> {
        let (mut placeholder, mut number) = (Seen::Other, Seen::Other);
        while let Some(key) = entries.next_key::<Key>()? {
            let value = entries.next_value_seed(self)?;
            match key {
                Key::Placeholder => placeholder = value,
                Key::Num => number = value,
                Key::Other => {}
            }
        }
        let points = matches!(number, Seen::Number(n) if n < self.count as u64);
        if placeholder == Seen::True && !points {
            return Err(serde::de::Error::custom("a placeholder without its attachment"));
        }
        Ok(Seen::Other)
    }
}
