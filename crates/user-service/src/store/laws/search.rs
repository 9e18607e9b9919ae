use kernel::UserId;

use super::{at, id, limit, new_person, people};
use crate::{
    domain::{
        profile::ProfileChange,
        search::{Place, Query},
    },
    store::Store,
};

async fn found(store: &impl Store, typed: &str) -> Vec<String> {
    let query = Query::new(typed).unwrap();
    let found = store.search(id(999), query, None, limit(100)).await.unwrap();
    found.into_iter().map(|(_, seen)| seen.person.username).collect()
}

async fn keep(store: &impl Store, named: &[(&str, &str)]) {
    for (number, (username, name)) in (1..).zip(named) {
        store.keep_person(new_person(number, username, name)).await.unwrap();
    }
}

pub(crate) async fn accents_case_and_typing_errors_are_borne(store: &impl Store) {
    keep(store, &[("joao", "João Conceição"), ("bea", "Béatrice Müller")]).await;
    for typed in ["JOÃO", "joao", "conceicao", "Conceiçao", "joa", "cnceicao", "jaoo", "ceica"] {
        assert_eq!(found(store, typed).await, ["joao"], "{typed}");
    }
    for typed in ["muller", "MÜLLER", "beatrice m", "mueller", "@bea", "muler b"] {
        assert_eq!(found(store, typed).await, ["bea"], "{typed}");
    }
    for typed in ["%", "_", "xyz", "joao muller", "\" OR 1=1", "*"] {
        assert!(found(store, typed).await.is_empty(), "{typed}");
    }
}

pub(crate) async fn the_better_fit_comes_first(store: &impl Store) {
    let named = [
        ("z1", "Morgana Dias"),
        ("z2", "Amna Reis"),
        ("z3", "Luz Ana"),
        ("ana", "Zoe"),
        ("y4", "Anabel"),
    ];
    keep(store, &named).await;
    assert_eq!(found(store, "ana").await, ["ana", "y4", "z3", "z1", "z2"]);
    assert_eq!(found(store, "a").await, ["ana", "y4", "z2", "z3"]);
}

pub(crate) async fn pages_join_without_gap_under_ties(store: &impl Store) {
    for number in 1..=25u128 {
        let person = new_person(number, &format!("u{:02}", 50 - number), "Same Name");
        store.keep_person(person).await.unwrap();
    }
    for typed in ["same", "name", "ame", "smae"] {
        let all = found(store, typed).await;
        assert_eq!(all.len(), 25, "{typed}");
        let (mut joined, mut after): (Vec<String>, Option<Place>) = (Vec::new(), None);
        loop {
            let query = Query::new(typed).unwrap();
            let page = store.search(id(999), query, after.clone(), limit(7)).await.unwrap();
            let more = page.len() > 7;
            for (place, seen) in page.into_iter().take(7) {
                joined.push(seen.person.username);
                after = Some(place);
            }
            if !more {
                break;
            }
        }
        assert_eq!(joined, all, "{typed}");
    }
}

pub(crate) async fn who_blocked_me_is_not_found(store: &impl Store) {
    let ids: Vec<UserId> = people(store, 3).await;
    store.block(ids[0], ids[1], at(1)).await.unwrap();
    let names = |viewer: UserId| async move {
        let query = Query::new("p").unwrap();
        let found = store.search(viewer, query, None, limit(100)).await.unwrap();
        found.into_iter().map(|(_, seen)| seen.person.username).collect::<Vec<_>>()
    };
    assert_eq!(names(ids[1]).await, ["p2", "p3"]);
    assert_eq!(names(ids[0]).await, ["p1", "p2", "p3"]);
}

pub(crate) async fn a_new_name_is_found_and_the_old_no_more(store: &impl Store) {
    keep(store, &[("ana", "Quincy")]).await;
    assert_eq!(found(store, "quincy").await, ["ana"]);
    let change =
        ProfileChange { display_name: Some("Wolfgang".into()), ..ProfileChange::default() };
    store.update_person(id(1), change).await.unwrap();
    assert_eq!(found(store, "wolfgang").await, ["ana"]);
    assert!(found(store, "quincy").await.is_empty());
    store.keep_person(new_person(1, "hannah", "x")).await.unwrap();
    assert_eq!(found(store, "hannah").await, ["hannah"]);
    assert!(found(store, "anabela").await.is_empty());
}
