use std::{collections::HashSet, sync::atomic::Ordering, time::Duration};

use api::rest::sessions::AccessToken;
use futures::future::join_all;
use http::StatusCode;

use crate::{
    browser::Browser,
    world::{Answer, ORIGIN, World},
};

const PATH: &str = "/api/users/session/token";

async fn signed_in(world: &World) -> Browser<'_> {
    world.someone("ana").await;
    let mut browser = Browser::new(world);
    browser.sign_in("ana", "/").await;
    browser
}

async fn ask(world: &World, browser: &Browser<'_>, headers: &[(&str, &str)]) -> Answer {
    let cookie = format!("thread_session={}", browser.session_cookie().unwrap());
    let call = world.post(PATH).header("cookie", &cookie);
    headers.iter().fold(call, |call, (name, value)| call.header(name, value)).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_page_of_this_origin_gets_a_token() {
    let world = World::new().await;
    let browser = signed_in(&world).await;
    let host = ("host", "localhost:8080");
    for origin in [
        "null",
        "",
        "https://localhost:8080",
        "http://localhost",
        "http://localhost:9090",
        "http://localhost:8080.evil.example",
        "http://evil.example",
        "http://localhost:8080/",
    ] {
        let answer = ask(&world, &browser, &[("origin", origin), host]).await;
        answer.is_problem("foreign_origin");
    }
    ask(&world, &browser, &[host]).await.is_problem("foreign_origin");
    let referer = ("referer", "http://localhost:8080/");
    ask(&world, &browser, &[host, referer]).await.is_problem("foreign_origin");
    for own in [
        [("origin", ORIGIN), host],
        [("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")],
    ] {
        let answer = ask(&world, &browser, &own).await;
        let token: AccessToken = answer.is(StatusCode::OK);
        assert!(token.expires_in > 60);
    }
    world.get(PATH).header("origin", ORIGIN).refused("method_not_allowed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_tabs_cost_one_refresh() {
    let world = World::new().await;
    let browser = signed_in(&world).await;
    assert_eq!(world.provider.refreshes.load(Ordering::SeqCst), 0, "the first came with the code");
    for round in 1..=3 {
        world.clock.advance(Duration::from_secs(241));
        let asked = (0..20).map(|_| ask(&world, &browser, &[("origin", ORIGIN)]));
        let tokens: HashSet<String> = join_all(asked)
            .await
            .into_iter()
            .map(|answer| answer.is::<AccessToken>(StatusCode::OK).access_token)
            .collect();
        assert_eq!(tokens.len(), 1);
        assert_eq!(world.provider.refreshes.load(Ordering::SeqCst), round);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_given_again_while_it_is_good_for_a_minute() {
    let world = World::new().await;
    let mut browser = signed_in(&world).await;
    let first: AccessToken = browser.token().await.is(StatusCode::OK);
    world.clock.advance(Duration::from_secs(200));
    let second: AccessToken = browser.token().await.is(StatusCode::OK);
    assert_eq!(first.access_token, second.access_token);
    assert_eq!(second.expires_in, first.expires_in - 200);
    world.clock.advance(Duration::from_secs(50));
    let third: AccessToken = browser.token().await.is(StatusCode::OK);
    assert_ne!(first.access_token, third.access_token);
    let profile = world.get("/api/users/profile").bearer(&third.access_token).send().await;
    assert_eq!(profile.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_there_is_no_token() {
    let world = World::new().await;
    let ask = || world.post(PATH).header("origin", ORIGIN);
    ask().refused("session_over").await;
    for cookie in ["thread_session=", "thread_session=nonsense", "thread_session=\"", "; ;="] {
        ask().header("cookie", cookie).refused("session_over").await;
    }
    let answer = ask().header("cookie", "thread_session=nonsense").send().await;
    let set = answer.header("set-cookie");
    assert!(set.starts_with("thread_session=;") && set.contains("Max-Age=0"), "{set}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_provider_is_away_the_session_waits() {
    let world = World::new().await;
    let mut browser = signed_in(&world).await;
    world.clock.advance(Duration::from_secs(290));
    world.provider.away.store(true, Ordering::SeqCst);
    let answer = browser.token().await;
    answer.is_problem("unavailable");
    assert!(!answer.header("retry-after").is_empty());
    assert!(browser.session_cookie().is_some());
    world.provider.away.store(false, Ordering::SeqCst);
    assert_eq!(browser.token().await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_does_not_lose_the_session() {
    let world = World::new().await;
    let browser = signed_in(&world).await;
    for wait in [0, 1, 2, 4, 8] {
        world.clock.advance(Duration::from_secs(250));
        let asked = ask(&world, &browser, &[("origin", ORIGIN)]);
        let _ = tokio::time::timeout(Duration::from_millis(wait), asked).await;
        let answer = ask(&world, &browser, &[("origin", ORIGIN)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_not_used_for_a_month_is_over() {
    let world = World::new().await;
    let mut browser = signed_in(&world).await;
    world.clock.advance(Duration::from_secs(30 * 24 * 60 * 60 + 1));
    browser.token().await.is_problem("session_over");
    assert_eq!(browser.session_cookie(), None);
}
