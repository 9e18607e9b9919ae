//! The matrix: every operation × every sort of caller and every sort of bad input. An operation of
//! the description that has no row here fails the test.

use api::ErrorCode;
use kernel::{ChatId, MessageId};
use serde_json::{Value, json};

use super::app::{App, key_of};
use crate::laws::support::user;

/// An operation: method and path, a good body, and a body without what is needed.
struct Operation {
    method: &'static str,
    path: &'static str,
    body: Value,
    /// What a person outside gets of a public channel; `None`: as an insider.
    outside: Option<ErrorCode>,
    /// Bodies that are well-formed and not allowed.
    bad: Vec<Value>,
}

fn operation(method: &'static str, path: &'static str, body: Value) -> Operation {
    let outside = Some(ErrorCode::NotAParticipant);
    Operation { method, path, body, outside, bad: Vec::new() }
}

fn operations() -> Vec<Operation> {
    let long = "x".repeat(8_001);
    let (chat, message) = ("/api/chats/{id}", "/api/chats/{id}/messages/{message_id}");
    let of_message = |rest: &str| -> &'static str { format!("{message}{rest}").leak() };
    let of_chat = |rest: &str| -> &'static str { format!("{chat}{rest}").leak() };
    vec![
        Operation { outside: None, ..operation("GET", "/api/chats", Value::Null) },
        Operation {
            outside: None,
            bad: vec![
                json!({}),
                json!({"kind": "channel"}),
                json!({"kind": "other"}),
                json!({"kind": "group", "visibility": "public"}),
                json!({"kind": "channel", "name": " "}),
                json!({"kind": "channel", "name": "x".repeat(81)}),
                json!({"kind": "channel", "name": "a\nb"}),
                json!({"kind": "channel", "name": {"$ne": null}}),
                json!({"kind": "group", "topic": "x".repeat(251)}),
                json!({"kind": "direct"}),
                json!({"kind": "direct", "participant_ids": [user(1)]}),
                json!({"kind": "direct", "participant_ids": [user(2), user(3)]}),
                json!({"kind": "direct", "participant_ids": [user(999)]}),
                json!({"kind": "direct", "participant_ids": [user(2)], "name": "x"}),
                json!({"kind": "group", "participant_ids": ["nobody"]}),
                json!({"kind": "group", "participant_ids": (0..101).map(user).collect::<Vec<_>>()}),
            ],
            ..operation("POST", "/api/chats", json!({"kind": "group"}))
        },
        Operation { outside: None, ..operation("GET", "/api/chats/discover", Value::Null) },
        Operation { outside: None, ..operation("GET", chat, Value::Null) },
        Operation {
            bad: vec![
                json!({"name": ""}),
                json!({"topic": 7}),
                json!({"visibility": "secret"}),
                json!([{}, {}, {}, {}]),
            ],
            ..operation("PATCH", chat, json!({"topic": "new"}))
        },
        operation("DELETE", chat, Value::Null),
        Operation {
            bad: vec![json!({}), json!({"notify": "loud"})],
            ..operation("PUT", of_chat("/settings"), json!({"notify": "none"}))
        },
        Operation { outside: None, ..operation("POST", of_chat("/join"), Value::Null) },
        operation("POST", of_chat("/leave"), Value::Null),
        operation("GET", of_chat("/participants"), Value::Null),
        Operation {
            bad: vec![
                json!({}),
                json!({"user_ids": []}),
                json!({"user_ids": [user(999)]}),
                json!({"user_ids": {"$gt": ""}}),
                json!({"user_ids": (0..101).map(user).collect::<Vec<_>>()}),
            ],
            ..operation("POST", of_chat("/participants"), json!({"user_ids": [user(7)]}))
        },
        Operation {
            bad: vec![json!({}), json!({"role": "god"})],
            ..operation("PATCH", of_chat("/participants/{user_id}"), json!({"role": "admin"}))
        },
        operation("DELETE", of_chat("/participants/{user_id}"), Value::Null),
        operation("GET", of_chat("/messages"), Value::Null),
        Operation {
            bad: vec![
                json!({}),
                json!({"text": "x"}),
                json!({"client_id": key_of(77)}),
                json!({"client_id": "7", "text": "x"}),
                json!({"client_id": key_of(77), "text": ""}),
                json!({"client_id": key_of(77), "text": " \n"}),
                json!({"client_id": key_of(77), "text": long}),
                json!({"client_id": key_of(77), "text": "a\u{0}b"}),
                json!({"client_id": key_of(77), "text": {"$ne": null}}),
                json!({"client_id": key_of(77), "text": ["x"]}),
                json!({"client_id": key_of(77), "text": "x", "attachment_ids": ["f"]}),
                json!({"client_id": key_of(77), "text": "x", "also_in_chat": true}),
                json!({"client_id": key_of(77), "text": "x", "reply_to": key_of(1)}),
                json!({"client_id": key_of(77), "text": "x", "thread_root_id": key_of(1)}),
            ],
            ..operation("POST", of_chat("/messages"), json!({"client_id": key_of(9), "text": "hi"}))
        },
        operation("GET", message, Value::Null),
        Operation {
            bad: vec![json!({}), json!({"text": ""}), json!({"text": long}), json!({"text": null})],
            ..operation("PATCH", message, json!({"text": "edited"}))
        },
        operation("DELETE", message, Value::Null),
        operation("GET", of_message("/history"), Value::Null),
        operation("GET", of_message("/thread"), Value::Null),
        operation("PUT", of_message("/follow"), Value::Null),
        operation("DELETE", of_message("/follow"), Value::Null),
        operation("PUT", of_message("/reactions/{emoji}"), Value::Null),
        operation("DELETE", of_message("/reactions/{emoji}"), Value::Null),
        Operation {
            bad: vec![json!({}), json!({"seq": -1}), json!({"seq": "1"}), json!({"seq": 1.5})],
            ..operation("PUT", of_chat("/read"), json!({"seq": 1}))
        },
        operation("GET", of_chat("/events"), Value::Null),
    ]
}

