//! Every outgoing event holds the fields it may hold and no other. A field that is added to a wire
//! type fails here until somebody has decided that every client may see it.

use std::collections::HashSet;

use serde_json::{Value, json};
use testkit::{Program, Socket, client_id, eventually};

const EVENT: &[&str] = &["chat_id", "seq", "id", "kind", "actor_id", "at"];
const MESSAGE: &[&str] = &[
    "id",
    "chat_id",
    "seq",
    "version",
    "client_id",
    "sender_id",
    "kind",
    "text",
    "reply_to",
    "thread_root_id",
    "also_in_chat",
    "thread",
    "attachments",
    "mentions",
    "reactions",
    "created_at",
    "edited_at",
    "deleted_at",
];
const CHAT_INFO: &[&str] = &[
    "id",
    "kind",
    "visibility",
    "name",
    "topic",
    "epoch",
    "created_by",
    "created_at",
    "archived_at",
];
const CHAT: &[&str] = &["last_seq", "last_message", "participant_count", "participant_ids", "my"];
const MY: &[&str] = &["role", "read_seq", "unread_count", "mention_count", "notify"];
const USER: &[&str] =
    &["id", "username", "display_name", "bio", "avatar_url", "status", "email", "created_at"];
const NOTIFICATION: &[&str] = &[
    "id",
    "kind",
    "actor",
    "chat_id",
    "message_id",
    "text",
    "created_at",
    "read_at",
    "unread_count",
];
const CONNECTION: &[&str] = &["id", "user", "direction", "status", "created_at"];

/// The fields that an event of that name may hold beside [`EVENT`], for the log's events; alone,
/// for the others.
fn allowed(name: &str) -> (bool, &'static [&'static str]) {
    match name {
        "new_message" | "message_updated" => (true, &["message"]),
        "message_deleted" => (true, &["message_id"]),
        "reaction_added" | "reaction_removed" => (true, &["message_id", "emoji", "user_id"]),
        "participants_changed" => (true, &["user_id", "role"]),
        "chat_updated" => (true, &["chat"]),
        "status" => (false, &["msg", "user_id", "server_time"]),
        "chat_created" => (false, &["chat"]),
        "chat_removed" => (false, &["chat_id", "seq"]),
        "read_updated" => {
            (false, &["chat_id", "user_id", "read_seq", "unread_count", "mention_count"])
        }
        "typing_start" | "typing_stop" => (false, &["chat_id", "user_id"]),
        "presence" => (false, &["user_id", "state", "last_seen_at", "status"]),
        "new_notification" => (false, NOTIFICATION),
        "new_connection_request" => (false, CONNECTION),
        other => panic!("an event that this test does not know: {other}"),
    }
}

fn only(place: &str, value: &Value, lists: &[&[&str]]) {
    let Some(object) = value.as_object() else { return };
    for field in object.keys() {
        let known = lists.iter().any(|list| list.contains(&field.as_str()));
        assert!(known, "{place} tells `{field}`: {value}");
    }
}

fn check(name: &str, payload: &Value) {
    let (of_log, fields) = allowed(name);
    only(name, payload, &[fields, if of_log { EVENT } else { &[] }]);
    only(name, &payload["message"], &[MESSAGE]);
    if name == "chat_created" {
        only(name, &payload["chat"], &[CHAT_INFO, CHAT]);
        only(name, &payload["chat"]["my"], &[MY]);
        only(name, &payload["chat"]["last_message"], &[MESSAGE]);
    } else {
        only(name, &payload["chat"], &[CHAT_INFO]);
    }
    only(name, &payload["actor"], &[USER]);
    only(name, &payload["user"], &[USER]);
    for secret in ["password", "token", "hash", "secret", "notices", "fingerprint"] {
        let text = payload.to_string().to_lowercase();
        assert!(!text.contains(&format!("\"{secret}")), "{name} tells a {secret}: {payload}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_tells_what_it_may_and_nothing_else() {
    let program = Program::start(env!("CARGO_BIN_EXE_thread")).await;
    let (ana, bruno) = (program.person("ana").await, program.person("bruno").await);
    let clara = program.person("clara").await;
    let (a, b): (Socket, Socket) = (ana.socket().await, bruno.socket().await);
    ana.post("/api/users/connect", json!({"user_id": bruno.id})).await.expect(201);
    ana.put("/api/users/profile", json!({"status": {"text": "here", "emoji": "🌱"}}))
        .await
        .expect(200);
    let chat = ana.group("plans", &[&bruno]).await;
    let path = format!("/api/chats/{chat}");
    b.wait_for("chat_created", |_| true).await;
    b.accepted("join_chat", json!({"chat_id": chat})).await;
    a.accepted("typing_start", json!({"chat_id": chat})).await;
    a.accepted("typing_stop", json!({"chat_id": chat})).await;
    let first = ana.say(&chat, &format!("hello @{}", bruno.username)).await;
    let id = first["id"].as_str().unwrap();
    let reply = json!({"client_id": client_id(), "text": "hi", "reply_to": id});
    bruno.post(&format!("{path}/messages"), reply).await.expect(201);
    bruno.put(&format!("{path}/messages/{id}/reactions/👍"), Value::Null).await;
    bruno.delete(&format!("{path}/messages/{id}/reactions/👍")).await;
    ana.patch(&format!("{path}/messages/{id}"), json!({"text": "hello!"})).await.expect(200);
    ana.delete(&format!("{path}/messages/{id}")).await;
    bruno.put(&format!("{path}/read"), json!({"seq": 4})).await.expect(200);
    ana.post(&format!("{path}/participants"), json!({"user_ids": [clara.id]})).await;
    ana.patch(&path, json!({"topic": "what next"})).await.expect(200);
    ana.delete(&format!("{path}/participants/{}", clara.id)).await;
    let private = ana.direct_chat(&bruno).await;
    ana.say(&private, "psst").await;
    ana.delete(&path).await;
    let removed_from = ana.group("short", &[&bruno]).await;
    ana.delete(&format!("/api/chats/{removed_from}/participants/{}", bruno.id)).await;

    let expected: HashSet<&str> = [
        "status",
        "chat_created",
        "chat_removed",
        "new_message",
        "message_updated",
        "message_deleted",
        "reaction_added",
        "reaction_removed",
        "participants_changed",
        "chat_updated",
        "read_updated",
        "typing_start",
        "typing_stop",
        "presence",
        "new_notification",
        "new_connection_request",
    ]
    .into();
    eventually("every kind of event", || async {
        let seen: HashSet<String> = b.all_received().into_iter().map(|(name, _)| name).collect();
        expected.iter().all(|name| seen.contains(*name)).then_some(())
    })
    .await;
    for (name, payload) in a.all_received().iter().chain(&b.all_received()) {
        check(name, payload);
    }
}
