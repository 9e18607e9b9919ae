use api::{
    rest::{
        connections::{Connection, ConnectionStatus, Direction},
        notifications::NotificationKind,
    },
    told::Told,
};
use http::StatusCode;
use kernel::{ConnectionId, Page, UserId};
use serde_json::json;

use crate::world::{Call, Someone, World, fields};

pub(crate) fn connect<'a>(world: &'a World, me: &Someone, other: UserId) -> Call<'a> {
    world.post("/api/users/connect").by(me).json(&json!({"user_id": other}))
}

fn respond<'a>(world: &'a World, me: &Someone, id: ConnectionId, accept: bool) -> Call<'a> {
    let path = format!("/api/users/connections/{id}/respond");
    world.post(path).by(me).json(&json!({"accept": accept}))
}

async fn list(world: &World, me: &Someone, query: &str) -> Page<Connection> {
    let call = world.get(format!("/api/users/connections{query}")).by(me);
    call.send().await.is(StatusCode::OK)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_asks_and_the_other_agrees() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let asked: Connection = connect(&world, &ana, bea.id).send().await.is(StatusCode::CREATED);
    assert_eq!(asked.direction, Direction::Outgoing);
    assert_eq!(asked.status, ConnectionStatus::Pending);
    assert_eq!((asked.user.id, &asked.user.email), (bea.id, &None));
    let (user_id, told) = world
        .hears(|told| match told {
            Told::ConnectionChanged { user_id, connection } => Some((user_id, connection)),
            _ => None,
        })
        .await;
    assert_eq!((user_id, told.direction, told.user.id), (bea.id, Direction::Incoming, ana.id));
    let (user_id, kind, count) = world
        .hears(|told| match told {
            Told::Notified { user_id, notification, unread_count } => {
                Some((user_id, notification.kind, unread_count))
            }
            _ => None,
        })
        .await;
    assert_eq!((user_id, kind, count), (bea.id, NotificationKind::ConnectionRequest, 1));

    let answered = respond(&world, &bea, asked.id, true).send().await;
    let accepted: Connection = answered.is(StatusCode::OK);
    assert_eq!(accepted.status, ConnectionStatus::Accepted);
    assert_eq!(accepted.user.email.as_deref(), Some("ana@example.org"));
    let kind = world
        .hears(|told| match told {
            Told::Notified { user_id, notification, .. } if user_id == ana.id => {
                Some(notification.kind)
            }
            _ => None,
        })
        .await;
    assert_eq!(kind, NotificationKind::ConnectionAccepted);
    for (me, other) in [(&ana, &bea), (&bea, &ana)] {
        let mine = list(&world, me, "?status=accepted").await.items;
        assert_eq!(mine.len(), 1);
        assert_eq!(mine[0].user.id, other.id);
        assert!(list(&world, me, "?status=pending").await.items.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_back_agrees_and_asking_again_refused() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    connect(&world, &ana, bea.id).send().await.value(StatusCode::CREATED);
    connect(&world, &ana, bea.id).refused("already_connected").await;
    let back: Connection = connect(&world, &bea, ana.id).send().await.is(StatusCode::CREATED);
    assert_eq!(back.status, ConnectionStatus::Accepted);
    assert_eq!(back.direction, Direction::Incoming);
    connect(&world, &bea, ana.id).refused("already_connected").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn crossing_requests_over_http_end_in_one_connection() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let (one, other) = futures::future::join(
        connect(&world, &ana, bea.id).send(),
        connect(&world, &bea, ana.id).send(),
    )
    .await;
    assert_eq!((one.status, other.status), (StatusCode::CREATED, StatusCode::CREATED));
    let mine = list(&world, &ana, "").await.items;
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].status, ConnectionStatus::Accepted);
}

