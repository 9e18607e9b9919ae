//! The AsyncAPI 3 document, made from the types that go over the socket.

mod yaml;

use std::collections::BTreeMap;

use api::{
    events::{
        Acknowledged, Authenticate, ChatCreated, ChatRemoved, Connected, DeleteMessageIn, Done,
        EditMessageIn, Event, InChat, MarkReadIn, MessageAcknowledged, NewNotification,
        PresenceChanged, ReactionIn, ReadAcknowledged, ReadUpdated, Refused, SendMessage,
        SetPresence, Sync, Synced, Typing,
    },
    rest::connections::Connection,
};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// An event that a client sends, or the server.
struct Described {
    name: &'static str,
    summary: &'static str,
    payload: Value,
    /// The acknowledgement, for what a client sends.
    answer: Option<Value>,
}

/// The schemas of the document, collected while events are described.
#[derive(Default)]
struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// Takes in a type with all that it refers to; answers how to refer to it.
    fn refer<T: ToSchema>(&mut self) -> Value {
        let mut found = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut found);
        for (name, schema) in found {
            self.0.insert(name, serde_json::to_value(schema).unwrap_or_default());
        }
        json!({"$ref": format!("#/components/schemas/{}", T::name())})
    }

    fn command<P: ToSchema, A: ToSchema>(
        &mut self,
        name: &'static str,
        summary: &'static str,
    ) -> Described {
        // A generic type does not bring along what it is filled with.
        self.refer::<A>();
        let answer = json!({"oneOf": [self.refer::<Acknowledged<A>>(), self.refer::<Refused>()]});
        Described { name, summary, payload: self.refer::<P>(), answer: Some(answer) }
    }

    fn told<P: ToSchema>(&mut self, name: &'static str, summary: &'static str) -> Described {
        Described { name, summary, payload: self.refer::<P>(), answer: None }
    }
}

fn commands(schemas: &mut Schemas) -> Vec<Described> {
    vec![
        schemas.command::<Authenticate, Done>("authenticate", "Renews the token of this socket"),
        schemas.command::<SendMessage, MessageAcknowledged>(
            "send_message",
            "Posts a message; repeated with its client_id it answers with the same one",
        ),
        schemas.command::<EditMessageIn, MessageAcknowledged>("edit_message", "Edits a message"),
        schemas.command::<DeleteMessageIn, Done>("delete_message", "Deletes a message"),
        schemas.command::<ReactionIn, Done>("add_reaction", "Gives a reaction"),
        schemas.command::<ReactionIn, Done>("remove_reaction", "Takes a reaction back"),
        schemas.command::<MarkReadIn, ReadAcknowledged>("mark_read", "Moves my read position"),
        schemas.command::<InChat, Done>(
            "typing_start",
            "I type; passed on at most once a second, over by itself after 6 s",
        ),
        schemas.command::<InChat, Done>("typing_stop", "I stopped typing"),
        schemas.command::<InChat, Done>(
            "join_chat",
            "This chat is on screen: presence, typing and heads follow",
        ),
        schemas.command::<InChat, Done>("leave_chat", "This chat is on screen no longer"),
        schemas.command::<SetPresence, Done>("set_presence", "How this device shows me"),
        schemas.command::<Sync, Synced>("sync", "What happened since; where all my chats stand"),
    ]
}

fn told(schemas: &mut Schemas) -> Vec<Described> {
    vec![
        schemas.told::<Connected>("status", "After connecting"),
        schemas.told::<Event>("new_message", "Log: message_posted"),
        schemas.told::<Event>("message_updated", "Log: message_edited"),
        schemas.told::<Event>("message_deleted", "Log: message_deleted"),
        schemas.told::<Event>("reaction_added", "Log: reaction_added"),
        schemas.told::<Event>("reaction_removed", "Log: reaction_removed"),
        schemas.told::<Event>(
            "participants_changed",
            "Log: participant_joined, participant_left, participant_role_changed",
        ),
        schemas.told::<Event>("chat_updated", "Log: chat_updated, chat_archived"),
        schemas.told::<ChatCreated>("chat_created", "A chat that is new to me"),
        schemas.told::<ChatRemoved>("chat_removed", "A chat that is mine no more"),
        schemas.told::<ReadUpdated>("read_updated", "A read position moved"),
        schemas.told::<Typing>("typing_start", "Somebody types"),
        schemas.told::<Typing>("typing_stop", "Somebody stopped typing"),
        schemas.told::<PresenceChanged>("presence", "Somebody came, went or changed their status"),
        schemas.told::<NewNotification>("new_notification", "A notification"),
        schemas.told::<Connection>("new_connection_request", "Somebody asks to connect"),
        Described {
            name: "heads",
            summary: "Every 30 s: where the logs of the chats on screen stand",
            payload: json!({
                "type": "object",
                "additionalProperties": {"type": "integer", "minimum": 0},
                "description": "Chat id to the seq of its newest event"
            }),
            answer: None,
        },
    ]
}

