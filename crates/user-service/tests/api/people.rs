use http::StatusCode;
use serde_json::{Value, json};

use crate::world::{Someone, World, fields};

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|user| user["username"].as_str().unwrap()).collect()
}

async fn connected(world: &World, one: &Someone, other: &Someone) {
    for (asker, asked) in [(one, other), (other, one)] {
        let body = json!({"user_id": asked.id});
        let answer = world.post("/api/users/connect").by(asker).json(&body).send().await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_shows_the_address_to_contacts_only() {
    let world = World::new().await;
    let (ana, bea, cid) =
        (world.someone("ana").await, world.someone("bea").await, world.someone("cid").await);
    connected(&world, &ana, &bea).await;
    let path = format!("/api/users/{}", ana.id);
    let seen = world.get(&path).by(&bea).send().await.value(StatusCode::OK);
    assert_eq!(seen["email"], "ana@example.org");
    let seen = world.get(&path).by(&cid).send().await.value(StatusCode::OK);
    let mut keys: Vec<_> = seen.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        ["avatar_url", "bio", "created_at", "display_name", "id", "status", "username"]
    );
    for call in [format!("/api/users?ids={}", ana.id), "/api/users/search?query=ana".into()] {
        let page = world.get(&call).by(&cid).send().await;
        assert!(!page.text().contains("@example.org"), "{call}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_asked_for_by_id() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    for bad in ["nonsense", "profil", "0192", "{}", "%00"] {
        world.get(format!("/api/users/{bad}")).by(&ana).refused("malformed").await;
    }
    let nobody = "/api/users/01920000-0000-7abc-8fff-ffffffffffff";
    world.get(nobody).by(&ana).refused("user_not_found").await;
    world.delete(format!("/api/users/{}", ana.id)).by(&ana).refused("method_not_allowed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_come_by_ids() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let nobody = "01920000-0000-7abc-8fff-ffffffffffff";
    let path = format!("/api/users?ids={},{nobody},{},{}", bea.id, ana.id, bea.id);
    let found = world.get(&path).by(&ana).send().await.value(StatusCode::OK);
    assert_eq!(names(&found), ["bea", "ana"]);
    world.get("/api/users").by(&ana).refused("malformed").await;
    world.get("/api/users?ids=1").by(&ana).refused("malformed").await;
    let many: Vec<String> = (0..101).map(|n| format!("01920000-0000-7abc-8fff-{n:012}")).collect();
    let path = format!("/api/users?ids={}", many.join(","));
    world.get(&path).by(&ana).refused("invalid").await;
    let none = world.get("/api/users?ids=").by(&ana).send().await.value(StatusCode::OK);
    assert_eq!(none, json!({"items": []}));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_searched_in_pages() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    for name in ["joao.a", "joao.b", "joao.c"] {
        let other = world.someone(name).await;
        let body = json!({"display_name": "João"});
        world.put("/api/users/profile").by(&other).json(&body).send().await;
    }
    let search = |query: &str| world.get(format!("/api/users/search?{query}")).by(&ana);
    let page = search("query=JO%C3%83O&limit=2").send().await.value(StatusCode::OK);
    assert_eq!(names(&page), ["joao.a", "joao.b"]);
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = format!("query=JO%C3%83O&limit=2&cursor={cursor}");
    let rest = search(&rest).send().await.value(StatusCode::OK);
    assert_eq!(names(&rest), ["joao.c"]);
    assert_eq!(rest["next_cursor"], Value::Null);
    let near = search("query=jaoo").send().await.value(StatusCode::OK);
    assert_eq!(names(&near).len(), 3);
    for (query, code) in [
        ("", "malformed"),
        ("query=", "invalid"),
        ("query=%20%20", "invalid"),
        ("query=a&limit=0", "invalid"),
        ("query=a&limit=101", "invalid"),
        ("query=a&limit=x", "malformed"),
        ("query=a&cursor=nonsense", "malformed"),
    ] {
        search(query).refused(code).await;
    }
    let problem = search(&format!("query={}", "a".repeat(201))).refused("invalid").await;
    assert_eq!(fields(&problem), ["query"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_limited_by_person() {
    let world = World::at(crate::world::ORIGIN, true).await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let search = |who| world.get("/api/users/search?query=x").by(who).send();
    let mut refused = 0;
    for _ in 0..70 {
        refused += u32::from(search(&ana).await.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((1..=10).contains(&refused), "{refused}");
    assert_eq!(search(&bea).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_without_a_good_token() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let id = "01920000-0000-7abc-8fff-ffffffffffff";
    let calls = [
        ("GET", "/api/users".to_owned()),
        ("GET", "/api/users/profile".to_owned()),
        ("PUT", "/api/users/profile".to_owned()),
        ("GET", format!("/api/users/{id}")),
        ("GET", "/api/users/search?query=a".to_owned()),
        ("POST", "/api/users/connect".to_owned()),
        ("GET", "/api/users/connections".to_owned()),
        ("POST", format!("/api/users/connections/{id}/respond")),
        ("DELETE", format!("/api/users/connections/{id}")),
        ("GET", "/api/users/blocks".to_owned()),
        ("PUT", format!("/api/users/blocks/{id}")),
        ("DELETE", format!("/api/users/blocks/{id}")),
        ("GET", "/api/users/notifications".to_owned()),
        ("POST", "/api/users/notifications".to_owned()),
        ("POST", "/api/users/notifications/read".to_owned()),
        ("GET", "/api/users/presence?ids=".to_owned()),
        ("GET", "/api/users/sessions".to_owned()),
        ("DELETE", format!("/api/users/sessions/{id}")),
    ];
    let described: usize = world
        .document
        .paths
        .paths
        .values()
        .map(|item| serde_json::to_string(item).unwrap().matches("bearer_auth").count())
        .sum();
    assert_eq!(described, calls.len(), "a call that needs a token is missing here");
    for (method, path) in &calls {
        world.call(method, path).refused("unauthenticated").await;
        let forged = ana.token.rsplit_once('.').unwrap().0.to_owned() + ".AAAA";
        for bad in ["", "x", "a.b.c", &ana.refresh_token, &forged] {
            world.call(method, path).bearer(bad).refused("unauthenticated").await;
        }
        let call = world.call(method, path).header("x-user-id", &ana.id.to_string());
        call.refused("unauthenticated").await;
    }
    world.clock.advance(std::time::Duration::from_secs(10 * 60));
    for (method, path) in &calls {
        world.call(method, path).by(&ana).refused("unauthenticated").await;
    }
}
