use api::rest::users::User;
use http::StatusCode;
use kernel::Page;
use serde_json::json;

use crate::{
    connections::connect,
    world::{Someone, World},
};

async fn block(world: &World, me: &Someone, other: &Someone) {
    let path = format!("/api/users/blocks/{}", other.id);
    world.put(path).by(me).send().await.is_empty();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_cannot_connect_and_is_not_told_why() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    connect(&world, &ana, bea.id).send().await.value(StatusCode::CREATED);
    for _ in 0..2 {
        block(&world, &ana, &bea).await;
    }
    let list = world.get("/api/users/connections").by(&bea).send().await;
    assert_eq!(list.value(StatusCode::OK)["items"], json!([]));
    let hidden = connect(&world, &bea, ana.id).refused("user_not_found").await;
    let nobody = connect(&world, &bea, world.ids.make()).refused("user_not_found").await;
    assert_eq!(hidden, nobody);
    connect(&world, &ana, bea.id).refused("forbidden").await;
    world.delete(format!("/api/users/blocks/{}", bea.id)).by(&ana).send().await.is_empty();
    connect(&world, &bea, ana.id).send().await.value(StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_are_ones_own() {
    let world = World::new().await;
    let (ana, bea, cid) =
        (world.someone("ana").await, world.someone("bea").await, world.someone("cid").await);
    block(&world, &ana, &bea).await;
    block(&world, &ana, &cid).await;
    let list = |who, query: &str| world.get(format!("/api/users/blocks{query}")).by(who).send();
    let mine: Page<User> = list(&ana, "").await.is(StatusCode::OK);
    let mine: Vec<_> = mine.items.iter().map(|user| user.id).collect();
    assert_eq!(mine, [cid.id, bea.id]);
    let theirs: Page<User> = list(&bea, "").await.is(StatusCode::OK);
    assert!(theirs.items.is_empty());
    // Taking back a block of somebody else's does nothing.
    world.delete(format!("/api/users/blocks/{}", bea.id)).by(&cid).send().await.is_empty();
    assert!(world.users.blocks_between(ana.id, bea.id).await.unwrap().by_first);
    let first: Page<User> = list(&ana, "?limit=1").await.is(StatusCode::OK);
    let cursor = first.next_cursor.unwrap();
    let rest: Page<User> =
        list(&ana, &format!("?limit=1&cursor={cursor}")).await.is(StatusCode::OK);
    assert_eq!((rest.items[0].id, rest.next_cursor), (bea.id, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn some_people_cannot_be_blocked() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let path = |id: &str| format!("/api/users/blocks/{id}");
    let nobody = "01920000-0000-7abc-8fff-ffffffffffff";
    world.put(path(nobody)).by(&ana).refused("user_not_found").await;
    world.put(path(&ana.id.to_string())).by(&ana).refused("invalid").await;
    world.put(path("x")).by(&ana).refused("malformed").await;
    world.delete(path("x")).by(&ana).refused("malformed").await;
    world.delete(path(nobody)).by(&ana).send().await.is_empty();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_does_not_find_or_see_what_one_does() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let body = json!({"status": {"text": "secret errand"}});
    world.put("/api/users/profile").by(&ana).json(&body).send().await.value(StatusCode::OK);
    block(&world, &ana, &bea).await;
    let id = ana.id;
    for path in [
        format!("/api/users/{id}"),
        format!("/api/users?ids={id}"),
        format!("/api/users/presence?ids={id}"),
        "/api/users/search?query=ana".to_owned(),
    ] {
        let answer = world.get(&path).by(&bea).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(!answer.text().contains("secret errand"), "{path}");
    }
    let found = world.get("/api/users/search?query=ana").by(&bea).send().await;
    assert_eq!(found.value(StatusCode::OK)["items"], json!([]));
}
