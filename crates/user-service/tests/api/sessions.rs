use api::{
    rest::sessions::{AccessToken, Sessions},
    told::Told,
};
use http::StatusCode;

use crate::{browser::Browser, world::World};

async fn list(world: &World, token: &str) -> Sessions {
    world.get("/api/users/sessions").bearer(token).send().await.is(StatusCode::OK)
}

#[tokio::test(flavor = "multi_thread")]
async fn my_devices_are_listed_and_one_can_be_ended() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let (mut desk, mut phone) = (Browser::new(&world), Browser::new(&world));
    desk.sign_in("ana", "/").await;
    world.clock.advance(std::time::Duration::from_secs(5));
    phone.sign_in("ana", "/").await;
    let on_desk = desk.access_token().await;
    let mine = list(&world, &on_desk).await;
    assert_eq!(mine.items.len(), 2);
    assert_eq!(mine.items[0].user_agent, "Browser/1.0 (Test)");
    let current: Vec<bool> = mine.items.iter().map(|item| item.current).collect();
    assert_eq!(current, [false, true], "the phone was used last, the desk asks");
    // A program's sign-in is no device.
    let from_program = list(&world, &ana.token).await;
    assert!(from_program.items.iter().all(|item| !item.current));

    let path = format!("/api/users/sessions/{}", mine.items[0].id);
    world.delete(&path).bearer(&on_desk).send().await.is_empty();
    let ended = world
        .hears(|told| match told {
            Told::SessionEnded { session_id } => Some(session_id),
            _ => None,
        })
        .await;
    let _: kernel::SessionId = ended;
    world.delete(&path).bearer(&on_desk).refused("session_not_found").await;
    phone.token().await.is_problem("session_over");
    assert_eq!(phone.session_cookie(), None);
    assert_eq!(desk.token().await.status, StatusCode::OK);
    assert_eq!(list(&world, &on_desk).await.items.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_of_others_are_not_there() {
    let world = World::new().await;
    world.someone("ana").await;
    let bea = world.someone("bea").await;
    let mut desk = Browser::new(&world);
    desk.sign_in("ana", "/").await;
    let on_desk = desk.access_token().await;
    let mine = list(&world, &on_desk).await;
    assert!(list(&world, &bea.token).await.items.is_empty());
    let path = format!("/api/users/sessions/{}", mine.items[0].id);
    world.delete(&path).by(&bea).refused("session_not_found").await;
    world.delete("/api/users/sessions/x").by(&bea).refused("malformed").await;
    assert_eq!(desk.token().await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_device_is_ended_at_the_provider_too() {
    let world = World::new().await;
    world.someone("ana").await;
    let mut desk = Browser::new(&world);
    desk.sign_in("ana", "/").await;
    let token: AccessToken = desk.token().await.is(StatusCode::OK);
    let mine = list(&world, &token.access_token).await;
    let path = format!("/api/users/sessions/{}", mine.items[0].id);
    world.delete(&path).bearer(&token.access_token).send().await.is_empty();
    // The browser's sign-in at the issuer is over with it: it is shown the page again.
    let leave = desk.start("").await;
    let page = desk.get(&crate::browser::path_of(&leave)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.header("location"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_elsewhere_signs_the_device_out() {
    let world = World::new().await;
    world.someone("ana").await;
    let mut desk = Browser::new(&world);
    desk.sign_in("ana", "/").await;
    let token = desk.access_token().await;
    let caller = {
        let claims = token.split('.').nth(1).unwrap();
        use base64::Engine as _;
        let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap();
        serde_json::from_slice::<serde_json::Value>(&claims).unwrap()
    };
    let session_id = caller["sid"].as_str().unwrap().parse().unwrap();
    world.tells(Told::SessionEnded { session_id }).await;
    desk.token().await.is_problem("session_over");
}
