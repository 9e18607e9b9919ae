use api::{
    rest::notifications::{Notification, NotificationKind, Notifications},
    told::Told,
};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    connections::connect,
    world::{Someone, World, fields},
};

async fn list(world: &World, me: &Someone, query: &str) -> Notifications {
    let call = world.get(format!("/api/users/notifications{query}")).by(me);
    call.send().await.is(StatusCode::OK)
}

async fn write(world: &World, admin: &Someone, to: &Someone, text: &str) -> Notification {
    let body = json!({"user_id": to.id, "kind": "system", "text": text});
    let call = world.post("/api/users/notifications").by(admin).json(&body);
    call.send().await.is(StatusCode::CREATED)
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_write_and_the_person_hears() {
    let world = World::new().await;
    let (admin, bea) = (world.someone("admin").await, world.someone("bea").await);
    let written = write(&world, &admin, &bea, "Maintenance\nat noon").await;
    assert_eq!(written.kind, NotificationKind::System);
    assert_eq!(written.actor, None);
    let (user_id, told, count) = world
        .hears(|told| match told {
            Told::Notified { user_id, notification, unread_count } => {
                Some((user_id, notification, unread_count))
            }
            _ => None,
        })
        .await;
    assert_eq!((user_id, &*told, count), (bea.id, &written, 1));
    let mine = list(&world, &bea, "").await;
    assert_eq!((mine.items, mine.unread_count), (vec![written], 1));
    assert!(list(&world, &admin, "").await.items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_write() {
    let world = World::new().await;
    let (admin, bea) = (world.someone("admin").await, world.someone("bea").await);
    let post = |who, body: Value| world.post("/api/users/notifications").by(who).json(&body);
    let body = json!({"user_id": bea.id, "kind": "system", "text": "hi", "role": "admin"});
    post(&bea, body).refused("forbidden").await;
    let nobody = json!({
        "user_id": "01920000-0000-7abc-8fff-ffffffffffff", "kind": "system", "text": "hi",
    });
    post(&admin, nobody).refused("user_not_found").await;
    for (field, value) in [
        ("kind", json!("mention")),
        ("text", json!("")),
        ("text", json!("  ")),
        ("text", json!("x".repeat(501))),
        ("text", json!("a\u{0}b")),
    ] {
        let mut body = json!({"user_id": bea.id, "kind": "system", "text": "hi"});
        body[field] = value;
        let problem = post(&admin, body).refused("invalid").await;
        assert_eq!(fields(&problem), [field]);
    }
    for body in [json!({}), json!({"user_id": bea.id, "kind": "shout", "text": "hi"})] {
        post(&admin, body).refused("invalid").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_come_newest_first_in_pages() {
    let world = World::new().await;
    let (admin, bea) = (world.someone("admin").await, world.someone("bea").await);
    for n in 0..5 {
        write(&world, &admin, &bea, &format!("word {n}")).await;
    }
    let (mut texts, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = list(&world, &bea, &query).await;
        assert_eq!(page.unread_count, 5);
        texts.extend(page.items.into_iter().map(|item| item.text));
        let Some(cursor) = page.next_cursor else { break };
        query = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(texts, ["word 4", "word 3", "word 2", "word 1", "word 0"]);
    for (query, code) in
        [("limit=101", "invalid"), ("unread=maybe", "malformed"), ("cursor=x", "malformed")]
    {
        let path = format!("/api/users/notifications?{query}");
        world.get(path).by(&bea).refused(code).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_is_ones_own() {
    let world = World::new().await;
    let (admin, bea) = (world.someone("admin").await, world.someone("bea").await);
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(write(&world, &admin, &bea, &format!("word {n}")).await.id);
    }
    let read = |who, body: Value| world.post("/api/users/notifications/read").by(who).json(&body);
    let foreign = read(&admin, json!({"ids": ids})).send().await.value(StatusCode::OK);
    assert_eq!(foreign, json!({"unread_count": 0}));
    assert_eq!(list(&world, &bea, "").await.unread_count, 4);
    for _ in 0..2 {
        let left = read(&bea, json!({"ids": [ids[0], ids[1], ids[1]]})).send().await;
        assert_eq!(left.value(StatusCode::OK), json!({"unread_count": 2}));
    }
    assert_eq!(list(&world, &bea, "?unread=true").await.items.len(), 2);
    assert_eq!(list(&world, &bea, "?unread=false").await.items.len(), 4);
    let left = read(&bea, json!({"all": true})).send().await.value(StatusCode::OK);
    assert_eq!(left, json!({"unread_count": 0}));
    assert!(list(&world, &bea, "?unread=true").await.items.is_empty());
    let many: Vec<String> = (0..101).map(|n| format!("01920000-0000-7abc-8fff-{n:012}")).collect();
    for body in [
        json!({}),
        json!({"all": false}),
        json!({"all": true, "ids": []}),
        json!({"ids": many}),
        json!({"ids": ["x"]}),
        json!({"ids": "all"}),
    ] {
        read(&bea, body).refused("invalid").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answered_request_is_read_and_a_withdrawn_one_is_gone() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let asked = connect(&world, &ana, bea.id).send().await.value(StatusCode::CREATED);
    let path = format!("/api/users/connections/{}", asked["id"].as_str().unwrap());
    assert_eq!(list(&world, &bea, "").await.unread_count, 1);
    world.delete(&path).by(&ana).send().await.is_empty();
    assert!(list(&world, &bea, "").await.items.is_empty());
    connect(&world, &ana, bea.id).send().await.value(StatusCode::CREATED);
    connect(&world, &bea, ana.id).send().await.value(StatusCode::CREATED);
    assert_eq!(list(&world, &bea, "").await.unread_count, 0);
    let mine = list(&world, &ana, "").await;
    assert_eq!(mine.items[0].kind, NotificationKind::ConnectionAccepted);
    assert_eq!(mine.items[0].actor.as_ref().unwrap().id, bea.id);
}
