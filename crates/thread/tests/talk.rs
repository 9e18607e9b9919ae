//! Two people talk: what each sees, live and afterwards.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Person, Program, Socket, client_id, eventually};
use tokio::time::sleep;

const BINARY: &str = env!("CARGO_BIN_EXE_thread");

async fn two() -> (Program, Person, Person) {
    let program = Program::start(BINARY).await;
    let (ana, bruno) = (program.person("ana").await, program.person("bruno").await);
    (program, ana, bruno)
}

fn message(chat: &str, text: &str) -> Value {
    json!({"chat_id": chat, "client_id": client_id(), "text": text})
}

async fn my_place(person: &Person, chat: &str) -> Value {
    person.get(&format!("/api/chats/{chat}")).await.expect(200)["my"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_reaches_the_other_side_and_counts_until_it_is_read() {
    let (_program, ana, bruno) = two().await;
    let (a, b) = (ana.socket().await, bruno.socket().await);
    let status = b.wait_for("status", |_| true).await;
    assert_eq!(status["user_id"], bruno.id.to_string());

    let chat = ana.direct_chat(&bruno).await;
    let created = b.wait_for("chat_created", |event| event["chat"]["id"] == chat).await;
    assert_eq!(created["chat"]["kind"], "direct");
    let sent = a.accepted("send_message", message(&chat, "Olá, Bruno!")).await;
    let event = b.wait_for("new_message", |event| event["chat_id"] == chat).await;
    assert_eq!(event["message"], sent["message"]);
    assert_eq!(event["kind"], "message_posted");
    assert_eq!(event["seq"], sent["message"]["seq"]);
    // The sender's own devices hear of it too.
    a.wait_for("new_message", |event| event["message"]["id"] == sent["message"]["id"]).await;

    assert_eq!(my_place(&bruno, &chat).await["unread_count"], 1);
    assert_eq!(my_place(&ana, &chat).await["unread_count"], 0);
    let told = b.wait_for("new_notification", |event| event["kind"] == "direct_message").await;
    assert_eq!(told["chat_id"], chat);
    assert_eq!(told["actor"]["username"], ana.username);

    let read = json!({"chat_id": chat, "seq": event["seq"]});
    let answer = b.accepted("mark_read", read).await;
    assert_eq!(answer["unread_count"], 0);
    let other = a.wait_for("read_updated", |event| event["chat_id"] == chat).await;
    assert_eq!(other["user_id"], bruno.id.to_string());
    assert!(other.get("unread_count").is_none(), "the counts are the reader's own");
    let own = b.wait_for("read_updated", |event| event["chat_id"] == chat).await;
    assert_eq!(own["unread_count"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_messages_sent_at_once_arrive_in_the_order_sent() {
    let (_program, ana, bruno) = two().await;
    let chat = ana.direct_chat(&bruno).await;
    let (a, b) = (ana.socket().await, bruno.socket().await);
    let sent: Vec<_> =
        (0..20).map(|n| a.start("send_message", message(&chat, &n.to_string()))).collect();
    let mut seqs = Vec::new();
    for answer in sent {
        seqs.push(answer.await.unwrap()["message"]["seq"].as_u64().unwrap());
    }
    assert!(seqs.is_sorted());
    eventually("all twenty", || async { (b.received("new_message").len() == 20).then_some(()) })
        .await;
    let texts: Vec<_> =
        b.received("new_message").iter().map(|e| e["message"]["text"].clone()).collect();
    assert_eq!(texts, (0..20).map(|n| json!(n.to_string())).collect::<Vec<_>>());
    assert!(b.seqs(&chat).windows(2).all(|pair| pair[1] == pair[0] + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_is_the_same_message_over_either_way() {
    let (_program, ana, bruno) = two().await;
    let chat = ana.direct_chat(&bruno).await;
    let socket = ana.socket().await;
    let body = message(&chat, "once");
    let first = socket.accepted("send_message", body.clone()).await;
    let second = socket.accepted("send_message", body.clone()).await;
    assert_eq!(first["message"], second["message"]);
    let path = format!("/api/chats/{chat}/messages");
    let third = ana.post(&path, body.clone()).await.expect(200);
    assert_eq!(third["message"], first["message"]);
    let mut other = body;
    other["text"] = json!("twice");
    ana.post(&path, other.clone()).await.refused(409, "client_id_reused");
    let refused = socket.ask("send_message", other).await;
    assert_eq!(refused["ok"], false);
    assert_eq!(refused["error"]["code"], "client_id_reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_reactions_and_deletions_are_events_of_the_log() {
    let (_program, ana, bruno) = two().await;
    let chat = ana.direct_chat(&bruno).await;
    let (a, b) = (ana.socket().await, bruno.socket().await);
    let posted = ana.say(&chat, "frist").await;
    let id = posted["id"].clone();
    let on = |more: Value| {
        let mut payload = json!({"chat_id": chat, "message_id": id});
        payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        payload
    };
    a.accepted("edit_message", on(json!({"text": "first"}))).await;
    let edited = b.wait_for("message_updated", |event| event["message"]["id"] == id).await;
    assert_eq!(edited["message"]["text"], "first");
    assert!(edited["message"]["edited_at"].is_string());
    b.accepted("add_reaction", on(json!({"emoji": "👍"}))).await;
    let reaction = a.wait_for("reaction_added", |event| event["message_id"] == id).await;
    assert_eq!(reaction["user_id"], bruno.id.to_string());
    b.accepted("remove_reaction", on(json!({"emoji": "👍"}))).await;
    a.wait_for("reaction_removed", |event| event["message_id"] == id).await;
    let refused = b.ask("delete_message", on(json!({}))).await;
    assert_eq!(refused["error"]["code"], "forbidden");
    a.accepted("delete_message", on(json!({}))).await;
    b.wait_for("message_deleted", |event| event["message_id"] == id).await;
    let page = bruno.get(&format!("/api/chats/{chat}/messages")).await.expect(200);
    assert_eq!(page["items"][0]["text"], "");
    assert!(page["items"][0]["deleted_at"].is_string());
    assert!(b.seqs(&chat).windows(2).all(|pair| pair[1] == pair[0] + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_hears_that_and_nothing_later() {
    let (program, ana, bruno) = two().await;
    let clara = program.person("clara").await;
    let chat = ana.group("plans", &[&bruno, &clara]).await;
    let (b, c) = (bruno.socket().await, clara.socket().await);
    ana.say(&chat, "all three").await;
    b.wait_for("new_message", |event| event["chat_id"] == chat).await;
    ana.delete(&format!("/api/chats/{chat}/participants/{}", bruno.id)).await;
    ana.say(&chat, "just us").await;
    c.wait_for("new_message", |event| event["message"]["text"] == "just us").await;
    let removed = b.wait_for("chat_removed", |event| event["chat_id"] == chat).await;
    sleep(Duration::from_millis(300)).await;
    assert!(b.seqs(&chat).iter().all(|seq| *seq < removed["seq"].as_u64().unwrap()));
    bruno.get(&format!("/api/chats/{chat}/events")).await.refused(404, "chat_not_found");
    let left = c.wait_for("participants_changed", |e| e["kind"] == "participant_left").await;
    assert_eq!(left["user_id"], bruno.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_sees_the_chat_and_everything_after() {
    let (_program, ana, bruno) = two().await;
    let chat = ana.channel("general", "public").await;
    ana.say(&chat, "before").await;
    let b = bruno.socket().await;
    bruno.post(&format!("/api/chats/{chat}/join"), Value::Null).await;
    b.wait_for("chat_created", |event| event["chat"]["id"] == chat).await;
    ana.say(&chat, "after").await;
    b.wait_for("new_message", |event| event["message"]["text"] == "after").await;
    let seqs = b.seqs(&chat);
    assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seqs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_and_presence_follow_who_is_there() {
    let (_program, ana, bruno) = two().await;
    let chat = ana.direct_chat(&bruno).await;
    let a = ana.socket().await;
    a.accepted("join_chat", json!({"chat_id": chat})).await;
    let b = bruno.socket().await;
    let there = |state: &'static str| {
        let id = bruno.id.to_string();
        move |event: &Value| event["user_id"] == id && event["state"] == state
    };
    a.wait_for("presence", there("online")).await;
    let seen = ana.get(&format!("/api/users/presence?ids={}", bruno.id)).await.expect(200);
    assert_eq!(seen[0]["state"], "online");
    b.accepted("typing_start", json!({"chat_id": chat})).await;
    b.accepted("typing_start", json!({"chat_id": chat})).await;
    let typing = a.wait_for("typing_start", |event| event["chat_id"] == chat).await;
    assert_eq!(typing["user_id"], bruno.id.to_string());
    a.wait_for("typing_stop", |event| event["chat_id"] == chat).await;
    assert_eq!(a.received("typing_start").len(), 1, "passed on at most once a second");
    assert!(b.received("typing_start").is_empty(), "nobody is told of their own typing");
    b.accepted("set_presence", json!({"state": "dnd"})).await;
    a.wait_for("presence", there("dnd")).await;
    drop(b);
    a.wait_for("presence", there("offline")).await;
    let seen = ana.get(&format!("/api/users/presence?ids={}", bruno.id)).await.expect(200);
    assert_eq!(seen[0]["state"], "offline");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_away_catches_up_by_sync() {
    let (_program, ana, bruno) = two().await;
    let chat = ana.direct_chat(&bruno).await;
    for n in 0..30 {
        ana.say(&chat, &n.to_string()).await;
    }
    let b = bruno.socket().await;
    let answer = b.accepted("sync", json!({"chats": {chat.clone(): 10}})).await;
    let events = answer["events"][&chat].as_array().unwrap();
    assert_eq!(events[0]["seq"], 11);
    assert_eq!(events.last().unwrap()["seq"], answer["heads"][&chat]["seq"]);
    let nobody = "01920000-0000-7000-8000-000000000000";
    let foreign = b.accepted("sync", json!({"chats": {nobody: 0}})).await;
    assert!(foreign["events"].as_object().unwrap().is_empty());
    assert!(foreign["heads"].get(nobody).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_without_a_good_token_is_refused_with_a_code() {
    let (program, ana, bruno) = two().await;
    for auth in [json!({}), json!({"token": ""}), json!({"token": 7}), json!({"token": "a.b.c"})] {
        let refusal = Socket::connect(&program.url(""), auth.clone()).await.unwrap_err();
        assert_eq!(refusal.error["data"]["code"], "unauthenticated", "{auth}");
    }
    let socket = ana.socket().await;
    let foreign = socket.ask("authenticate", json!({"token": bruno.token})).await;
    assert_eq!(foreign["error"]["code"], "forbidden");
    let own = socket.ask("authenticate", json!({"token": ana.token})).await;
    assert_eq!(own["ok"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_closes_the_session_s_sockets() {
    let (program, ana, _) = two().await;
    let socket = ana.socket().await;
    ana.post("/api/users/logout", json!({"refresh_token": ana.refresh_token})).await.expect(204);
    eventually("the close", || async { socket.closed() }).await;
    assert_eq!(socket.closed(), Some((4001, "session_ended".to_owned())));
    let refusal = Socket::connect(&program.url(""), json!({"token": ana.token})).await.unwrap_err();
    assert_eq!(refusal.error["data"]["code"], "unauthenticated");
    eventually("the refusal over REST", || async {
        let profile = ana.get("/api/users/profile").await;
        (profile.status == 401).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_is_asked_answered_and_notified() {
    let (_program, ana, bruno) = two().await;
    let b = bruno.socket().await;
    let a = ana.socket().await;
    let asked = ana.post("/api/users/connect", json!({"user_id": bruno.id})).await.expect(201);
    assert_eq!(asked["status"], "pending");
    let request = b.wait_for("new_connection_request", |_| true).await;
    assert_eq!(request["user"]["id"], ana.id.to_string());
    b.wait_for("new_notification", |event| event["kind"] == "connection_request").await;
    let path = format!("/api/users/connections/{}/respond", request["id"].as_str().unwrap());
    let answered = bruno.post(&path, json!({"accept": true})).await.expect(200);
    assert_eq!(answered["status"], "accepted");
    a.wait_for("new_notification", |event| event["kind"] == "connection_accepted").await;
    let list = ana.get("/api/users/connections?status=accepted").await.expect(200);
    assert_eq!(list["items"][0]["user"]["email"], format!("{}@example.org", bruno.username));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_events_are_refused_and_the_socket_lives_on() {
    let (_program, ana, bruno) = two().await;
    let chat = ana.direct_chat(&bruno).await;
    let socket = ana.socket().await;
    for (name, payload, code) in [
        ("send_message", json!({}), "invalid"),
        ("send_message", json!("text"), "malformed"),
        ("send_message", json!({"chat_id": "x", "client_id": client_id(), "text": "y"}), "invalid"),
        ("send_message", json!({"chat_id": chat, "client_id": client_id(), "text": ""}), "invalid"),
        (
            "send_message",
            json!({"chat_id": chat, "client_id": client_id(), "text": "x".repeat(8_001)}),
            "invalid",
        ),
        ("mark_read", json!({"chat_id": chat, "seq": -1}), "invalid"),
        ("set_presence", json!({"state": "asleep"}), "invalid"),
        ("no_such_event", json!({}), "malformed"),
        (
            "typing_start",
            json!({"chat_id": "01920000-0000-7000-8000-000000000000"}),
            "chat_not_found",
        ),
    ] {
        let answer = socket.ask(name, payload.clone()).await;
        assert_eq!(answer["error"]["code"], code, "{name} {payload}: {answer}");
        assert!(answer["error"]["message"].is_string());
    }
    socket.accepted("send_message", message(&chat, "still here")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_repeated_is_told_of_the_username_first() {
    let (program, ana, _) = two().await;
    let register = |username: &str, email: &str| {
        let body = json!({"username": username, "email": email, "password": "a long passphrase"});
        let post = program.http.post(program.url("/api/users/register")).json(&body).send();
        async move { testkit::Answer::read(post.await.unwrap()).await }
    };
    let email = format!("{}@example.org", ana.username);
    register(&ana.username, &email).await.refused(409, "username_taken");
    register(&ana.username.to_uppercase(), "new@example.org").await.refused(409, "username_taken");
    register("somebody-new", &email.to_uppercase()).await.refused(409, "email_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_does_not_see_whether_i_am_there() {
    let (program, ana, bruno) = two().await;
    let clara = program.person("clara").await;
    let chat = ana.group("plans", &[&bruno, &clara]).await;
    ana.put(&format!("/api/users/blocks/{}", bruno.id), Value::Null).await.expect(204);
    let (b, c) = (bruno.socket().await, clara.socket().await);
    let a = ana.socket().await;
    let ana_is_seen = |event: &Value| event["user_id"] == ana.id.to_string();
    c.wait_for("presence", ana_is_seen).await;
    b.accepted("join_chat", json!({"chat_id": chat})).await;
    a.accepted("set_presence", json!({"state": "dnd"})).await;
    c.wait_for("presence", |event| ana_is_seen(event) && event["state"] == "dnd").await;
    b.accepted("join_chat", json!({"chat_id": chat})).await;
    assert!(!b.received("presence").iter().any(ana_is_seen));
    let seen = bruno.get(&format!("/api/users/presence?ids={}", ana.id)).await.expect(200);
    assert_eq!(seen[0]["state"], "offline");
}
