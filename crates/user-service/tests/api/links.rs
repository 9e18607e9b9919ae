use std::collections::{HashMap, HashSet};

use http::StatusCode;
use kernel::UserId;
use serde_json::json;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn other_services_ask_who_is_known_by_id_and_name() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let nobody: UserId = world.ids.make();
    let known = world.users.known(&[ana.id, nobody, bea.id]).await.unwrap();
    assert_eq!(known, HashSet::from([ana.id, bea.id]));
    let names = ["Ana".to_owned(), "nobody".to_owned(), "bea".to_owned()];
    let named = world.users.ids_by_username(&names).await.unwrap();
    let expected = HashMap::from([("Ana".to_owned(), ana.id), ("bea".to_owned(), bea.id)]);
    assert_eq!(named, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_services_ask_for_blocks_and_statuses() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let block = format!("/api/users/blocks/{}", bea.id);
    world.put(block).by(&ana).send().await.is_empty();
    let between = world.users.blocks_between(bea.id, ana.id).await.unwrap();
    assert!(!between.by_first && between.by_second && between.any());
    let blockers = world.users.blockers_of(bea.id, &[ana.id, bea.id]).await.unwrap();
    assert_eq!(blockers, HashSet::from([ana.id]));
    let body = json!({"status": {"emoji": "🌴"}});
    world.put("/api/users/profile").by(&ana).json(&body).send().await.value(StatusCode::OK);
    let statuses = world.users.statuses(&[ana.id, bea.id]).await.unwrap();
    assert_eq!(statuses.len(), 1);
    assert_eq!(statuses[&ana.id].emoji, "🌴");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_is_ready_when_its_store_answers() {
    let world = World::new().await;
    for check in &world.readiness {
        assert_eq!((check.ask)().await, Ok(()), "{}", check.name);
    }
}
