//! Accounts: sign-up, passwords, limits, administration.

use std::time::{Duration, Instant};

use crate::support::{PASSWORD, TOKEN, World, auth_path, limit, person};
use api::{ErrorCode, Problem, told::Told};
use futures::future::join_all;
use http::StatusCode;
use identity::{Admin, AdminError, Provider, RegisterError, Role};
use kernel::Secret;
use kit::{bus::Bus, http::Authenticator};

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_who_register_at_once_one_administers() {
    let world = World::start().await;
    let accounts = join_all((0..20).map(|number| {
        let issuer = &world.issuer;
        async move { issuer.register(person(&format!("person-{number}"))).await.unwrap() }
    }))
    .await;
    let admins: Vec<_> =
        accounts.iter().filter(|account| account.roles == ["admin", "member"]).collect();
    assert_eq!(admins.len(), 1);
    assert!(accounts.iter().all(|account| account.roles.contains(&"member".to_owned())));
    let listed = world.issuer.admin().list().await.unwrap();
    assert_eq!(listed.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_take_one_name_one_gets_it() {
    let world = World::start().await;
    let replies = join_all((0..10).map(|number| {
        let mut account = person("ada");
        account.email = format!("ada{number}@example.org");
        world.issuer.register(account)
    }))
    .await;
    assert_eq!(replies.iter().filter(|reply| reply.is_ok()).count(), 1);
    assert!(
        replies
            .iter()
            .flat_map(|reply| reply.as_ref().err())
            .all(|error| matches!(error, RegisterError::UsernameTaken))
    );
    let mut account = person("other");
    account.email = "ADA@example.org".to_owned();
    world.issuer.register(person("grace")).await.unwrap();
    account.email = "GRACE@Example.org".to_owned();
    let taken = world.issuer.register(account).await.unwrap_err();
    assert!(matches!(taken, RegisterError::EmailTaken));
}

#[tokio::test]
async fn a_bad_field_is_named() {
    let world = World::start().await;
    let mut account = person("x");
    account.email = "nobody".to_owned();
    account.password = Secret::new("password123");
    account.display_name = Some("y".repeat(65));
    let refused = world.issuer.register(account).await.unwrap_err();
    let problem = Problem::from(refused);
    assert_eq!(problem.code, ErrorCode::Invalid);
    let fields: Vec<&str> = problem.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["username", "email", "password", "display_name"]);
}

#[tokio::test]
async fn who_signs_up_is_signed_in() {
    let world = World::start().await;
    let mut browser = world.browser();
    let back = browser.sign_up("Ada", "ada@example.org", PASSWORD).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
    let tokens = world.exchange(&back.code()).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    let caller = world.verifier().authenticate(token).await.unwrap();
    assert_eq!(caller.username, "ada");
    assert!(caller.is_admin());

    for (username, email, password, status, says) in [
        ("ada", "other@example.org", PASSWORD, 409, "Username is taken"),
        ("grace", "ADA@example.org", PASSWORD, 409, "E-mail belongs to an account"),
        ("grace", "grace@example.org", "short", 422, "Password must have at least 8"),
        ("grace", "grace@example.org", "password1", 422, "most common"),
        ("gracehopper", "grace@example.org", "GraceHopper", 422, "must not be your username"),
    ] {
        let page = world.browser().sign_up(username, email, password).await;
        assert_eq!(page.status.as_u16(), status, "{username} {password}");
        assert!(page.body.contains(says), "{says}: {}", page.body);
        assert!(page.body.contains("role=\"alert\"") && page.body.contains("aria-invalid"));
        assert!(!page.body.contains(&format!("value=\"{password}\"")));
    }
}

#[tokio::test]
async fn a_long_password_counts_to_its_last_character() {
    let world = World::start().await;
    let long = "ein sehr langes Passwort, ".repeat(9);
    let mut account = person("ada");
    account.password = Secret::new(long.clone());
    world.issuer.register(account).await.unwrap();
    let try_with = async |password: &str| {
        let form = [
            ("grant_type", "password"),
            ("client_id", "thread-cli"),
            ("username", "ADA"),
            ("password", password),
        ];
        world.token(&form).await.status
    };
    assert_eq!(try_with(&long).await, StatusCode::OK);
    let shorter = &long[..long.len() - 1];
    assert_eq!(try_with(shorter).await, StatusCode::BAD_REQUEST);
    assert_eq!(try_with(&"x".repeat(20_000)).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_look_alike() {
    let world = World::start().await;
    world.add("ada").await;
    let ask = async |username: &str| {
        let form = [
            ("grant_type", "password"),
            ("client_id", "thread-cli"),
            ("username", username),
            ("password", "wrong but long enough"),
        ];
        let begun = Instant::now();
        let reply = world.token(&form).await;
        (reply.status, reply.body, begun.elapsed())
    };
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..8 {
        known.push(ask("ada").await);
        unknown.push(ask("nobody").await);
    }
    assert_eq!((known[0].0, &known[0].1), (unknown[0].0, &unknown[0].1));
    // Both hash: neither is over in a moment.
    let fastest = |replies: &[(StatusCode, String, Duration)]| {
        replies.iter().map(|(_, _, took)| *took).min().unwrap()
    };
    let (known, unknown) = (fastest(&known), fastest(&unknown));
    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} {unknown:?}");

    let pages = [
        world.browser().sign_in(&auth_path(&[]), "ada", "wrong").await,
        world.browser().sign_in(&auth_path(&[]), "adb", "wrong").await,
    ];
    assert_eq!(pages[0].status, pages[1].status);
    let told = |body: &str| body.split("role=\"alert\"").nth(1).unwrap()[..100].to_owned();
    assert_eq!(told(&pages[0].body), told(&pages[1].body));
}

#[tokio::test]
async fn guessing_is_limited() {
    let world = World::limited(true).await;
    world.add("ada").await;
    let form = [
        ("grant_type", "password"),
        ("client_id", "thread-cli"),
        ("username", "ada"),
        ("password", "wrong but long enough"),
    ];
    for _ in 0..limit("sign_in_account").get() {
        assert_eq!(world.token(&form).await.error(), "invalid_grant");
    }
    let limited = world.token(&form).await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(limited.header("retry-after").parse::<u64>().unwrap() >= 1);
    let page = world.browser().sign_in(&auth_path(&[]), " ADA ", PASSWORD).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.body.contains("Too many attempts"));

    let mut left = limit("sign_in_peer").get();
    for number in 0..60 {
        let username = format!("name{number}");
        let form = [
            ("grant_type", "password"),
            ("client_id", "thread-cli"),
            ("username", username.as_str()),
            ("password", "wrong but long enough"),
        ];
        if world.browser().post(TOKEN, &form).await.status == StatusCode::TOO_MANY_REQUESTS {
            left = 0;
            break;
        }
    }
    assert_eq!(left, 0, "one address can't try many names");
}

#[tokio::test]
async fn an_administrator_works_beside_a_running_server() {
    let world = World::start().await;
    let mut told = world.bus.fan_out();
    let dir = world.dir.as_ref().unwrap().path().to_owned();
    let admin = Admin::open(&dir, world.ids.clone()).unwrap();
    let first = admin.add(person("ada")).await.unwrap();
    assert_eq!(first.roles, ["admin", "member"]);
    admin.add(person("grace")).await.unwrap();
    let mut browser = world.browser();
    let code = browser.sign_in(&auth_path(&[]), "grace", PASSWORD).await.code();
    let tokens = world.exchange(&code).await.json();

    admin.set_role("grace@example.org", Role::Admin).await.unwrap();
    let heard = tokio::time::timeout(Duration::from_secs(5), told.recv()).await;
    assert!(matches!(heard, Ok(Some(Told::SessionEnded { .. }))), "{heard:?}");
    let refreshed = world.refresh("thread-web", tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.error(), "invalid_grant");
    let again = browser.get(&auth_path(&[])).await;
    assert_eq!(again.status, StatusCode::FOUND, "the browser stays signed in");

    admin.set_password("grace", &Secret::new("another good password")).await.unwrap();
    assert_eq!(world.exchange(&again.code()).await.error(), "invalid_grant");
    assert_eq!(browser.get(&auth_path(&[])).await.status, StatusCode::OK);
    let old = world.browser().sign_in(&auth_path(&[]), "grace", PASSWORD).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);

    admin.set_role("ada", Role::Member).await.unwrap();
    let last = admin.set_role("grace", Role::Member).await;
    assert!(matches!(last, Err(AdminError::LastAdmin)));
    let nobody = admin.set_password("nobody", &Secret::new(PASSWORD)).await;
    assert!(matches!(nobody, Err(AdminError::NoSuchAccount)));
    let weak = admin.set_password("ada", &Secret::new("password1")).await;
    assert!(matches!(weak, Err(AdminError::Refused(RegisterError::Invalid(_)))));
}
