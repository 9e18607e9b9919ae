//! What an event of a client asks for. Pure: an event in, a command or a problem out.

use api::{
    ErrorCode, Problem,
    events::{
        Authenticate, DeleteMessageIn, EditMessageIn, InChat, MarkReadIn, ReactionIn, SendMessage,
        SetPresence, Sync,
    },
};
use serde::de::DeserializeOwned;
use socketio::Event;

/// Chats that one `sync` may name.
const SYNC_CHATS: usize = 500;

/// What a client asks for.
#[derive(Debug)]
pub(crate) enum Command {
    Authenticate(Authenticate),
    SendMessage(SendMessage),
    EditMessage(EditMessageIn),
    DeleteMessage(DeleteMessageIn),
    React { reaction: ReactionIn, add: bool },
    MarkRead(MarkReadIn),
    Typing { chat: InChat, started: bool },
    Screen { chat: InChat, shown: bool },
    SetPresence(SetPresence),
    Sync(Sync),
}

impl Command {
    /// The names of all events that a client may send.
    pub(crate) const NAMES: &'static [&'static str] = &[
        "authenticate",
        "send_message",
        "edit_message",
        "delete_message",
        "add_reaction",
        "remove_reaction",
        "mark_read",
        "typing_start",
        "typing_stop",
        "join_chat",
        "leave_chat",
        "set_presence",
        "sync",
    ];

    /// Reads an event.
    pub(crate) fn read(event: &Event) -> Result<Self, Problem> {
        match event.name() {
            "authenticate" => payload(event).map(Self::Authenticate),
            "send_message" => payload(event).map(Self::SendMessage),
            "edit_message" => payload(event).map(Self::EditMessage),
            "delete_message" => payload(event).map(Self::DeleteMessage),
            "add_reaction" => payload(event).map(|reaction| Self::React { reaction, add: true }),
            "remove_reaction" => {
                payload(event).map(|reaction| Self::React { reaction, add: false })
            }
            "mark_read" => payload(event).map(Self::MarkRead),
            "typing_start" => payload(event).map(|chat| Self::Typing { chat, started: true }),
            "typing_stop" => payload(event).map(|chat| Self::Typing { chat, started: false }),
            "join_chat" => payload(event).map(|chat| Self::Screen { chat, shown: true }),
            "leave_chat" => payload(event).map(|chat| Self::Screen { chat, shown: false }),
            "set_presence" => payload(event).map(Self::SetPresence),
            "sync" => {
                let sync: Sync = payload(event)?;
                if sync.chats.len() > SYNC_CHATS {
                    return Err(Problem::invalid_field("chats", "at most 500 chats"));
                }
                Ok(Self::Sync(sync))
            }
            _ => Err(Problem::new(ErrorCode::Malformed).detail("there is no such event")),
        }
    }
}

/// The event's first argument, an object.
fn payload<T: DeserializeOwned>(event: &Event) -> Result<T, Problem> {
    let is_object = event.args().first().is_some_and(|raw| raw.get().starts_with('{'));
    if !is_object {
        return Err(
            Problem::new(ErrorCode::Malformed).detail("the first argument must be an object")
        );
    }
    event.arg(0).map_err(|error| kit::http::refused_json(&error))
}
