//! The token endpoint, revocation and logout.

use std::time::Duration;

use crate::support::{CALLBACK, LOGOUT, PASSWORD, TOKEN, VERIFIER, World, auth_path, challenge_of};
use api::told::Told;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures::future::join_all;
use http::StatusCode;
use identity::{AuthorizationRequest, CodeExchange, GrantError, Provider};
use kernel::Secret;
use kit::{bus::Bus, http::Authenticator};

const REVOKE: &str = "/auth/realms/thread/protocol/openid-connect/revoke";
const USERINFO: &str = "/auth/realms/thread/protocol/openid-connect/userinfo";

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn userinfo(world: &World, token: &str) -> StatusCode {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let mut browser = world.browser();
    browser.send("GET", USERINFO, &headers, String::new()).await.status
}

#[tokio::test]
async fn a_code_used_again_ends_the_session_that_it_began() {
    let world = World::start().await;
    world.add("ada").await;
    let code = world.browser().sign_in(&auth_path(&[]), "ada", PASSWORD).await.code();
    let tokens = world.exchange(&code).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    assert_eq!(tokens.header("cache-control"), "no-store");
    let tokens = tokens.json();
    let access = text(&tokens["access_token"]);
    assert_eq!(userinfo(&world, &access).await, StatusCode::OK);

    assert_eq!(world.exchange(&code).await.error(), "invalid_grant");
    assert_eq!(userinfo(&world, &access).await, StatusCode::UNAUTHORIZED);
    let refreshed = world.refresh("thread-web", &text(&tokens["refresh_token"])).await;
    assert_eq!(refreshed.error(), "invalid_grant");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_who_exchange_one_code_one_succeeds() {
    let world = World::start().await;
    world.add("ada").await;
    let code = world.browser().sign_in(&auth_path(&[]), "ada", PASSWORD).await.code();
    let replies = join_all((0..50).map(|_| world.exchange(&code))).await;
    let good = replies.iter().filter(|reply| reply.status == StatusCode::OK).count();
    assert_eq!(good, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_who_refresh_with_one_token_one_succeeds_and_the_session_ends() {
    let world = World::start().await;
    world.add("ada").await;
    let mut told = world.bus.fan_out();
    let tokens = world.sign_in("ada").await;
    let old = text(&tokens["refresh_token"]);
    let replies = join_all((0..50).map(|_| world.refresh("thread-cli", &old))).await;
    let good: Vec<_> = replies.iter().filter(|reply| reply.status == StatusCode::OK).collect();
    assert_eq!(good.len(), 1);
    let new = text(&good[0].json()["refresh_token"]);
    assert_ne!(new, old);
    assert_eq!(world.refresh("thread-cli", &new).await.error(), "invalid_grant");
    let heard = tokio::time::timeout(Duration::from_secs(5), told.recv()).await;
    let Ok(Some(Told::SessionEnded { session_id })) = heard else {
        panic!("nobody was told: {heard:?}");
    };
    assert_eq!(session_id.to_string(), text(&tokens["session_state"]));

    let world = world.restarted().await;
    assert_eq!(world.refresh("thread-cli", &new).await.error(), "invalid_grant");
    assert_eq!(world.refresh("thread-cli", &old).await.error(), "invalid_grant");
}

#[tokio::test]
async fn an_old_refresh_token_ends_the_session_even_after_a_restart() {
    let world = World::start().await;
    world.add("ada").await;
    let first = text(&world.sign_in("ada").await["refresh_token"]);
    let second = text(&world.refresh("thread-cli", &first).await.json()["refresh_token"]);
    let world = world.restarted().await;
    let third = text(&world.refresh("thread-cli", &second).await.json()["refresh_token"]);
    assert_eq!(world.refresh("thread-cli", &first).await.error(), "invalid_grant");
    assert_eq!(world.refresh("thread-cli", &third).await.error(), "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_is_its_clients_and_does_not_last_for_ever() {
    let world = World::start().await;
    world.add("ada").await;
    let mut token = text(&world.sign_in("ada").await["refresh_token"]);
    assert_eq!(world.refresh("thread-web", &token).await.error(), "invalid_grant");
    for unknown in ["", "x", "x.y", &format!("{}.{}", "A".repeat(43), "B".repeat(43))] {
        assert_eq!(world.refresh("thread-cli", unknown).await.error(), "invalid_grant");
    }
    for _ in 0..3 {
        world.advance(Duration::from_secs(29 * 24 * 3_600));
        let reply = world.refresh("thread-cli", &token).await;
        assert_eq!(reply.status, StatusCode::OK);
        token = text(&reply.json()["refresh_token"]);
    }
    world.advance(Duration::from_secs(4 * 24 * 3_600));
    assert_eq!(world.refresh("thread-cli", &token).await.error(), "invalid_grant");

    let idle = text(&world.sign_in("ada").await["refresh_token"]);
    world.advance(Duration::from_secs(30 * 24 * 3_600));
    assert_eq!(world.refresh("thread-cli", &idle).await.error(), "invalid_grant");
}

#[tokio::test]
async fn errors_are_those_of_rfc_6749() {
    let world = World::start().await;
    world.add("ada").await;
    let password = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
    let with = |extra: &[(&'static str, &'static str)]| [&password[..], extra].concat();
    for (form, status, error) in [
        (vec![("client_id", "thread-cli")], 400, "invalid_request"),
        (vec![("grant_type", "password")], 400, "invalid_request"),
        (vec![("client_id", "thread-cli"), ("grant_type", "x")], 400, "unsupported_grant_type"),
        (with(&[("client_id", "nobody")]), 401, "invalid_client"),
        (with(&[("client_id", "thread-web")]), 400, "unauthorized_client"),
        (with(&[("client_id", "thread-cli"), ("client_secret", "x")]), 401, "invalid_client"),
        (
            vec![("client_id", "thread-cli"), ("grant_type", "client_credentials")],
            400,
            "unauthorized_client",
        ),
        (
            vec![("client_id", "thread-web"), ("grant_type", "authorization_code"), ("code", "x")],
            400,
            "invalid_request",
        ),
        (
            vec![("client_id", "thread-cli"), ("client_id", "thread-cli"), ("grant_type", "x")],
            400,
            "invalid_request",
        ),
    ] {
        let reply = world.token(&form).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (status, error), "{form:?}");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    let json = [("content-type", "application/json")];
    let reply = world.browser().send("POST", TOKEN, &json, "{}".to_owned()).await;
    assert_eq!(reply.error(), "invalid_request");
}

#[tokio::test]
async fn a_bot_signs_in_with_its_secret_and_has_no_session() {
    let world = World::start().await;
    let bot = world.issuer.admin().create_bot("Deploy-Bot", "Deploys").await.unwrap();
    let secret = bot.client_secret.reveal();
    let basic = STANDARD.encode(format!("deploy-bot:{secret}"));
    let headers = [
        ("authorization", format!("Basic {basic}")),
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
    ];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let body = "grant_type=client_credentials&scope=openid+profile".to_owned();
    let reply = world.browser().send("POST", TOKEN, &headers, body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let answer = reply.json();
    assert!(answer.get("refresh_token").is_none() && answer.get("id_token").is_none());
    let caller =
        world.verifier().authenticate(answer["access_token"].as_str().unwrap()).await.unwrap();
    assert_eq!((caller.user_id, caller.session_id), (bot.user_id, None));
    assert_eq!(caller.roles, ["member"]);

    let wrong = world
        .token(&[
            ("grant_type", "client_credentials"),
            ("client_id", "deploy-bot"),
            ("client_secret", "wrong"),
        ])
        .await;
    assert_eq!((wrong.status.as_u16(), wrong.error().as_str()), (401, "invalid_client"));
    let person = world
        .token(&[
            ("grant_type", "password"),
            ("client_id", "thread-cli"),
            ("username", "deploy-bot"),
            ("password", secret),
        ])
        .await;
    assert_eq!(person.error(), "invalid_grant", "a bot has no password");
}

#[tokio::test]
async fn a_token_given_back_ends_its_session_only_for_its_own_client() {
    let world = World::start().await;
    world.add("ada").await;
    for kind in ["refresh_token", "access_token"] {
        let tokens = world.sign_in("ada").await;
        let (token, access) = (text(&tokens[kind]), text(&tokens["access_token"]));
        let other = [("client_id", "thread-web"), ("token", token.as_str())];
        assert_eq!(world.browser().post(REVOKE, &other).await.status, StatusCode::OK);
        assert_eq!(userinfo(&world, &access).await, StatusCode::OK);
        let own = [("client_id", "thread-cli"), ("token", token.as_str())];
        assert_eq!(world.browser().post(REVOKE, &own).await.status, StatusCode::OK);
        assert_eq!(userinfo(&world, &access).await, StatusCode::UNAUTHORIZED);
        let refreshed = world.refresh("thread-cli", &text(&tokens["refresh_token"])).await;
        assert_eq!(refreshed.error(), "invalid_grant");
    }
    let unknown = [("client_id", "thread-cli"), ("token", "unknown")];
    assert_eq!(world.browser().post(REVOKE, &unknown).await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_without_a_hint_asks_first() {
    let world = World::start().await;
    world.add("ada").await;
    let mut browser = world.browser();
    let code = browser.sign_in(&auth_path(&[]), "ada", PASSWORD).await.code();
    let tokens = world.exchange(&code).await.json();
    let question = browser.get(LOGOUT).await;
    assert_eq!(question.status, StatusCode::OK);
    let access = text(&tokens["access_token"]);
    assert_eq!(userinfo(&world, &access).await, StatusCode::OK);

    let foreign =
        format!("{LOGOUT}?post_logout_redirect_uri=http%3A%2F%2Fevil.example&client_id=thread-web");
    let refused = browser.get(&foreign).await;
    assert_eq!((refused.status.as_u16(), refused.header("location")), (400, ""));
    let forged = browser.get(&format!("{LOGOUT}?id_token_hint=a.b.c")).await;
    assert_eq!(forged.status, StatusCode::BAD_REQUEST);
    assert_eq!(userinfo(&world, &access).await, StatusCode::OK);

    let confirm = question.field("confirm");
    let done = browser.post(LOGOUT, &[("confirm", confirm.as_str())]).await;
    assert!(done.body.contains("signed out"), "{}", done.body);
    assert_eq!(userinfo(&world, &access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get(&auth_path(&[])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn keycloaks_way_to_sign_out_takes_a_refresh_token() {
    let world = World::start().await;
    world.add("ada").await;
    let tokens = world.sign_in("ada").await;
    let refresh = text(&tokens["refresh_token"]);
    let form = [("client_id", "thread-cli"), ("refresh_token", refresh.as_str())];
    let reply = world.browser().post(LOGOUT, &form).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(world.refresh("thread-cli", &refresh).await.error(), "invalid_grant");
}

#[tokio::test]
async fn the_provider_in_this_process_keeps_the_same_rules() {
    let world = World::start().await;
    let account = world.add("ada").await;
    let provider: &dyn Provider = &*world.issuer;
    let challenge = challenge_of(VERIFIER);
    let url = provider.authorization_url(AuthorizationRequest {
        state: "s",
        nonce: "the nonce",
        code_challenge: &challenge,
        redirect_uri: CALLBACK,
        prompt: None,
        ui_locales: Some("pt-BR"),
    });
    let path = url.strip_prefix(crate::support::PUBLIC_URL).unwrap();
    let mut browser = world.browser();
    let code = Secret::new(browser.sign_in(path, "ada", PASSWORD).await.code());
    let verifier = Secret::new(VERIFIER);
    let exchange = CodeExchange { code: &code, code_verifier: &verifier, redirect_uri: CALLBACK };
    let tokens = provider.exchange_code(exchange.clone()).await.unwrap();
    assert_eq!(tokens.user_id, account.id);
    assert_eq!(tokens.nonce.as_deref(), Some("the nonce"));
    let next = provider.refresh(&tokens.refresh_token).await.unwrap();
    assert_eq!(next.session_id, tokens.session_id);
    provider.end_session(&next.refresh_token).await.unwrap();
    provider.end_session(&next.refresh_token).await.unwrap();
    assert!(matches!(provider.refresh(&next.refresh_token).await, Err(GrantError::SessionOver)));
    assert!(matches!(provider.exchange_code(exchange).await, Err(GrantError::SessionOver)));
    assert_eq!(browser.get(path).await.status, StatusCode::OK, "the browser is signed out too");
    provider.check().await.unwrap();
}

#[tokio::test]
async fn the_endpoints_are_described() {
    let world = World::start().await;
    let document = world.issuer.module().routes.into_openapi();
    let paths: Vec<&String> = document.paths.paths.keys().collect();
    for name in [
        ".well-known/openid-configuration",
        "protocol/openid-connect/auth",
        "protocol/openid-connect/registrations",
        "protocol/openid-connect/token",
        "protocol/openid-connect/certs",
        "protocol/openid-connect/userinfo",
        "protocol/openid-connect/logout",
        "protocol/openid-connect/revoke",
        "login-actions/authenticate",
        "login-actions/registration",
    ] {
        let path = format!("{}/{name}", identity::REALM_PATH);
        assert!(paths.contains(&&path), "{path} is missing in {paths:?}");
    }
}
