use api::rest::presence::{Presence, PresenceState};
use http::StatusCode;
use kit::presence::Presence as _;
use serde_json::json;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn presence_joins_what_devices_show_and_what_people_say() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    world.presence.set(ana.id, PresenceState::Dnd, world.ids.now()).await;
    let body = json!({"status": {"text": "busy"}});
    world.put("/api/users/profile").by(&ana).json(&body).send().await.value(StatusCode::OK);
    let nobody = "01920000-0000-7abc-8fff-ffffffffffff";
    let path = format!("/api/users/presence?ids={},{nobody},{}", ana.id, bea.id);
    let seen: Vec<Presence> = world.get(&path).by(&bea).send().await.is(StatusCode::OK);
    assert_eq!(seen.len(), 2);
    assert_eq!((seen[0].user_id, seen[0].state), (ana.id, PresenceState::Dnd));
    assert_eq!(seen[0].status.as_ref().unwrap().text, "busy");
    assert_eq!(seen[0].last_seen_at, Some(world.ids.now()));
    assert_eq!((seen[1].state, seen[1].last_seen_at), (PresenceState::Offline, None));
    let block = format!("/api/users/blocks/{}", bea.id);
    world.put(block).by(&ana).send().await.is_empty();
    let seen: Vec<Presence> = world.get(&path).by(&bea).send().await.is(StatusCode::OK);
    assert_eq!(seen[0].state, PresenceState::Offline);
    assert_eq!((seen[0].last_seen_at, &seen[0].status), (None, &None));
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_is_asked_by_ids() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    world.get("/api/users/presence").by(&ana).refused("malformed").await;
    world.get("/api/users/presence?ids=x").by(&ana).refused("malformed").await;
    let many: Vec<String> = (0..101).map(|n| format!("01920000-0000-7abc-8fff-{n:012}")).collect();
    let path = format!("/api/users/presence?ids={}", many.join(","));
    world.get(path).by(&ana).refused("invalid").await;
    let none = world.get("/api/users/presence?ids=").by(&ana).send().await;
    assert_eq!(none.value(StatusCode::OK), json!([]));
}
