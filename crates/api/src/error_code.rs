//! The closed list of error codes, the same over REST and Socket.IO.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $title:literal;)*) => {
        /// What went wrong, in a word that programs may rely on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl ErrorCode {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it goes over the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status that carries it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// A short sentence for people, the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

error_codes! {
    /// The request can't be read: broken JSON, an id that is no UUID, a missing parameter.
    Malformed = "malformed", 400, "The request can't be read";
    /// No token, or one that is expired, forged or meant for somebody else.
    Unauthenticated = "unauthenticated", 401, "Sign in first";
    /// The username, e-mail or password is wrong.
    InvalidCredentials = "invalid_credentials", 401, "The username or password is wrong";
    /// The refresh token or session is over, unknown or was used before.
    SessionOver = "session_over", 401, "The session is over";
    /// Known to you, but not allowed.
    Forbidden = "forbidden", 403, "You are not allowed to do this";
    /// The chat is known to you, but you are not a participant.
    NotAParticipant = "not_a_participant", 403, "You are not a participant of this chat";
    /// The request comes from a page of another origin.
    ForeignOrigin = "foreign_origin", 403, "Requests from this origin are refused";
    /// No such path.
    NotFound = "not_found", 404, "There is nothing here";
    /// No such chat, or it is not yours to see.
    ChatNotFound = "chat_not_found", 404, "There is no such chat";
    /// No such message in this chat.
    MessageNotFound = "message_not_found", 404, "There is no such message";
    /// No such person, or they are hidden from you.
    UserNotFound = "user_not_found", 404, "There is no such user";
    /// No such participant of this chat.
    ParticipantNotFound = "participant_not_found", 404, "There is no such participant";
    /// No such connection of yours.
    ConnectionNotFound = "connection_not_found", 404, "There is no such connection";
    /// No such signed-in device of yours.
    SessionNotFound = "session_not_found", 404, "There is no such session";
    /// No such attachment.
    AttachmentNotFound = "attachment_not_found", 404, "There is no such attachment";
    /// The path exists, but not with this method.
    MethodNotAllowed = "method_not_allowed", 405, "This method is not allowed here";
    /// The request did not arrive in time.
    RequestTimeout = "request_timeout", 408, "The request took too long to arrive";
    /// The username belongs to somebody.
    UsernameTaken = "username_taken", 409, "This username is taken";
    /// The e-mail address belongs to somebody.
    EmailTaken = "email_taken", 409, "This e-mail address is taken";
    /// The same `client_id` was used for another message.
    ClientIdReused = "client_id_reused", 409, "This client_id already names another message";
    /// The two are connected already.
    AlreadyConnected = "already_connected", 409, "You are already connected, or have asked before";
    /// The connection has been answered already.
    AlreadyAnswered = "already_answered", 409, "This request has been answered already";
    /// The chat is archived and takes no more changes.
    ChatArchived = "chat_archived", 409, "This chat is archived";
    /// The chat's only owner can't leave or step down while others remain.
    LastOwner = "last_owner", 409, "The only owner can't leave or step down: name another first";
    /// The message is deleted and takes no more changes.
    MessageDeleted = "message_deleted", 409, "This message was deleted";
    /// An operator's retention has removed what was asked for.
    LogTruncated = "log_truncated", 410, "These events have been removed";
    /// The body is larger than allowed.
    TooLarge = "too_large", 413, "The request is too large";
    /// The body is not of the type that this call takes.
    UnsupportedMediaType = "unsupported_media_type", 415, "This content type is not accepted";
    /// Well-formed, but a value is not allowed: see `errors`.
    Invalid = "invalid", 422, "Some values are not allowed";
    /// Too many requests; come back after `Retry-After` seconds.
    RateLimited = "rate_limited", 429, "Too many requests";
    /// A fault of ours. Nothing about it is told.
    Internal = "internal", 500, "Something went wrong on our side";
    /// A part that is needed is away; come back after `Retry-After` seconds.
    Unavailable = "unavailable", 503, "This service is not available right now";
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_spelling() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
        }
    }
}
