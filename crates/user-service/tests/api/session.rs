use std::time::Duration;

use http::StatusCode;
use url::Url;

use crate::{
    browser::{Browser, attribute, path_of},
    world::{PASSWORD, World},
};

const FAILED: &str = "/?sign_in=failed";

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_signs_in_by_the_issuers_page() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let mut browser = Browser::new(&world);
    let leave = browser.start("?return_to=/chats/1%3Fat=2%23m&ui_locales=pt-BR").await;
    assert_eq!(leave.origin().ascii_serialization(), "http://localhost:8080");
    assert!(leave.path().starts_with("/auth/realms/thread/"));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "thread-web"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", "http://localhost:8080/api/users/session/callback"),
        ("ui_locales", "pt-BR"),
    ] {
        assert_eq!(parameter(&leave, name).as_deref(), Some(value), "{leave}");
    }
    let back = browser.consent(&leave, "ana").await;
    let answer = browser.get(&back).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(answer.header("location"), "/chats/1?at=2#m");
    let set = answer.header("set-cookie");
    assert!(set.starts_with("thread_session="), "{set}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(!set.contains("Secure") && !set.contains("Domain"), "{set}");
    let token = browser.access_token().await;
    let profile = world.get("/api/users/profile").bearer(&token).send().await;
    assert_eq!(profile.value(StatusCode::OK)["id"], ana.id.to_string());
    // What came back with the browser is used up.
    assert_eq!(browser.get(&back).await.header("location"), FAILED);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_up_at_the_issuer_has_a_profile_when_they_come_back() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let leave = browser.start("?prompt=create").await;
    let mut page = browser.get(&path_of(&leave)).await;
    while page.status.is_redirection() {
        let base = Url::parse(crate::world::ORIGIN).unwrap();
        let next = path_of(&base.join(page.header("location")).unwrap());
        page = browser.get(&next).await;
    }
    let html = page.text();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("request", &attribute(&html, "name=\"request\" value=\""))
        .append_pair("username", "newcomer")
        .append_pair("email", "newcomer@example.org")
        .append_pair("display_name", "New Comer")
        .append_pair("name", "New Comer")
        .append_pair("password", PASSWORD)
        .finish();
    let back = browser.submit(&attribute(&html, "action=\""), form).await;
    assert_eq!(browser.get(&back).await.header("location"), "/");
    let names = ["newcomer".to_owned()];
    let named = world.users.ids_by_username(&names).await.unwrap();
    assert!(named.contains_key("newcomer"), "kept before the first call with a token");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_comes_back_to_this_origin_only() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    for bad in [
        "//evil.example",
        "/%5Cevil.example",
        "%5C%5Cevil.example",
        "https://evil.example",
        "/%0d%0aset-cookie:x=y",
        "/%09/evil.example",
        "chats",
        "",
        "/a//b",
        "javascript:alert(1)",
    ] {
        let path = format!("/api/users/session/start?return_to={bad}");
        browser.get(&path).await.is_problem("malformed");
    }
    for (query, code) in [
        ("prompt=none", "invalid"),
        ("ui_locales=%22%3E", "invalid"),
        ("return_to=%ff", "malformed"),
    ] {
        let path = format!("/api/users/session/start?{query}");
        browser.get(&path).await.is_problem(code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_another_browser_started_signs_nobody_in() {
    let world = World::new().await;
    world.someone("mallory").await;
    let (mut attacker, mut victim) = (Browser::new(&world), Browser::new(&world));
    let leave = attacker.start("").await;
    let back = attacker.consent(&leave, "mallory").await;
    // The attacker's callback in the victim's browser: login CSRF.
    assert_eq!(victim.get(&back).await.header("location"), FAILED);
    assert_eq!(victim.session_cookie(), None);
    victim.start("").await;
    assert_eq!(victim.get(&back).await.header("location"), FAILED);
    assert_eq!(victim.session_cookie(), None);
    // The attacker's own browser may still use it.
    assert_eq!(attacker.get(&back).await.header("location"), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_and_states_are_not_interchangeable() {
    let world = World::new().await;
    world.someone("ana").await;
    let mut browser = Browser::new(&world);
    let one = browser.start("").await;
    let one = browser.consent(&one, "ana").await;
    let other = browser.start("").await;
    let other = browser.consent(&other, "ana").await;
    let base = Url::parse(crate::world::ORIGIN).unwrap();
    let (one, other) = (base.join(&one).unwrap(), base.join(&other).unwrap());
    let crossed = format!(
        "/api/users/session/callback?code={}&state={}",
        parameter(&one, "code").unwrap(),
        parameter(&other, "state").unwrap(),
    );
    assert_eq!(browser.get(&crossed).await.header("location"), FAILED);
    assert_eq!(browser.session_cookie(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_that_makes_no_sense_goes_home() {
    let world = World::new().await;
    world.someone("ana").await;
    let mut browser = Browser::new(&world);
    let leave = browser.start("").await;
    let state = parameter(&leave, "state").unwrap();
    for query in [
        String::new(),
        "code=x".into(),
        "state=x".into(),
        "code=x&state=x".into(),
        "error=access_denied".into(),
        format!("error=access_denied&state={state}"),
        // Used up by the refusal before.
        format!("code=x&state={state}"),
    ] {
        let answer = browser.get(&format!("/api/users/session/callback?{query}")).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{query}");
        assert_eq!(answer.header("location"), FAILED, "{query}");
        assert_eq!(browser.session_cookie(), None);
    }
    let leave = browser.start("").await;
    let state = parameter(&leave, "state").unwrap();
    let answer = browser.get(&format!("/api/users/session/callback?code=x&state={state}")).await;
    assert_eq!(answer.header("location"), FAILED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_must_be_finished_in_ten_minutes() {
    let world = World::new().await;
    world.someone("ana").await;
    let mut browser = Browser::new(&world);
    let leave = browser.start("").await;
    world.clock.advance(Duration::from_secs(9 * 60 + 50));
    let back = browser.consent(&leave, "ana").await;
    world.clock.advance(Duration::from_secs(11));
    assert_eq!(browser.get(&back).await.header("location"), FAILED);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_may_sign_in_at_once() {
    let world = World::new().await;
    world.someone("ana").await;
    let mut browser = Browser::new(&world);
    let one = browser.start("?return_to=/one").await;
    let other = browser.start("?return_to=/other").await;
    let back_one = browser.consent(&one, "ana").await;
    let back_other = browser.consent(&other, "ana").await;
    assert_eq!(browser.get(&back_one).await.header("location"), "/one");
    let first = browser.access_token().await;
    assert_eq!(browser.get(&back_other).await.header("location"), "/other");
    // What the first tab holds in memory stays good until it runs out.
    let profile = world.get("/api/users/profile").bearer(&first).send().await;
    assert_eq!(profile.status, StatusCode::OK);
    assert_eq!(browser.token().await.status, StatusCode::OK);
    let sessions = world.get("/api/users/sessions").bearer(&browser.access_token().await);
    let sessions = sessions.send().await.value(StatusCode::OK);
    assert_eq!(sessions["items"].as_array().unwrap().len(), 1, "one browser, one device");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_at_the_same_browser_ends_the_first_ones_session() {
    let world = World::new().await;
    world.someone("ana").await;
    let bea = world.someone("bea").await;
    let mut browser = Browser::new(&world);
    browser.sign_in("ana", "/").await;
    let held = browser.cookies.clone();
    browser.cookies.retain(|(path, _), _| path == "/");
    browser.sign_in("bea", "/").await;
    let token = browser.access_token().await;
    let profile = world.get("/api/users/profile").bearer(&token).send().await;
    assert_eq!(profile.value(StatusCode::OK)["id"], bea.id.to_string());
    browser.cookies = held;
    browser.token().await.is_problem("session_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_signs_out_here_and_at_the_issuer() {
    let world = World::new().await;
    world.someone("ana").await;
    let mut browser = Browser::new(&world);
    browser.sign_in("ana", "/").await;
    let (token, held) = (browser.access_token().await, browser.cookies.clone());
    let path = "/api/users/session";
    let foreign = world.delete(path).header("origin", "http://evil.example");
    browser.send(foreign, path).await.is_problem("foreign_origin");
    assert!(browser.session_cookie().is_some());
    let own = world.delete(path).header("origin", crate::world::ORIGIN);
    browser.send(own, path).await.is_empty();
    assert_eq!(browser.session_cookie(), None);
    // The cookie is worth nothing any more, should somebody have kept it.
    browser.cookies = held;
    browser.token().await.is_problem("session_over");
    for _ in 0..2 {
        world.delete(path).send().await.is_empty();
    }
    let leave = browser.start("").await;
    let page = browser.get(&path_of(&leave)).await;
    assert_eq!(page.status, StatusCode::OK, "the issuer asks for the password again");
    let refused = async {
        // The verifier hears of it over the bus.
        loop {
            let answer = world.get("/api/users/profile").bearer(&token).send().await;
            if answer.status == StatusCode::UNAUTHORIZED {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), refused).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_works_while_the_provider_is_away() {
    let world = World::new().await;
    world.someone("ana").await;
    let mut browser = Browser::new(&world);
    browser.sign_in("ana", "/").await;
    let held = browser.cookies.clone();
    world.provider.away.store(true, std::sync::atomic::Ordering::SeqCst);
    let path = "/api/users/session";
    browser.send(world.delete(path), path).await.is_empty();
    browser.cookies = held;
    browser.token().await.is_problem("session_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_https_cookies_are_bound_to_the_host() {
    let world = World::at("https://chat.example", false).await;
    let answer = world.get("/api/users/session/start").send().await;
    let set = answer.header("set-cookie");
    assert!(set.starts_with("__Host-thread_departure="), "{set}");
    for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(!set.contains("Domain"));
    // The name without the prefix, which any site of the domain could set, counts for nothing.
    let token = world.post("/api/users/session/token").header("origin", "https://chat.example");
    let answer = token.header("cookie", "thread_session=x").send().await;
    answer.is_problem("session_over");
    assert_eq!(answer.header("set-cookie"), "");
    let token = world.post("/api/users/session/token").header("origin", "https://chat.example");
    let answer = token.header("cookie", "__Host-thread_session=x").send().await;
    let set = answer.header("set-cookie");
    assert!(set.starts_with("__Host-thread_session=;") && set.contains("Secure"), "{set}");
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_is_limited_by_address() {
    let world = World::at(crate::world::ORIGIN, true).await;
    let start = |peer| world.get("/api/users/session/start").from(peer).send();
    let mut refused = 0;
    for _ in 0..40 {
        refused += u32::from(start("192.0.2.1").await.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((1..=10).contains(&refused), "{refused}");
    assert_eq!(start("192.0.2.2").await.status, StatusCode::FOUND);
}
