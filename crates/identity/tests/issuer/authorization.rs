//! The authorization endpoint and its pages.

use std::time::Duration;

use crate::support::{AUTH, CALLBACK, PASSWORD, World, auth_path, challenge_of};
use http::StatusCode;

#[tokio::test]
async fn an_address_that_is_not_registered_is_told_on_a_page() {
    let world = World::start().await;
    let mut browser = world.browser();
    for address in [
        "http://thread.test/api/users/session/callback/",
        "http://thread.test/api/users/session/callback.evil",
        "http://thread.test/api/users/session/callback?x=1",
        "http://thread.test/api/users/session/callback#x",
        "http://thread.test/api/users/session/../session/callback",
        "http://thread.test:8080/api/users/session/callback",
        "http://thread.test.evil.example/api/users/session/callback",
        "http://thread.test@evil.example/api/users/session/callback",
        "http://evil.example/api/users/session/callback",
        "https://thread.test/api/users/session/callback",
        "HTTP://thread.test/api/users/session/callback",
        "//thread.test/api/users/session/callback",
        "javascript:alert(1)",
        "",
    ] {
        let reply = browser.get(&auth_path(&[("redirect_uri", Some(address))])).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{address}");
        assert_eq!(reply.header("location"), "", "{address}");
        assert!(reply.header("content-type").starts_with("text/html"));
    }
    for changes in [
        [("redirect_uri", None)],
        [("client_id", None)],
        [("client_id", Some("nobody"))],
        [("client_id", Some("thread-cli"))],
    ] {
        let reply = browser.get(&auth_path(&changes)).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{changes:?}");
        assert_eq!(reply.header("location"), "");
    }
    let twice = format!("{}&redirect_uri=http%3A%2F%2Fevil.example", auth_path(&[]));
    assert_eq!(browser.get(&twice).await.status, StatusCode::BAD_REQUEST);
    let long = "x".repeat(4_000);
    let reply = browser.get(&auth_path(&[("state", Some(&long))])).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pkce_with_s256_is_required() {
    let world = World::start().await;
    let mut browser = world.browser();
    for (changes, error) in [
        (vec![("code_challenge", None), ("code_challenge_method", None)], "invalid_request"),
        (vec![("code_challenge_method", None)], "invalid_request"),
        (vec![("code_challenge_method", Some("plain"))], "invalid_request"),
        (vec![("code_challenge", Some("short"))], "invalid_request"),
        (vec![("response_type", Some("token"))], "unsupported_response_type"),
        (vec![("response_type", Some("code id_token"))], "unsupported_response_type"),
        (vec![("response_mode", Some("form_post"))], "invalid_request"),
        (vec![("request", Some("eyJhbGciOiJub25lIn0.e30."))], "request_not_supported"),
        (vec![("request_uri", Some("http://evil.example"))], "request_uri_not_supported"),
        (vec![("prompt", Some("none"))], "login_required"),
    ] {
        let reply = browser.get(&auth_path(&changes)).await;
        assert_eq!(reply.parameter("error").as_deref(), Some(error), "{changes:?}");
        assert_eq!(reply.parameter("state").as_deref(), Some("the state"));
        assert_eq!(reply.parameter("code"), None);
        assert!(reply.header("location").starts_with(CALLBACK));
    }
}

#[tokio::test]
async fn a_browser_that_is_signed_in_passes_without_a_password() {
    let world = World::start().await;
    world.add("ada").await;
    let mut browser = world.browser();
    let first = browser.sign_in(&auth_path(&[]), "Ada@Example.org", PASSWORD).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(first.parameter("state").as_deref(), Some("the state"));
    let cookie = first.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert!(cookie.contains("Path=/auth") && !cookie.contains("Secure"), "{cookie}");

    let second = browser.get(&auth_path(&[])).await;
    assert_eq!(second.status, StatusCode::FOUND);
    assert_ne!(second.code(), first.code());
    let silent = browser.get(&auth_path(&[("prompt", Some("none"))])).await;
    assert!(silent.parameter("code").is_some());

    let again = browser.get(&auth_path(&[("prompt", Some("login"))])).await;
    assert_eq!(again.status, StatusCode::OK);
    world.advance(Duration::from_secs(100));
    let fresh = browser.get(&auth_path(&[("max_age", Some("99"))])).await;
    assert_eq!(fresh.status, StatusCode::OK);
    let recent = browser.get(&auth_path(&[("max_age", Some("101"))])).await;
    assert_eq!(recent.status, StatusCode::FOUND);
    world.advance(Duration::from_secs(30 * 24 * 3_600));
    assert_eq!(browser.get(&auth_path(&[])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_is_taken_only_from_the_browser_that_it_was_shown_to() {
    let world = World::start().await;
    world.add("ada").await;
    let mut attacker = world.browser();
    let page = attacker.get(&auth_path(&[])).await;
    let request = page.field("request");
    let form = [("request", request.as_str()), ("username", "ada"), ("password", PASSWORD)];
    let action = page.action();

    let mut victim = world.browser();
    assert_eq!(victim.post(&action, &form).await.status, StatusCode::BAD_REQUEST);
    victim.get(&auth_path(&[])).await;
    let reply = victim.post(&action, &form).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(reply.header("set-cookie"), "");
    let altered = format!("A{request}");
    let form = [("request", altered.as_str()), ("username", "ada"), ("password", PASSWORD)];
    assert_eq!(attacker.post(&action, &form).await.status, StatusCode::BAD_REQUEST);

    world.advance(Duration::from_secs(3_601));
    let form = [("request", request.as_str()), ("username", "ada"), ("password", PASSWORD)];
    let late = attacker.post(&action, &form).await;
    assert_eq!(late.status, StatusCode::BAD_REQUEST);
    assert!(late.body.contains("expired"), "{}", late.body);
    assert!(late.body.contains(&format!("{AUTH}?client_id=thread-web")), "{}", late.body);
}

#[tokio::test]
async fn what_somebody_typed_never_becomes_markup() {
    let world = World::start().await;
    let hostile = r#""><script>alert(1)</script><a href='x"#;
    let mut browser = world.browser();
    let path = auth_path(&[
        ("state", Some(hostile)),
        ("login_hint", Some(hostile)),
        ("ui_locales", Some(hostile)),
    ]);
    let page = browser.get(&path).await;
    let wrong = browser.sign_in(&path, hostile, hostile).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let sign_up = browser.sign_up(hostile, hostile, hostile).await;
    assert_eq!(sign_up.status, StatusCode::UNPROCESSABLE_ENTITY);
    for body in [&page.body, &wrong.body, &sign_up.body] {
        assert!(!body.contains("<script"), "{body}");
        assert!(!body.contains("='x"), "{body}");
    }
    assert!(wrong.body.contains("&lt;script&gt;"));
    assert!(!sign_up.body.contains(&format!("value=\"{hostile}")));
}

#[tokio::test]
async fn the_pages_speak_two_languages() {
    let world = World::start().await;
    let mut browser = world.browser();
    let english = browser.get(&auth_path(&[])).await;
    assert!(english.body.contains("<html lang=\"en\">"));
    assert!(english.body.contains("Create an account"));
    let switch = english.body.split("<footer><a href=\"").nth(1).unwrap();
    let switch = switch.split('"').next().unwrap().replace("&amp;", "&");
    let portuguese = browser.get(&switch).await;
    assert!(portuguese.body.contains("<html lang=\"pt-BR\">"), "{switch}");
    assert!(portuguese.body.contains("Criar uma conta"));
    let request = portuguese.field("request");
    let form = [("request", request.as_str()), ("username", "x"), ("password", "y")];
    let wrong = browser.post(&portuguese.action(), &form).await;
    assert!(wrong.body.contains("está incorreto"), "the language stays");

    browser.language = "pt-BR,pt;q=0.9,en;q=0.8".to_owned();
    assert!(browser.get(&auth_path(&[])).await.body.contains("lang=\"pt-BR\""));
    let asked = browser.get(&auth_path(&[("ui_locales", Some("en"))])).await;
    assert!(asked.body.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn a_page_runs_no_script_and_posts_only_home() {
    let world = World::start().await;
    let mut browser = world.browser();
    let registrations = auth_path(&[]).replace("/auth?", "/registrations?");
    let create = auth_path(&[("prompt", Some("create"))]);
    for path in [auth_path(&[]), create, registrations] {
        let page = browser.get(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(
            page.header("content-security-policy"),
            "default-src 'none'; style-src 'self'; img-src 'self' data:; \
             form-action 'self' http://thread.test; frame-ancestors 'none'; base-uri 'none'"
        );
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert!(!page.body.contains("<script") && !page.body.contains("style="));
        let style = page.body.split("stylesheet\" href=\"").nth(1).unwrap();
        let style = browser.get(style.split('"').next().unwrap()).await;
        assert!(style.header("content-type").starts_with("text/css"));
        assert!(style.header("cache-control").contains("immutable"));
    }
}

#[tokio::test]
async fn a_code_is_bound_to_its_own_request() {
    let world = World::start().await;
    world.add("ada").await;
    let other = challenge_of("another-verifier-that-is-long-enough-for-rfc-7636");
    let mut browser = world.browser();
    let reply =
        browser.sign_in(&auth_path(&[("code_challenge", Some(&other))]), "ada", PASSWORD).await;
    let refused = world.exchange(&reply.code()).await;
    assert_eq!(
        (refused.status, refused.error().as_str()),
        (StatusCode::BAD_REQUEST, "invalid_grant")
    );
    let burnt = world
        .exchange_with(&reply.code(), "another-verifier-that-is-long-enough-for-rfc-7636")
        .await;
    assert_eq!(burnt.error(), "invalid_grant", "a wrong verifier uses the code up");

    let late = browser.get(&auth_path(&[])).await;
    world.advance(Duration::from_secs(61));
    assert_eq!(world.exchange(&late.code()).await.error(), "invalid_grant");
}
