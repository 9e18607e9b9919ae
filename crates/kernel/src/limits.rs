//! Limits of the contract, each checked at the edge and repeated in the served documents.

/// Items of a page when nothing is said.
pub const PAGE_DEFAULT: u32 = 50;
/// Items of a page at most.
pub const PAGE_MAX: u32 = 100;
/// Events of one answer at most.
pub const EVENTS_MAX: u32 = 500;
/// Characters of a message's text.
pub const TEXT_CHARS: usize = 8_000;
/// Characters of a chat's name.
pub const CHAT_NAME_CHARS: usize = 80;
/// Characters of a chat's topic.
pub const CHAT_TOPIC_CHARS: usize = 250;
/// People that one call may name.
pub const IDS_PER_CALL: usize = 100;
/// People that one message may mention by name.
pub const MENTIONS: usize = 200;
/// Different reactions that one message may carry.
pub const REACTIONS_PER_MESSAGE: usize = 50;
/// Bytes of one emoji (a family with skin tones takes 41).
pub const EMOJI_BYTES: usize = 64;
/// Characters of a username, at least and at most.
pub const USERNAME_CHARS: (usize, usize) = (3, 64);
/// Characters of a password, at least and at most.
pub const PASSWORD_CHARS: (usize, usize) = (8, 256);
/// Characters of a display name.
pub const DISPLAY_NAME_CHARS: usize = 64;
/// Characters of a person's description of themselves.
pub const BIO_CHARS: usize = 500;
/// Characters of a status.
pub const STATUS_CHARS: usize = 100;
/// Bytes of a JSON request's body.
pub const BODY_BYTES: usize = 256 * 1024;
/// Levels of nesting in a JSON body.
pub const JSON_DEPTH: usize = 32;
/// Characters of a search.
pub const QUERY_CHARS: usize = 200;
/// Characters of a notification written by an administrator.
pub const NOTIFICATION_CHARS: usize = 500;