/// The document as JSON.
#[must_use]
pub fn document() -> Value {
    let mut schemas = Schemas::default();
    let (commands, told) = (commands(&mut schemas), told(&mut schemas));
    let mut messages = Map::new();
    let mut channel_messages = Map::new();
    let mut operations = Map::new();
    for (prefix, action, events) in [("client", "receive", &commands), ("server", "send", &told)] {
        for event in events {
            let id = format!("{prefix}.{}", event.name);
            messages.insert(
                id.clone(),
                json!({
                    "name": event.name,
                    "summary": event.summary,
                    "contentType": "application/json",
                    "payload": event.payload,
                }),
            );
            channel_messages
                .insert(id.clone(), json!({"$ref": format!("#/components/messages/{id}")}));
            let mut operation = json!({
                "action": action,
                "summary": event.summary,
                "channel": {"$ref": "#/channels/socket"},
                "messages": [{"$ref": format!("#/channels/socket/messages/{id}")}],
            });
            if let Some(answer) = &event.answer {
                let answer_id = format!("{prefix}.{}.acknowledgement", event.name);
                messages.insert(
                    answer_id.clone(),
                    json!({
                        "name": format!("acknowledgement of {}", event.name),
                        "contentType": "application/json",
                        "payload": answer,
                    }),
                );
                channel_messages.insert(
                    answer_id.clone(),
                    json!({"$ref": format!("#/components/messages/{answer_id}")}),
                );
                operation["reply"] = json!({
                    "channel": {"$ref": "#/channels/socket"},
                    "messages": [{"$ref": format!("#/channels/socket/messages/{answer_id}")}],
                });
            }
            operations.insert(id, operation);
        }
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Thread, real time",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Socket.IO 5 over Engine.IO 4 at /socket.io, by WebSocket or \
                long-polling. The access token goes into the handshake's auth: {token}. Without a \
                good one the client gets connect_error with data.code. Events of a chat come with \
                seq + 1 each, or the socket is closed; after any absence, sync. Close codes: 4001 \
                token_expired or session_ended, 4008 slow_consumer, 4012 gap.",
            "license": {"name": "MIT"}
        },
        "defaultContentType": "application/json",
        "channels": {"socket": {"address": "/socket.io", "messages": channel_messages}},
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas.0},
    })
}

/// The document as YAML.
#[must_use]
pub fn yaml() -> String {
    yaml::write(&document())
}

/// The document as a page for people.
#[must_use]
pub fn page() -> String {
    let mut schemas = Schemas::default();
    let (commands, told) = (commands(&mut schemas), told(&mut schemas));
    let mut body = String::new();
    for (title, events) in [("Client to server", commands), ("Server to client", told)] {
        body.push_str(&format!("<h2>{title}</h2>"));
        for event in events {
            body.push_str(&format!(
                "<section><h3><code>{}</code></h3><p>{}</p><p>Payload: {}</p>",
                event.name,
                escape(event.summary),
                shown(&event.payload)
            ));
            if let Some(answer) = &event.answer {
                body.push_str(&format!("<p>Acknowledgement: {}</p>", shown(answer)));
            }
            body.push_str("</section>");
        }
    }
    body.push_str("<h2>Schemas</h2>");
    for (name, schema) in &schemas.0 {
        let text = serde_json::to_string_pretty(schema).unwrap_or_default();
        body.push_str(&format!(
            "<section id=\"{}\"><h3><code>{}</code></h3><pre>{}</pre></section>",
            escape(name),
            escape(name),
            escape(&text)
        ));
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Thread, real time</title>\
         <link rel=\"stylesheet\" href=\"/asyncapi.css\"></head><body><main>\
         <h1>Thread, real time</h1><p>Socket.IO 5 at <code>/socket.io</code>. \
         The document itself: <a href=\"/asyncapi.yaml\">asyncapi.yaml</a>.</p>{body}</main>\
         </body></html>"
    )
}

/// How the page shows a payload: links to its schemas.
fn shown(payload: &Value) -> String {
    if let Some(alternatives) = payload.get("oneOf").and_then(Value::as_array) {
        return alternatives.iter().map(shown).collect::<Vec<_>>().join(" or ");
    }
    match payload.get("$ref").and_then(Value::as_str).and_then(|link| link.rsplit('/').next()) {
        Some(name) => format!("<a href=\"#{0}\"><code>{0}</code></a>", escape(name)),
        None => format!("<pre>{}</pre>", escape(&payload.to_string())),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// How the page looks.
pub const CSS: &str = include_str!("asyncapi/page.css");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Command;

    #[test]
    fn every_command_is_described_and_no_other() {
        let mut schemas = Schemas::default();
        let described: Vec<_> = commands(&mut schemas).iter().map(|event| event.name).collect();
        assert_eq!(described, Command::NAMES);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut todo = vec![&document];
        let mut references = 0;
        while let Some(value) = todo.pop() {
            match value {
                Value::Object(object) => {
                    if let Some(Value::String(link)) = object.get("$ref") {
                        let pointer = link.trim_start_matches('#');
                        assert!(document.pointer(pointer).is_some(), "{link}");
                        references += 1;
                    }
                    todo.extend(object.values());
                }
                Value::Array(items) => todo.extend(items),
                _ => {}
            }
        }
        assert!(references > 100);
    }
}
