//! Ids: one newtype each over a UUID, so that a chat's id can't be handed in as a user's.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// The text is not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID")]
pub struct InvalidId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes the UUID as this kind of id.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The id as a UUID.
            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }

            /// The 16 bytes, in network order, as stores keep them.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The id held by 16 stored bytes; `None` when the length is off.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                // Only the hyphenated form: one id has one spelling in URLs, caches and logs.
                if text.len() != 36 {
                    return Err(InvalidId);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.hyphenated())
            }
        }

        // Inlined as a string rather than referred to: a document's reader wants "uuid".
        impl PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

id!(
    /// A person or bot. The same id at the identity provider (`sub`) and in every service.
    UserId
);
id!(
    /// A chat: direct, group or channel.
    ChatId
);
id!(
    /// A message. It carries its own `seq`: see [`MessageId::seq`].
    MessageId
);
id!(
    /// An event of a chat's log.
    EventId
);
id!(
    /// What a sender made up to name a write, so that a repetition is recognised.
    ClientId
);
id!(
    /// A sign-in at the identity provider (`sid` of its tokens).
    SessionId
);
id!(
    /// A signed-in device: the web app's session kept by user-service.
    LoginId
);
id!(
    /// A connection between two people.
    ConnectionId
);
id!(
    /// A notification.
    NotificationId
);
id!(
    /// One HTTP request.
    RequestId
);

/// Bits of a message's id that hold its `seq`.
const SEQ_BITS: u32 = 40;

impl MessageId {
    /// A message's id: `id`, a UUIDv7, with the message's `seq` in the lowest 40 bits.
    ///
    /// RFC 9562, section 6.2, lets a version 7 UUID carry a counter in its random part. Holding
    /// the `seq` there makes a message findable by id through the log's own unique index
    /// (chat, seq), which saves every store a second index over random keys. 34 random bits and
    /// the millisecond remain; inside a chat the `seq` alone makes ids differ.
    #[must_use]
    pub fn with_seq(id: Uuid, seq: u64) -> Self {
        let mask = (1u128 << SEQ_BITS) - 1;
        Self(Uuid::from_u128((id.as_u128() & !mask) | (u128::from(seq) & mask)))
    }

    /// The `seq` of the message in its chat's log. For an id that no server made this is any
    /// number: compare the found message's id before trusting it.
    #[must_use]
    pub fn seq(&self) -> u64 {
        let mask = (1u128 << SEQ_BITS) - 1;
        // The mask leaves 40 bits.
        u64::try_from(self.0.as_u128() & mask).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_carries_its_seq_and_stays_a_version_7_uuid() {
        let base = Uuid::from_u128(0x0192_0000_0000_7abc_8fff_ffff_ffff_ffff);
        for seq in [1, 255, 65_536, (1 << 40) - 1] {
            let id = MessageId::with_seq(base, seq);
            assert_eq!(id.seq(), seq);
            assert_eq!(id.as_uuid().get_version_num(), 7);
        }
    }

    #[test]
    fn an_id_has_one_spelling() {
        let text = "01920000-0000-7abc-8fff-ffffffffffff";
        assert_eq!(text.parse::<ChatId>().unwrap().to_string(), text);
        assert!("0192000000007abc8fffffffffffffff".parse::<ChatId>().is_err());
        assert!("{01920000-0000-7abc-8fff-ffffffffffff}".parse::<ChatId>().is_err());
        assert!("../../etc/passwd".parse::<ChatId>().is_err());
    }
}
