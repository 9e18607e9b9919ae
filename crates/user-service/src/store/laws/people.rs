use std::collections::{HashMap, HashSet};

use api::rest::users::Status;
use futures::future::join_all;
use kernel::UserId;

use super::{at, id, new_person, people};
use crate::{domain::profile::ProfileChange, store::Store};

pub(crate) async fn who_is_kept_is_found(store: &impl Store) {
    let new = new_person(1, "ana", "Ana");
    assert!(store.keep_person(new.clone()).await.unwrap());
    let person = store.person(new.id).await.unwrap().unwrap();
    assert_eq!((person.username.as_str(), person.email.as_str()), ("ana", "ana@example.org"));
    assert_eq!((person.locale.as_str(), person.time_zone.as_str()), ("en", "UTC"));
    assert_eq!(person.status, Status::default());
    assert_eq!(person.created_at, at(0));
    assert_eq!(store.person(id(2)).await.unwrap(), None);
    let known = store.known(vec![id(1), id(2)]).await.unwrap();
    assert_eq!(known, HashSet::from([id(1)]));
    let named = store.ids_by_username(vec!["ana".into(), "nobody".into()]).await.unwrap();
    assert_eq!(named, HashMap::from([("ana".to_owned(), id(1))]));
}

pub(crate) async fn keeping_again_changes_nothing(store: &impl Store) {
    let new = new_person(1, "ana", "Ana");
    assert!(store.keep_person(new.clone()).await.unwrap());
    let mut again = new;
    again.display_name = "Somebody".to_owned();
    again.created_at = at(99);
    assert!(!store.keep_person(again).await.unwrap());
    let person = store.person(id(1)).await.unwrap().unwrap();
    assert_eq!((person.display_name.as_str(), person.created_at), ("Ana", at(0)));
}

pub(crate) async fn the_providers_word_on_names_wins(store: &impl Store) {
    store.keep_person(new_person(1, "ana", "Ana")).await.unwrap();
    assert!(store.keep_person(new_person(1, "anna", "Other")).await.unwrap());
    let person = store.person(id(1)).await.unwrap().unwrap();
    assert_eq!(person.username, "anna");
    assert_eq!(person.email, "anna@example.org");
    assert_eq!(person.display_name, "Ana");
}

pub(crate) async fn a_username_has_one_holder(store: &impl Store) {
    store.keep_person(new_person(1, "ana", "First")).await.unwrap();
    // The provider has given the name to somebody else meanwhile.
    assert!(store.keep_person(new_person(2, "ana", "Second")).await.unwrap());
    let named = store.ids_by_username(vec!["ana".into()]).await.unwrap();
    assert_eq!(named["ana"], id(2));
    let first = store.person(id(1)).await.unwrap().unwrap();
    assert_eq!(first.username, first.id.to_string());
    assert!(store.keep_person(new_person(1, "ana.first", "First")).await.unwrap());
    assert_eq!(store.person(id(1)).await.unwrap().unwrap().username, "ana.first");
}

pub(crate) async fn racing_first_visits_make_one_person(store: &impl Store) {
    let visits = (0..20).map(|_| store.keep_person(new_person(1, "ana", "Ana")));
    let new = join_all(visits).await.into_iter().filter(|new| *new.as_ref().unwrap());
    assert_eq!(new.count(), 1);
}

pub(crate) async fn a_change_leaves_the_rest(store: &impl Store) {
    people(store, 2).await;
    let status = Status { text: "away".into(), emoji: "🌴".into(), expires_at: Some(at(500)) };
    let change = ProfileChange {
        bio: Some("hello".into()),
        status: Some(status.clone()),
        ..ProfileChange::default()
    };
    let updated = store.update_person(id(1), change).await.unwrap().unwrap();
    assert!(updated.status_changed);
    let change = ProfileChange {
        display_name: Some("Ana".into()),
        locale: Some("pt-BR".into()),
        time_zone: Some("America/Sao_Paulo".into()),
        ..ProfileChange::default()
    };
    let updated = store.update_person(id(1), change).await.unwrap().unwrap();
    assert!(!updated.status_changed);
    let person = store.person(id(1)).await.unwrap().unwrap();
    assert_eq!(person, updated.person);
    assert_eq!((person.bio.as_str(), person.display_name.as_str()), ("hello", "Ana"));
    assert_eq!(person.status, status);
    let other = store.person(id(2)).await.unwrap().unwrap();
    assert_eq!((other.bio.as_str(), other.display_name.as_str()), ("", "P2"));
}

pub(crate) async fn a_change_of_nobody_is_none(store: &impl Store) {
    let change = ProfileChange::default();
    assert_eq!(store.update_person(id(9), change).await.unwrap(), None);
}

pub(crate) async fn unicode_comes_back_as_it_went(store: &impl Store) {
    people(store, 1).await;
    for text in ["👨‍👩‍👧‍👦", "יונתן", "'; DROP TABLE person; --", "%_\\", "\u{10ffff}"]
    {
        let change = ProfileChange {
            display_name: Some(text.into()),
            bio: Some(text.repeat(3)),
            ..ProfileChange::default()
        };
        store.update_person(id(1), change).await.unwrap();
        let person = store.person(id(1)).await.unwrap().unwrap();
        assert_eq!(person.display_name, text);
        assert_eq!(person.bio, text.repeat(3));
    }
}

pub(crate) async fn people_come_in_the_order_asked(store: &impl Store) {
    people(store, 3).await;
    let asked = vec![id(3), id(9), id(1)];
    let seen = store.sightings(id(2), asked).await.unwrap();
    let ids: Vec<UserId> = seen.into_iter().map(|seen| seen.person.id).collect();
    assert_eq!(ids, [id(3), id(1)]);
}