#[tokio::test(flavor = "multi_thread")]
async fn some_people_cannot_be_asked() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let problem = connect(&world, &ana, ana.id).refused("invalid").await;
    assert_eq!(fields(&problem), ["user_id"]);
    connect(&world, &ana, world.ids.make()).refused("user_not_found").await;
    for body in [json!({}), json!({"user_id": "x"}), json!({"user_id": null})] {
        world.post("/api/users/connect").by(&ana).json(&body).refused("invalid").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_asked_one_answers_and_once() {
    let world = World::new().await;
    let (ana, bea, cid) =
        (world.someone("ana").await, world.someone("bea").await, world.someone("cid").await);
    let asked: Connection = connect(&world, &ana, bea.id).send().await.is(StatusCode::CREATED);
    respond(&world, &ana, asked.id, true).refused("forbidden").await;
    respond(&world, &cid, asked.id, true).refused("connection_not_found").await;
    respond(&world, &bea, world.ids.make(), true).refused("connection_not_found").await;
    respond(&world, &bea, asked.id, true).send().await.value(StatusCode::OK);
    respond(&world, &bea, asked.id, true).refused("already_answered").await;
    respond(&world, &bea, asked.id, false).refused("already_answered").await;
    let path = format!("/api/users/connections/{}/respond", asked.id);
    for body in [json!({}), json!({"accept": "yes"}), json!({"accept": 1})] {
        world.post(&path).by(&bea).json(&body).refused("invalid").await;
    }
    let bad = world.post("/api/users/connections/x/respond").by(&bea);
    bad.json(&json!({"accept": true})).refused("malformed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_removes_the_request_and_it_may_be_asked_again() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let asked: Connection = connect(&world, &ana, bea.id).send().await.is(StatusCode::CREATED);
    respond(&world, &bea, asked.id, false).send().await.is_empty();
    respond(&world, &bea, asked.id, false).refused("connection_not_found").await;
    assert!(list(&world, &ana, "").await.items.is_empty());
    connect(&world, &ana, bea.id).send().await.value(StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn either_side_ends_a_connection_and_strangers_do_not() {
    let world = World::new().await;
    let (ana, bea, cid) =
        (world.someone("ana").await, world.someone("bea").await, world.someone("cid").await);
    for ender in [&ana, &bea] {
        let made: Connection = connect(&world, &ana, bea.id).send().await.is(StatusCode::CREATED);
        respond(&world, &bea, made.id, true).send().await.value(StatusCode::OK);
        let path = format!("/api/users/connections/{}", made.id);
        world.delete(&path).by(&cid).refused("connection_not_found").await;
        world.delete(&path).by(ender).send().await.is_empty();
        world.delete(&path).by(ender).refused("connection_not_found").await;
    }
    let seen = world.get(format!("/api/users/{}", ana.id)).by(&bea).send().await;
    assert!(!seen.text().contains("@example.org"), "no contact any more");
    world.delete("/api/users/connections/x").by(&ana).refused("malformed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_come_in_pages() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    for n in 0..5 {
        let other = world.someone(&format!("other{n}")).await;
        connect(&world, &other, ana.id).send().await.value(StatusCode::CREATED);
    }
    let all = list(&world, &ana, "").await.items;
    let first = list(&world, &ana, "?limit=3").await;
    let cursor = first.next_cursor.unwrap();
    let rest = list(&world, &ana, &format!("?limit=3&cursor={cursor}")).await;
    assert_eq!(rest.next_cursor, None);
    assert_eq!([first.items, rest.items].concat(), all);
    for (query, code) in
        [("status=ended", "malformed"), ("limit=0", "invalid"), ("cursor=%25", "malformed")]
    {
        let path = format!("/api/users/connections?{query}");
        world.get(path).by(&ana).refused(code).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_is_limited_by_person() {
    let world = World::at(crate::world::ORIGIN, true).await;
    let ana = world.someone("ana").await;
    let mut refused = 0;
    for _ in 0..40 {
        let answer = connect(&world, &ana, ana.id).send().await;
        refused += u32::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((1..=10).contains(&refused), "{refused}");
}