impl Operation {
    fn at(&self, chat: ChatId, message: MessageId, person: u128) -> String {
        let path = self
            .path
            .replace("{id}", &chat.to_string())
            .replace("{message_id}", &message.to_string())
            .replace("{user_id}", &user(person).to_string())
            .replace("{emoji}", "%F0%9F%91%8D");
        format!("{} {path}", self.method)
    }

    fn is_about_a_chat(&self) -> bool {
        self.path.contains("{id}")
    }
}

/// A chat of 1 (owner) and 3 (member), which 4 has left, and a message of 1 in it.
async fn inhabited(app: &App, body: Value) -> (ChatId, MessageId) {
    let chat = app.chat(1, body).await;
    let message = app.post(1, chat, u128::from(chat.as_uuid().as_u64_pair().0), "hello").await;
    app.call(4, &format!("POST /api/chats/{chat}/leave"), Value::Null).await.expect(204);
    (chat, message)
}

fn private() -> Value {
    json!({"kind": "group", "participant_ids": [user(3), user(4)]})
}

fn public() -> Value {
    json!({"kind": "channel", "name": "all", "participant_ids": [user(3), user(4)]})
}

#[test]
fn every_operation_of_the_description_is_in_the_matrix() {
    let rows: Vec<String> =
        operations().iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let description = serde_json::to_value(&App::new().description).unwrap();
    let mut count = 0;
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{} {path}", method.to_uppercase());
            assert!(rows.contains(&name), "{name} has no row");
            assert!(operation["security"][0]["bearer_auth"].is_array(), "{name}");
            assert_eq!(operation["tags"][0], "chats", "{name}");
            assert!(operation["summary"].is_string(), "{name}");
            for status in ["401", "503"] {
                assert!(operation["responses"][status].is_object(), "{name} {status}");
            }
            count += 1;
        }
    }
    assert_eq!(count, rows.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_passes_without_a_token() {
    let app = App::new();
    let (chat, message) = inhabited(&app, private()).await;
    for row in operations() {
        let body = || (!row.body.is_null()).then(|| ("application/json", row.body.to_string()));
        for token in [None, Some(""), Some("forged"), Some("u-1")] {
            let answer = app.send(token, &row.at(chat, message, 3), body()).await;
            answer.refused(ErrorCode::Unauthenticated);
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_chat_is_not_there_for_strangers_former_members_and_administrators() {
    let app = App::new();
    let (chat, message) = inhabited(&app, private()).await;
    for row in operations().iter().filter(|row| row.is_about_a_chat()) {
        let body = || (!row.body.is_null()).then(|| ("application/json", row.body.to_string()));
        for token in ["u5", "u4", "admin5"] {
            let answer = app.send(Some(token), &row.at(chat, message, 3), body()).await;
            answer.refused(ErrorCode::ChatNotFound);
        }
        // A chat that there never was looks the same.
        let nowhere = ChatId::from_uuid(uuid::Uuid::from_u128(1));
        let answer = app.send(Some("u1"), &row.at(nowhere, message, 3), body()).await;
        answer.refused(ErrorCode::ChatNotFound);
    }
    for n in [4, 5] {
        let mine = app.call(n, "GET /api/chats", Value::Null).await.expect(200);
        assert_eq!(mine, json!({"items": [], "next_cursor": null}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_channel_is_closed_inside_to_those_outside() {
    let app = App::new();
    let (chat, message) = inhabited(&app, public()).await;
    for row in operations().iter().filter(|row| row.is_about_a_chat()) {
        let Some(code) = row.outside else { continue };
        for n in [4, 5] {
            let answer = app.call(n, &row.at(chat, message, 3), row.body.clone()).await;
            answer.refused(code);
        }
    }
    let seen = app.call(5, &format!("GET /api/chats/{chat}"), Value::Null).await.expect(200);
    assert!(seen["my"].is_null() && seen["last_message"].is_null());
    assert_eq!(seen["participant_ids"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_another_chat_are_not_there() {
    let app = App::new();
    let (_, foreign) = inhabited(&app, private()).await;
    let (chat, _) = inhabited(&app, public()).await;
    for row in operations().iter().filter(|row| row.path.contains("{message_id}")) {
        let answer = app.call(1, &row.at(chat, foreign, 3), row.body.clone()).await;
        answer.refused(ErrorCode::MessageNotFound);
    }
    for field in ["reply_to", "thread_root_id"] {
        let body = json!({"client_id": key_of(5), "text": "x", field: foreign});
        let answer = app.call(1, &format!("POST /api/chats/{chat}/messages"), body).await;
        answer.refused(ErrorCode::Invalid);
        assert_eq!(answer.json["errors"][0]["field"], field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cant_be_read_is_malformed() {
    let app = App::new();
    let (chat, message) = inhabited(&app, private()).await;
    for row in operations() {
        let good = row.at(chat, message, 3);
        for (part, bad) in [(chat.to_string(), "7"), (message.to_string(), "..%2Fetc")] {
            if good.contains(&part) {
                let answer = app.call(1, &good.replacen(&part, bad, 1), row.body.clone()).await;
                answer.refused(ErrorCode::Malformed);
            }
        }
        if row.body.is_null() {
            continue;
        }
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for text in ["", "{", "\u{1}", "{\"a\": 1e}", &deep] {
            let sent = Some(("application/json", text.to_owned()));
            let answer = app.send(Some("u1"), &good, sent).await;
            assert_eq!((answer.status, answer.code()), (400, "malformed"), "{good} {text:.20}");
        }
        let big = format!("{{\"text\": \"{}\"}}", "x".repeat(300_000));
        let answer = app.send(Some("u1"), &good, Some(("application/json", big))).await;
        answer.refused(ErrorCode::TooLarge);
        for kind in ["", "text/plain", "application/x-www-form-urlencoded"] {
            let answer = app.send(Some("u1"), &good, Some((kind, row.body.to_string()))).await;
            answer.refused(ErrorCode::UnsupportedMediaType);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_allowed_names_its_field() {
    let app = App::new();
    let (chat, message) = inhabited(&app, private()).await;
    for row in operations() {
        for bad in &row.bad {
            let answer = app.call(1, &row.at(chat, message, 3), bad.clone()).await;
            assert_eq!((answer.status, answer.code()), (422, "invalid"), "{} {bad}", row.path);
            assert!(answer.json["errors"][0]["field"].is_string(), "{}", answer.json);
        }
    }
    let chats = "/api/chats";
    let at = format!("{chats}/{chat}");
    for (path, status) in [
        (format!("{chats}?limit=0"), 422),
        (format!("{chats}?limit=101"), 422),
        (format!("{chats}?limit=x"), 400),
        (format!("{chats}?cursor=nonsense"), 400),
        (format!("{chats}/discover?cursor=e30"), 400),
        (format!("{chats}/discover?query={}", "x".repeat(201)), 422),
        (format!("{at}/participants?limit=101"), 422),
        (format!("{at}/messages?limit=101"), 422),
        (format!("{at}/messages?before_seq=-1"), 400),
        (format!("{at}/messages?before_seq=3&after_seq=1"), 422),
        (format!("{at}/messages?around_seq=18446744073709551615"), 200),
        (format!("{at}/messages?before_seq=18446744073709551615"), 200),
        (format!("{at}/messages?after_seq=18446744073709551615"), 200),
        (format!("{at}/messages/{message}/thread?limit=0"), 422),
        (format!("{at}/events?limit=501"), 422),
        (format!("{at}/events?limit=500&after_seq=18446744073709551615"), 200),
    ] {
        let answer = app.call(1, &format!("GET {path}"), Value::Null).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.json);
    }
    let lone = format!("{{\"client_id\": \"{}\", \"text\": \"\\ud800\"}}", key_of(8));
    let sent = Some(("application/json", lone));
    let answer = app.send(Some("u1"), &format!("POST {at}/messages"), sent).await;
    assert!([400, 422].contains(&answer.status), "{}", answer.json);
    for emoji in ["%20", "%3Cb%3E", "a%20b", "%00", &"x".repeat(65)] {
        let call = format!("PUT {at}/messages/{message}/reactions/{emoji}");
        app.call(1, &call, Value::Null).await.refused(ErrorCode::Invalid);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_are_not_the_callers_to_set_are_ignored() {
    let app = App::new();
    let extra = json!({
        "kind": "group", "name": "n", "role": "owner", "owner_id": user(5), "created_by": user(5),
        "id": user(5), "epoch": "mine", "last_seq": 99, "participant_count": 7
    });
    let chat = app.call(1, "POST /api/chats", extra).await.expect(201);
    assert_eq!(chat["created_by"], json!(user(1)));
    assert_eq!((&chat["last_seq"], &chat["participant_count"]), (&json!(1), &json!(1)));
    assert_ne!(chat["epoch"], "mine");
    let path = format!("POST /api/chats/{}/messages", chat["id"].as_str().unwrap());
    let extra = json!({
        "client_id": key_of(1), "text": "x", "sender_id": user(5), "seq": 99, "version": 99,
        "kind": "system", "created_at": "2000-01-01T00:00:00.000Z", "mentions": ["all"]
    });
    let message = app.call(1, &path, extra).await.expect(201)["message"].clone();
    assert_eq!(message["sender_id"], json!(user(1)));
    assert_eq!((&message["seq"], &message["version"]), (&json!(2), &json!(2)));
    assert_eq!((&message["kind"], &message["mentions"]), (&json!("text"), &json!([])));
}
