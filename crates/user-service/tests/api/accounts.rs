use api::rest::users::{Registered, TokenAnswer};
use http::StatusCode;
use serde_json::{Value, json};

use crate::world::{PASSWORD, World, fields};

fn account(username: &str) -> Value {
    json!({
        "username": username,
        "email": format!("{username}@example.org"),
        "password": PASSWORD,
        "display_name": "Ana Silva",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn who_registers_can_sign_in_and_the_first_is_admin() {
    let world = World::new().await;
    let call = world.post("/api/users/register").header("accept-language", "pt-BR,pt;q=0.8");
    let answer = call.json(&account("Ana")).send().await;
    let user = answer.is::<Registered>(StatusCode::CREATED).user;
    assert_eq!((user.username.as_str(), user.display_name.as_str()), ("ana", "Ana Silva"));
    assert_eq!((user.locale.as_str(), user.email.as_str()), ("pt-BR", "ana@example.org"));
    assert!(user.roles.contains(&"admin".to_owned()));
    let second = world.post("/api/users/register").json(&account("bea")).send().await;
    let second = second.is::<Registered>(StatusCode::CREATED).user;
    assert!(!second.roles.contains(&"admin".to_owned()));
    for login in ["ana", "ANA", "ana@example.org"] {
        let body = json!({"username": login, "password": PASSWORD});
        let tokens = world.post("/api/users/login").json(&body).send().await;
        let tokens: TokenAnswer = tokens.is(StatusCode::OK);
        assert_eq!(tokens.token_type, "Bearer");
        let profile = world.get("/api/users/profile").bearer(&tokens.access_token).send().await;
        assert_eq!(profile.value(StatusCode::OK)["id"], user.id.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_names_and_addresses_are_named() {
    let world = World::new().await;
    world.someone("ana").await;
    let register = |body: Value| world.post("/api/users/register").json(&body);
    for name in ["ana", "ANA"] {
        let mut same = account(name);
        same["email"] = json!("other@example.org");
        register(same).refused("username_taken").await;
    }
    // Both are taken: either may be named.
    let both = register(account("ana")).send().await;
    assert_eq!(both.status, StatusCode::CONFLICT);
    let mut other = account("bea");
    other["email"] = json!("Ana@Example.org");
    register(other).refused("email_taken").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_field_of_a_registration_is_named() {
    let world = World::new().await;
    let body = json!({
        "username": "-", "email": "nowhere", "password": "short",
        "display_name": "x".repeat(65),
    });
    let problem = world.post("/api/users/register").json(&body).refused("invalid").await;
    for field in ["username", "email", "password", "display_name"] {
        assert!(fields(&problem).contains(&field.to_owned()), "{field}: {problem}");
    }
    let problem = world.post("/api/users/register").json(&json!({})).refused("invalid").await;
    assert_eq!(fields(&problem), ["username"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_is_refused_by_its_kind() {
    let world = World::new().await;
    for path in ["register", "login", "refresh", "logout"] {
        let path = format!("/api/users/{path}");
        let json =
            |body: String| world.post(&path).header("content-type", "application/json").raw(body);
        json("{".into()).refused("malformed").await;
        json("[".repeat(100_000)).refused("malformed").await;
        json(format!("{{\"x\": \"{}\"}}", "y".repeat(300_000))).refused("too_large").await;
        json("{}".into()).refused("invalid").await;
        json("{\"username\": {\"$ne\": null}, \"refresh_token\": []}".into())
            .refused("invalid")
            .await;
        world.post(&path).raw("username=ana").refused("unsupported_media_type").await;
        world.get(&path).refused("method_not_allowed").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_themselves_a_role_or_an_id() {
    let world = World::new().await;
    world.someone("first").await;
    let mut body = account("mallory");
    body["role"] = json!("admin");
    body["roles"] = json!(["admin"]);
    body["id"] = json!("01920000-0000-7abc-8fff-ffffffffffff");
    body["created_at"] = json!("2001-01-01T00:00:00Z");
    let answer = world.post("/api/users/register").json(&body).send().await;
    let user = answer.is::<Registered>(StatusCode::CREATED).user;
    assert_eq!(user.roles, ["member"]);
    assert_ne!(user.id.to_string(), "01920000-0000-7abc-8fff-ffffffffffff");
    assert_eq!(user.created_at, world.ids.now());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let world = World::new().await;
    world.someone("ana").await;
    let mut problems = Vec::new();
    for (username, password) in
        [("ana", "wrong"), ("nobody", PASSWORD), ("", ""), ("ana", &"x".repeat(5_000))]
    {
        let body = json!({"username": username, "password": password});
        let call = world.post("/api/users/login").json(&body);
        problems.push(call.refused("invalid_credentials").await);
    }
    assert!(problems.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_good_for_one_use() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let refresh =
        |token: &str| world.post("/api/users/refresh").json(&json!({"refresh_token": token}));
    let next: TokenAnswer = refresh(&ana.refresh_token).send().await.is(StatusCode::OK);
    refresh(&ana.refresh_token).refused("session_over").await;
    // The old one was used again: the whole session is over.
    refresh(&next.refresh_token).refused("session_over").await;
    for token in ["", "nonsense", &ana.token, &"x".repeat(100_000)] {
        refresh(token).refused("session_over").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_however_often() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let body = json!({"refresh_token": ana.refresh_token});
    for _ in 0..2 {
        world.post("/api/users/logout").json(&body).send().await.is_empty();
    }
    world.post("/api/users/refresh").json(&body).refused("session_over").await;
    let never = json!({"refresh_token": "never was"});
    world.post("/api/users/logout").json(&never).send().await.is_empty();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_provider_one_is_asked_to_come_back() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    world.provider.away.store(true, std::sync::atomic::Ordering::SeqCst);
    let login = json!({"username": "ana", "password": PASSWORD});
    let refresh = json!({"refresh_token": ana.refresh_token});
    for (path, body) in [
        ("register", account("bea")),
        ("login", login),
        ("refresh", refresh.clone()),
        ("logout", refresh),
    ] {
        let answer = world.post(format!("/api/users/{path}")).json(&body).send().await;
        answer.is_problem("unavailable");
        assert!(!answer.header("retry-after").is_empty());
    }
    // What needs no provider goes on.
    let profile = world.get("/api/users/profile").by(&ana).send().await;
    assert_eq!(profile.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_registers_so_often() {
    let world = World::at(crate::world::ORIGIN, true).await;
    let mut limited = 0;
    for _ in 0..40 {
        let call = world.post("/api/users/register").json(&json!({
            "username": "-", "email": "", "password": "",
        }));
        let answer = call.from("192.0.2.1").send().await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            answer.is_problem("rate_limited");
            assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
            limited += 1;
        }
    }
    assert!((5..=10).contains(&limited), "{limited}");
    let other = world.post("/api/users/register").json(&account("ana")).from("192.0.2.2");
    assert_eq!(other.send().await.status, StatusCode::CREATED);
}
