//! Each call done well, done again, and done by each role.

use api::ErrorCode;
use serde_json::{Value, json};

use super::app::{App, BLOCKER, key_of};
use crate::laws::support::user;

const NONE: Value = Value::Null;

#[tokio::test(flavor = "multi_thread")]
async fn chats_are_made_found_changed_and_archived() {
    let app = App::new();
    let direct = json!({"kind": "direct", "participant_ids": [user(2)]});
    let first = app.call(1, "POST /api/chats", direct).await.expect(201);
    assert_eq!((&first["kind"], &first["visibility"]), (&json!("direct"), &json!("private")));
    assert_eq!(first["participant_ids"], json!([user(1), user(2)]));
    assert_eq!(first["last_seq"], 2);
    let back = json!({"kind": "direct", "participant_ids": [user(1)]});
    let second = app.call(2, "POST /api/chats", back).await.expect(200);
    assert_eq!(second["id"], first["id"]);
    assert_eq!(second["my"]["unread_count"], 0);

    let body = json!({"kind": "channel", "name": " Anúncios ", "topic": "News", "participant_ids": [user(3), user(1)]});
    let chat = app.call(1, "POST /api/chats", body).await.expect(201);
    let path = format!("/api/chats/{}", chat["id"].as_str().unwrap());
    assert_eq!((&chat["name"], &chat["visibility"]), (&json!("Anúncios"), &json!("public")));
    assert_eq!((&chat["my"]["role"], &chat["my"]["notify"]), (&json!("owner"), &json!("all")));
    assert_eq!(chat["participant_count"], 2);
    assert!(chat["epoch"].as_str().unwrap().len() >= 8);
    for (query, found) in [("", 1), ("anuncios", 1), ("NEWS", 1), ("%", 0), ("other", 0)] {
        let query = query.replace('%', "%25");
        let list = app.call(9, &format!("GET /api/chats/discover?query={query}"), NONE).await;
        assert_eq!(list.expect(200)["items"].as_array().unwrap().len(), found, "{query}");
    }

    let patch = format!("PATCH {path}");
    app.call(3, &patch, json!({"name": "mine"})).await.refused(ErrorCode::Forbidden);
    let changed = app.call(1, &patch, json!({"topic": "", "name": "News"})).await.expect(200);
    assert_eq!(
        (&changed["name"], &changed["topic"], &changed["last_seq"]),
        (&json!("News"), &json!(""), &json!(3))
    );
    let same = app.call(1, &patch, json!({"name": "News"})).await.expect(200);
    assert_eq!(same["last_seq"], 3);
    let quiet = app.call(3, &format!("PUT {path}/settings"), json!({"notify": "mentions"})).await;
    assert_eq!(quiet.expect(200)["my"]["notify"], "mentions");

    app.call(3, &format!("DELETE {path}"), NONE).await.refused(ErrorCode::Forbidden);
    app.call(1, &format!("DELETE {path}"), NONE).await.expect(204);
    app.call(1, &format!("DELETE {path}"), NONE).await.refused(ErrorCode::ChatArchived);
    let body = json!({"client_id": key_of(1), "text": "late"});
    app.call(1, &format!("POST {path}/messages"), body).await.refused(ErrorCode::ChatArchived);
    let read = app.call(3, &format!("GET {path}"), NONE).await.expect(200);
    assert!(read["archived_at"].is_string());
    let mine = app.call(1, "GET /api/chats?limit=1", NONE).await.expect(200);
    assert_eq!(mine["items"][0]["id"], chat["id"]);
    let cursor = mine["next_cursor"].as_str().unwrap();
    let rest =
        app.call(1, &format!("GET /api/chats?limit=1&cursor={cursor}"), NONE).await.expect(200);
    assert_eq!((&rest["items"][0]["id"], &rest["next_cursor"]), (&first["id"], &NONE));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_join_leave_and_are_led() {
    let app = App::new();
    let chat = app.chat(1, json!({"kind": "channel", "name": "all"})).await;
    let path = format!("/api/chats/{chat}");
    let joined = app.call(2, &format!("POST {path}/join"), NONE).await.expect(200);
    assert_eq!((&joined["my"]["role"], &joined["last_seq"]), (&json!("member"), &json!(2)));
    let again = app.call(2, &format!("POST {path}/join"), NONE).await.expect(200);
    assert_eq!(again["last_seq"], 2);
    let people = json!({"user_ids": [user(2), user(3), user(3), user(4)]});
    let added = app.call(2, &format!("POST {path}/participants"), people).await.expect(200);
    let ids: Vec<_> =
        added["items"].as_array().unwrap().iter().map(|p| p["user_id"].clone()).collect();
    assert_eq!(ids, [json!(user(2)), json!(user(3)), json!(user(4))]);

    let role = |n| format!("PATCH {path}/participants/{}", user(n));
    app.call(2, &role(3), json!({"role": "admin"})).await.refused(ErrorCode::Forbidden);
    let admin = app.call(1, &role(3), json!({"role": "admin"})).await.expect(200);
    assert_eq!((&admin["user_id"], &admin["role"]), (&json!(user(3)), &json!("admin")));
    app.call(1, &role(9), json!({"role": "admin"})).await.refused(ErrorCode::ParticipantNotFound);
    app.call(1, &role(1), json!({"role": "member"})).await.refused(ErrorCode::LastOwner);
    app.call(1, &format!("POST {path}/leave"), NONE).await.refused(ErrorCode::LastOwner);

    let remove = |n| format!("DELETE {path}/participants/{}", user(n));
    app.call(2, &remove(4), NONE).await.refused(ErrorCode::Forbidden);
    app.call(3, &remove(1), NONE).await.refused(ErrorCode::Forbidden);
    app.call(3, &remove(9), NONE).await.refused(ErrorCode::ParticipantNotFound);
    app.call(3, &remove(4), NONE).await.expect(204);
    app.call(2, &remove(2), NONE).await.expect(204);
    app.call(3, &format!("POST {path}/leave"), NONE).await.expect(204);
    let left = app.call(1, &format!("GET {path}/participants"), NONE).await.expect(200);
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    app.call(1, &format!("POST {path}/leave"), NONE).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_posted_once_edited_and_deleted() {
    let app = App::new();
    let chat = app.chat(1, json!({"kind": "group", "participant_ids": [user(2), user(3)]})).await;
    let path = format!("/api/chats/{chat}/messages");
    let text = "hi @user2, `@user3`, @nobody and @user9 — **olá**";
    let body = json!({"client_id": key_of(1), "text": text});
    let posted = app.call(1, &format!("POST {path}"), body.clone()).await.expect(201);
    let message = &posted["message"];
    assert_eq!((&message["text"], &message["mentions"]), (&json!(text), &json!([user(2)])));
    assert_eq!((&message["seq"], &message["client_id"]), (&json!(4), &json!(key_of(1))));
    let again = app.call(1, &format!("POST {path}"), body).await.expect(200);
    assert_eq!(again, posted);
    let other = json!({"client_id": key_of(1), "text": "other"});
    app.call(1, &format!("POST {path}"), other).await.refused(ErrorCode::ClientIdReused);

    let one = format!("{path}/{}", message["id"].as_str().unwrap());
    assert_eq!(app.call(3, &format!("GET {one}"), NONE).await.expect(200), posted);
    let edit = json!({"text": "edited, @all"});
    app.call(2, &format!("PATCH {one}"), edit.clone()).await.refused(ErrorCode::Forbidden);
    let edited = app.call(1, &format!("PATCH {one}"), edit.clone()).await.expect(200);
    assert_eq!(edited["message"]["mentions"], json!(["all"]));
    assert_eq!(app.call(1, &format!("PATCH {one}"), edit).await.expect(200), edited);
    let history = app.call(3, &format!("GET {one}/history"), NONE).await.expect(200);
    let texts: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|v| v["text"].clone()).collect();
    assert_eq!(texts, [json!(text), json!("edited, @all")]);

    app.call(2, &format!("DELETE {one}"), NONE).await.refused(ErrorCode::Forbidden);
    app.call(1, &format!("DELETE {one}"), NONE).await.expect(204);
    app.call(1, &format!("DELETE {one}"), NONE).await.expect(204);
    app.call(1, &format!("PATCH {one}"), json!({"text": "x"}))
        .await
        .refused(ErrorCode::MessageDeleted);
    let page = app.call(3, &format!("GET {path}"), NONE).await.expect(200);
    assert_eq!((&page["items"][0]["text"], &page["as_of_seq"]), (&json!(""), &json!(6)));
    assert!(page["items"][0]["deleted_at"].is_string());

    let events =
        app.call(3, &format!("GET /api/chats/{chat}/events?after_seq=3"), NONE).await.expect(200);
    let kinds: Vec<_> =
        events["items"].as_array().unwrap().iter().map(|e| e["kind"].clone()).collect();
    assert_eq!(kinds, ["message_posted", "message_edited", "message_deleted"]);
    assert_eq!((&events["head_seq"], &events["has_more"]), (&json!(6), &json!(false)));
    assert_eq!(events["items"][0]["message"]["text"], "");
    // Every event holds these fields and no others.
    let fields: Vec<_> = events["items"][2].as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["actor_id", "at", "chat_id", "id", "kind", "message_id", "seq"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn threads_reactions_and_read_positions() {
    let app = App::new();
    let chat = app.chat(1, json!({"kind": "group", "participant_ids": [user(2), user(3)]})).await;
    let root = app.post(1, chat, 1, "root").await;
    let at = format!("/api/chats/{chat}");
    let one = format!("{at}/messages/{root}");
    let reply = json!({"client_id": key_of(2), "text": "reply", "thread_root_id": root});
    let reply = app.call(2, &format!("POST {at}/messages"), reply).await.expect(201);
    let shown = json!({"client_id": key_of(3), "text": "shown", "thread_root_id": root, "also_in_chat": true});
    app.call(2, &format!("POST {at}/messages"), shown).await.expect(201);
    let thread = app.call(3, &format!("GET {one}/thread"), NONE).await.expect(200);
    assert_eq!(thread["root"]["thread"]["reply_count"], 2);
    assert_eq!(thread["root"]["thread"]["user_ids"], json!([user(2)]));
    assert_eq!((&thread["items"][0], &thread["following"]), (&reply["message"], &json!(false)));
    let page = app.call(3, &format!("GET {at}/messages"), NONE).await.expect(200);
    let seqs: Vec<_> = page["items"].as_array().unwrap().iter().map(|m| m["seq"].clone()).collect();
    assert_eq!(seqs, [4, 6]);
    let nested =
        json!({"client_id": key_of(4), "text": "x", "thread_root_id": reply["message"]["id"]});
    app.call(1, &format!("POST {at}/messages"), nested).await.refused(ErrorCode::Invalid);
    for _ in 0..2 {
        app.call(3, &format!("PUT {one}/follow"), NONE).await.expect(204);
    }
    let read = app.call(3, &format!("PUT {at}/read"), json!({"seq": 0})).await.expect(200);
    assert_eq!(read, json!({"read_seq": 3, "unread_count": 3, "mention_count": 0}));
    for _ in 0..2 {
        app.call(3, &format!("DELETE {one}/follow"), NONE).await.expect(204);
    }
    let read = app.call(3, &format!("PUT {at}/read"), json!({"seq": 4})).await.expect(200);
    assert_eq!(read, json!({"read_seq": 4, "unread_count": 1, "mention_count": 0}));
    let read = app.call(3, &format!("PUT {at}/read"), json!({"seq": 99})).await.expect(200);
    assert_eq!(read, json!({"read_seq": 6, "unread_count": 0, "mention_count": 0}));
    let back = json!({"seq": 0, "force": true});
    let read = app.call(3, &format!("PUT {at}/read"), back).await.expect(200);
    assert_eq!(read, json!({"read_seq": 0, "unread_count": 2, "mention_count": 0}));

    let thumb = format!("{one}/reactions/%F0%9F%91%8D");
    for _ in 0..2 {
        app.call(2, &format!("PUT {thumb}"), NONE).await.expect(204);
    }
    let message = app.call(1, &format!("GET {one}"), NONE).await.expect(200);
    let given = json!([{"emoji": "👍", "count": 1, "user_ids": [user(2)]}]);
    assert_eq!(
        (&message["message"]["reactions"], &message["message"]["version"]),
        (&given, &json!(7))
    );
    for _ in 0..2 {
        app.call(2, &format!("DELETE {thumb}"), NONE).await.expect(204);
    }
    let chat = app.call(1, &format!("GET {at}"), NONE).await.expect(200);
    assert_eq!(chat["last_seq"], 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_can_neither_open_nor_write_nor_mention() {
    let app = App::new();
    let open = json!({"kind": "direct", "participant_ids": [user(BLOCKER)]});
    app.call(2, "POST /api/chats", open).await.refused(ErrorCode::Forbidden);
    let chat = app.chat(BLOCKER, json!({"kind": "direct", "participant_ids": [user(2)]})).await;
    let path = format!("/api/chats/{chat}/messages");
    let theirs = app.post(BLOCKER, chat, 1, "hi").await;
    let body = json!({"client_id": key_of(2), "text": "hello"});
    app.call(2, &format!("POST {path}"), body).await.refused(ErrorCode::Forbidden);
    let call = format!("PUT {path}/{theirs}/reactions/x");
    app.call(2, &call, NONE).await.refused(ErrorCode::Forbidden);
    app.call(2, &format!("GET {path}"), NONE).await.expect(200);
    // A stranger learns nothing of it.
    let body = json!({"client_id": key_of(2), "text": "hello"});
    app.call(3, &format!("POST {path}"), body).await.refused(ErrorCode::ChatNotFound);
    let group = app.chat(2, json!({"kind": "group", "participant_ids": [user(BLOCKER)]})).await;
    let body = json!({"client_id": key_of(3), "text": "@user8 @here"});
    let posted = app.call(2, &format!("POST /api/chats/{group}/messages"), body).await.expect(201);
    assert_eq!(posted["message"]["mentions"], json!(["here"]));
}
