use futures::future::join_all;
use kernel::Secret;

use super::{at, id};
use crate::{
    domain::sign_in::{Login, SignIn, TokenHash},
    store::Store,
};

fn sign_in(state: &str, browser: &str, started: i64) -> SignIn {
    SignIn {
        state: state.to_owned(),
        browser: TokenHash::of(browser),
        nonce: "nonce".to_owned(),
        verifier: Secret::new("verifier"),
        return_to: "/chats".to_owned(),
        created_at: at(started),
    }
}

fn login(number: u128, owner: u128, session: u128, used: i64) -> Login {
    Login {
        id: id(number),
        user_id: id(owner),
        token: TokenHash::of(&number.to_string()),
        session_id: id(session),
        refresh_token: Secret::new(format!("refresh {number}")),
        user_agent: "Browser/1".to_owned(),
        created_at: at(0),
        last_seen_at: at(used),
    }
}

fn cookie(number: u128) -> TokenHash {
    TokenHash::of(&number.to_string())
}

pub(crate) async fn a_sign_in_is_taken_once_by_its_browser(store: &impl Store) {
    let started = sign_in("state", "browser", 0);
    store.start_sign_in(started.clone(), at(-1)).await.unwrap();
    let take = |state: &str, browser: &str| {
        store.take_sign_in(state.to_owned(), TokenHash::of(browser), at(-1))
    };
    assert_eq!(take("other", "browser").await.unwrap(), None);
    assert_eq!(take("state", "another browser").await.unwrap(), None);
    let taken = join_all((0..20).map(|_| take("state", "browser"))).await;
    let taken: Vec<SignIn> = taken.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(taken, [started]);
}

pub(crate) async fn an_old_sign_in_is_not_taken(store: &impl Store) {
    store.start_sign_in(sign_in("old", "browser", 0), at(-1)).await.unwrap();
    let taken = store.take_sign_in("old".into(), TokenHash::of("browser"), at(0));
    assert_eq!(taken.await.unwrap(), None);
    // The next one that starts sweeps it away.
    store.start_sign_in(sign_in("new", "browser", 5), at(1)).await.unwrap();
    let taken = store.take_sign_in("old".into(), TokenHash::of("browser"), at(-9));
    assert_eq!(taken.await.unwrap(), None);
}

pub(crate) async fn a_device_is_found_by_its_cookie(store: &impl Store) {
    store.keep_login(login(1, 7, 70, 10), None).await.unwrap();
    let found = store.login(cookie(1), at(9)).await.unwrap();
    assert_eq!(found, Some(login(1, 7, 70, 10)));
    assert_eq!(store.login(cookie(1), at(10)).await.unwrap(), None, "not used for too long");
    assert_eq!(store.login(cookie(2), at(0)).await.unwrap(), None);
    assert!(store.renew_login(id(1), Secret::new("next"), id(71), at(20)).await.unwrap());
    let found = store.login(cookie(1), at(0)).await.unwrap().unwrap();
    assert_eq!(found.refresh_token.reveal(), "next");
    assert_eq!((found.session_id, found.last_seen_at), (id(71), at(20)));
}

pub(crate) async fn a_new_sign_in_replaces_the_browsers_old_one(store: &impl Store) {
    assert_eq!(store.keep_login(login(1, 7, 70, 1), Some(cookie(9))).await.unwrap(), None);
    let replaced = store.keep_login(login(2, 7, 71, 2), Some(cookie(1))).await.unwrap();
    assert_eq!(replaced.unwrap().id, id(1));
    assert_eq!(store.login(cookie(1), at(0)).await.unwrap(), None);
    let left = store.logins(id(7), at(0)).await.unwrap();
    assert_eq!(left.len(), 1);
}

pub(crate) async fn a_device_is_ended_by_its_owner_only(store: &impl Store) {
    for (number, owner, used) in [(1, 7, 5), (2, 7, 9), (3, 8, 7), (4, 7, 1)] {
        store.keep_login(login(number, owner, 70 + number, used), None).await.unwrap();
    }
    let mine = store.logins(id(7), at(1)).await.unwrap();
    let mine: Vec<_> = mine.into_iter().map(|login| login.id).collect();
    assert_eq!(mine, [id(2), id(1)], "the latest used first, without who is unused for long");
    assert_eq!(store.end_login(id(8), id(1)).await.unwrap(), None);
    assert_eq!(store.end_login(id(7), id(1)).await.unwrap(), Some(login(1, 7, 71, 5)));
    assert_eq!(store.end_login(id(7), id(1)).await.unwrap(), None);
    assert_eq!(store.end_login_of(cookie(3)).await.unwrap().unwrap().user_id, id(8));
    assert_eq!(store.end_login_of(cookie(3)).await.unwrap(), None);
}

pub(crate) async fn a_session_that_is_over_ends_its_devices(store: &impl Store) {
    for (number, session) in [(1, 70), (2, 70), (3, 71)] {
        store.keep_login(login(number, 7, session, 5), None).await.unwrap();
    }
    let mut ended = store.end_logins(id(70)).await.unwrap();
    ended.sort_unstable();
    assert_eq!(ended, [id(1), id(2)]);
    assert!(store.end_logins(id(70)).await.unwrap().is_empty());
    assert_eq!(store.logins(id(7), at(0)).await.unwrap().len(), 1);
}

pub(crate) async fn an_ended_device_is_not_renewed(store: &impl Store) {
    store.keep_login(login(1, 7, 70, 5), None).await.unwrap();
    store.end_login_of(cookie(1)).await.unwrap();
    let renewed = store.renew_login(id(1), Secret::new("next"), id(70), at(9));
    assert!(!renewed.await.unwrap());
    assert_eq!(store.login(cookie(1), at(0)).await.unwrap(), None);
}

pub(crate) async fn unused_devices_are_forgotten(store: &impl Store) {
    for (number, used) in [(1, 5), (2, 6), (3, 7)] {
        store.keep_login(login(number, 7, 70, used), None).await.unwrap();
    }
    assert_eq!(store.forget_logins(at(6)).await.unwrap(), 2);
    assert_eq!(store.forget_logins(at(6)).await.unwrap(), 0);
    assert!(store.login(cookie(3), at(0)).await.unwrap().is_some());
}
