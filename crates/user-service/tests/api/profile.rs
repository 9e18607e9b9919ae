use api::told::Told;
use http::StatusCode;
use serde_json::{Value, json};

use crate::world::{World, fields};

#[tokio::test(flavor = "multi_thread")]
async fn any_subset_may_be_changed() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let put = |body: Value| world.put("/api/users/profile").by(&ana).json(&body).send();
    let before = world.get("/api/users/profile").by(&ana).send().await.value(StatusCode::OK);
    assert_eq!(before["time_zone"], "UTC");
    assert_eq!(before["status"], json!({"text": "", "emoji": "", "expires_at": null}));
    let same = put(json!({})).await.value(StatusCode::OK);
    assert_eq!(same, before);
    let nulls = json!({"display_name": null, "bio": null, "status": null, "locale": null});
    assert_eq!(put(nulls).await.value(StatusCode::OK), before);
    put(json!({"bio": " Hello\nthere "})).await.value(StatusCode::OK);
    let now = put(json!({
        "display_name": " Ana  ", "locale": "pt-BR", "time_zone": "America/Sao_Paulo",
    }))
    .await
    .value(StatusCode::OK);
    assert_eq!(now["display_name"], "Ana");
    assert_eq!(now["bio"], "Hello\nthere");
    assert_eq!(now["locale"], "pt-BR");
    let read = world.get("/api/users/profile").by(&ana).send().await.value(StatusCode::OK);
    assert_eq!(read, now);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_a_rule_is_named_and_nothing_is_changed() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let put = |body: Value| world.put("/api/users/profile").by(&ana).json(&body);
    let body = json!({
        "display_name": "", "bio": "x".repeat(501), "locale": "no such tag!",
        "time_zone": "../etc/passwd", "status": {"text": "x".repeat(101), "emoji": "a\nb"},
    });
    let problem = put(body).refused("invalid").await;
    assert_eq!(
        fields(&problem),
        ["display_name", "bio", "locale", "time_zone", "status.text", "status.emoji"]
    );
    put(json!({"display_name": "Ana", "bio": "a\u{0}b"})).refused("invalid").await;
    put(json!({"display_name": 5})).refused("invalid").await;
    put(json!([])).refused("invalid").await;
    let past = json!({"status": {"text": "x", "expires_at": "2001-01-01T00:00:00Z"}});
    put(past).refused("invalid").await;
    let read = world.get("/api/users/profile").by(&ana).send().await.value(StatusCode::OK);
    assert_eq!(read["display_name"], "ana");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_mine_to_change_stays() {
    let world = World::new().await;
    world.someone("first").await;
    let ana = world.someone("ana").await;
    let body = json!({
        "id": "01920000-0000-7abc-8fff-ffffffffffff", "username": "root", "email": "x@y.example",
        "role": "admin", "roles": ["admin"], "avatar_url": "https://evil.example/x.png",
        "created_at": "2001-01-01T00:00:00Z", "bio": "hi",
    });
    let now = world.put("/api/users/profile").by(&ana).json(&body).send().await;
    let now = now.value(StatusCode::OK);
    assert_eq!(now["bio"], "hi");
    assert_eq!(now["id"], ana.id.to_string());
    assert_eq!(now["username"], "ana");
    assert_eq!(now["email"], "ana@example.org");
    assert_eq!(now["roles"], json!(["member"]));
    assert_eq!(now["avatar_url"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_is_told_and_ends() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let end = world.ids.now().plus(std::time::Duration::from_secs(60));
    let body = json!({"status": {"text": "lunch", "emoji": "🍜", "expires_at": end}});
    world.put("/api/users/profile").by(&ana).json(&body).send().await.value(StatusCode::OK);
    let (user_id, status) = world
        .hears(|told| match told {
            Told::StatusChanged { user_id, status } => Some((user_id, status)),
            _ => None,
        })
        .await;
    assert_eq!(user_id, ana.id);
    assert_eq!(status.unwrap().text, "lunch");
    world.clock.advance(std::time::Duration::from_secs(61));
    let read = world.get("/api/users/profile").by(&ana).send().await.value(StatusCode::OK);
    assert_eq!(read["status"]["text"], "");
    let body = json!({"status": {"text": "", "emoji": ""}});
    world.put("/api/users/profile").by(&ana).json(&body).send().await.value(StatusCode::OK);
    let status = world
        .hears(|told| match told {
            Told::StatusChanged { status, .. } => Some(status),
            _ => None,
        })
        .await;
    assert_eq!(status, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_made_at_the_provider_has_a_profile_at_the_first_call() {
    let world = World::new().await;
    let account = identity::Provider::register(
        world.provider.as_ref(),
        identity::NewAccount {
            username: "cli".into(),
            email: "cli@example.org".into(),
            password: kernel::Secret::new(crate::world::PASSWORD),
            display_name: Some("Made Elsewhere".into()),
            locale: None,
        },
    )
    .await
    .unwrap();
    assert!(world.users.known(&[account.id]).await.unwrap().is_empty());
    let tokens = world.sign_in("cli").await;
    let call = world.get("/api/users/profile").bearer(&tokens.access_token);
    let profile = call.send().await.value(StatusCode::OK);
    assert_eq!(profile["id"], account.id.to_string());
    assert_eq!(profile["display_name"], "Made Elsewhere");
    assert!(world.users.known(&[account.id]).await.unwrap().contains(&account.id));
}
