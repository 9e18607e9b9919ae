use std::collections::HashSet;

use api::rest::{connections::ConnectionStatus, notifications::NotificationKind};
use futures::future::{join, join_all};
use kernel::{ConnectionId, UserId};

use super::{at, id, limit, people};
use crate::{
    domain::connection::{Refusal, SideOfConnection},
    store::{ConnectionIds, Store},
};

fn ids(number: u128) -> ConnectionIds {
    ConnectionIds { connection: id(1_000 + number), notification: id(2_000 + number) }
}

async fn all(store: &impl Store, me: UserId) -> Vec<SideOfConnection> {
    store.connections(me, None, None, limit(100)).await.unwrap()
}

async fn unread(store: &impl Store, me: UserId) -> Vec<NotificationKind> {
    let (kept, count) = store.notifications(me, true, None, limit(100)).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), kept.len());
    kept.into_iter().map(|kept| kept.kind).collect()
}

pub(crate) async fn asking_is_told_to_the_other_side(store: &impl Store) {
    let p = people(store, 2).await;
    let changed = store.connect(p[0], p[1], ids(1), at(5)).await.unwrap().unwrap();
    assert!(changed.mine.outgoing && !changed.theirs.outgoing);
    assert!(!changed.mine.accepted);
    assert_eq!(changed.mine.other.person.id, p[1]);
    assert_eq!(changed.theirs.other.person.id, p[0]);
    let notified = changed.notified;
    assert_eq!(notified.unread_count, 1);
    assert_eq!(notified.notification.kind, NotificationKind::ConnectionRequest);
    assert_eq!(notified.notification.user_id, p[1]);
    assert_eq!(notified.notification.actor.unwrap().person.id, p[0]);
    assert_eq!(all(store, p[0]).await, [changed.mine]);
    assert_eq!(all(store, p[1]).await, [changed.theirs]);
}

pub(crate) async fn crossing_requests_end_in_one_connection(store: &impl Store) {
    for round in 0..20u128 {
        let base = 100 * (round + 1);
        for number in [base + 1, base + 2] {
            let person = super::new_person(number, &format!("x{number}"), "X");
            store.keep_person(person).await.unwrap();
        }
        let (a, b): (UserId, UserId) = (id(base + 1), id(base + 2));
        let (one, other) = join(
            store.connect(a, b, ids(10_000 + base), at(1)),
            store.connect(b, a, ids(10_001 + base), at(1)),
        )
        .await;
        let (one, other) = (one.unwrap().unwrap(), other.unwrap().unwrap());
        assert_eq!(one.mine.id, other.mine.id);
        assert!(one.mine.accepted != other.mine.accepted, "one asks, the other agrees");
        for me in [a, b] {
            let mine = all(store, me).await;
            assert_eq!(mine.len(), 1);
            assert!(mine[0].accepted && mine[0].other.contact);
        }
    }
}

pub(crate) async fn asking_twice_is_refused(store: &impl Store) {
    let p = people(store, 2).await;
    store.connect(p[0], p[1], ids(1), at(1)).await.unwrap().unwrap();
    let again = store.connect(p[0], p[1], ids(2), at(2)).await.unwrap();
    assert_eq!(again, Err(Refusal::AlreadyConnected));
    store.connect(p[1], p[0], ids(3), at(3)).await.unwrap().unwrap();
    for (me, other) in [(p[0], p[1]), (p[1], p[0])] {
        let again = store.connect(me, other, ids(4), at(4)).await.unwrap();
        assert_eq!(again, Err(Refusal::AlreadyConnected));
    }
    assert_eq!(unread(store, p[0]).await, [NotificationKind::ConnectionAccepted]);
    // The request was answered by agreeing.
    assert!(unread(store, p[1]).await.is_empty());
}

pub(crate) async fn only_the_asked_one_answers_once(store: &impl Store) {
    let p = people(store, 3).await;
    let asked = store.connect(p[0], p[1], ids(1), at(1)).await.unwrap().unwrap();
    let connection = asked.mine.id;
    let answer = |me, yes| store.answer(me, connection, yes, id(77), at(2));
    assert_eq!(answer(p[0], true).await.unwrap(), Err(Refusal::NotAsked));
    assert_eq!(answer(p[2], true).await.unwrap(), Err(Refusal::NoSuchConnection));
    let accepted = answer(p[1], true).await.unwrap().unwrap().unwrap();
    assert!(accepted.mine.accepted && accepted.theirs.accepted);
    assert!(accepted.mine.other.contact && accepted.theirs.other.contact);
    assert_eq!(accepted.notified.notification.user_id, p[0]);
    for yes in [true, false] {
        assert_eq!(answer(p[1], yes).await.unwrap(), Err(Refusal::AlreadyAnswered));
    }
    assert!(unread(store, p[1]).await.is_empty());
}

pub(crate) async fn no_removes_it_and_leaves_no_notice(store: &impl Store) {
    let p = people(store, 2).await;
    let asked = store.connect(p[0], p[1], ids(1), at(1)).await.unwrap().unwrap();
    let no = store.answer(p[1], asked.mine.id, false, id(77), at(2)).await.unwrap();
    assert_eq!(no, Ok(None));
    assert!(all(store, p[0]).await.is_empty() && all(store, p[1]).await.is_empty());
    assert!(unread(store, p[0]).await.is_empty() && unread(store, p[1]).await.is_empty());
    store.connect(p[0], p[1], ids(2), at(3)).await.unwrap().unwrap();
}

pub(crate) async fn either_side_ends_it(store: &impl Store) {
    let p = people(store, 3).await;
    let asked = store.connect(p[0], p[1], ids(1), at(1)).await.unwrap().unwrap();
    let connection = asked.mine.id;
    assert!(!store.disconnect(p[2], connection).await.unwrap());
    assert!(store.disconnect(p[0], connection).await.unwrap());
    assert!(!store.disconnect(p[0], connection).await.unwrap());
    assert!(unread(store, p[1]).await.is_empty(), "a request taken back is not heard of");
    let asked = store.connect(p[0], p[1], ids(2), at(2)).await.unwrap().unwrap();
    assert!(store.disconnect(p[1], asked.mine.id).await.unwrap());
    assert!(all(store, p[0]).await.is_empty());
}

pub(crate) async fn strangers_are_refused(store: &impl Store) {
    let p = people(store, 1).await;
    let nobody: UserId = id(99);
    let asked = store.connect(p[0], nobody, ids(1), at(1)).await.unwrap();
    assert_eq!(asked, Err(Refusal::NoSuchPerson));
    let asked = store.connect(p[0], p[0], ids(1), at(1)).await.unwrap();
    assert_eq!(asked, Err(Refusal::Oneself));
    let answered = store.answer(p[0], id(5), true, id(6), at(1)).await.unwrap();
    assert_eq!(answered, Err(Refusal::NoSuchConnection));
    assert!(!store.block(p[0], nobody, at(1)).await.unwrap());
    assert!(!store.block(p[0], p[0], at(1)).await.unwrap());
}

pub(crate) async fn who_is_blocked_cannot_ask(store: &impl Store) {
    let p = people(store, 2).await;
    assert!(store.block(p[0], p[1], at(1)).await.unwrap());
    let asked = store.connect(p[1], p[0], ids(1), at(2)).await.unwrap();
    assert_eq!(asked, Err(Refusal::NoSuchPerson), "as if there were no such person");
    let asked = store.connect(p[0], p[1], ids(2), at(2)).await.unwrap();
    assert_eq!(asked, Err(Refusal::Blocking));
    assert!(unread(store, p[0]).await.is_empty());
    let seen = store.sightings(p[1], vec![p[0]]).await.unwrap();
    assert!(seen[0].blocked_viewer);
    let seen = store.sightings(p[0], vec![p[1]]).await.unwrap();
    assert!(!seen[0].blocked_viewer);
    assert!(store.unblock(p[0], p[1]).await.unwrap());
    assert!(!store.unblock(p[0], p[1]).await.unwrap());
    store.connect(p[1], p[0], ids(3), at(3)).await.unwrap().unwrap();
}

pub(crate) async fn blocking_ends_what_connects(store: &impl Store) {
    let p = people(store, 3).await;
    store.connect(p[0], p[1], ids(1), at(1)).await.unwrap().unwrap();
    store.connect(p[1], p[0], ids(2), at(2)).await.unwrap().unwrap();
    store.connect(p[2], p[0], ids(3), at(3)).await.unwrap().unwrap();
    for _ in 0..2 {
        assert!(store.block(p[0], p[1], at(4)).await.unwrap());
        assert!(store.block(p[0], p[2], at(4)).await.unwrap());
    }
    assert!(all(store, p[0]).await.is_empty());
    let requests = unread(store, p[0]).await;
    assert!(!requests.contains(&NotificationKind::ConnectionRequest));
    let between = store.blocks_between(p[0], p[1]).await.unwrap();
    assert!(between.by_first && !between.by_second && between.any());
    let between = store.blocks_between(p[1], p[0]).await.unwrap();
    assert!(!between.by_first && between.by_second);
    assert!(!store.blocks_between(p[1], p[2]).await.unwrap().any());
    let blockers = store.blockers_of(p[1], p.clone()).await.unwrap();
    for blocker in &p {
        let blocked = store.all_blocked(*blocker).await.unwrap();
        assert_eq!(blocked.contains(&p[1]), blockers.contains(blocker));
    }
    assert_eq!(blockers, HashSet::from([p[0]]));
}

pub(crate) async fn blocks_are_listed_latest_first(store: &impl Store) {
    let p = people(store, 6).await;
    for other in &p[1..] {
        store.block(p[0], *other, at(1)).await.unwrap();
    }
    let (mut listed, mut before) = (Vec::new(), None);
    loop {
        let page = store.blocked(p[0], before, limit(2)).await.unwrap();
        let more = page.len() > 2;
        for (place, seen) in page.into_iter().take(2) {
            listed.push(seen.person.id);
            before = Some(place);
        }
        if !more {
            break;
        }
    }
    let expected: Vec<UserId> = p[1..].iter().rev().copied().collect();
    assert_eq!(listed, expected);
    assert!(store.blocked(p[1], None, limit(10)).await.unwrap().is_empty());
}

pub(crate) async fn pages_of_connections_join(store: &impl Store) {
    let p = people(store, 12).await;
    for (number, other) in (1..).zip(&p[1..]) {
        let (asker, asked) = if number % 2 == 0 { (p[0], *other) } else { (*other, p[0]) };
        store.connect(asker, asked, ids(number), at(1)).await.unwrap().unwrap();
        if number % 3 == 0 {
            store.connect(asked, asker, ids(500 + number), at(2)).await.unwrap().unwrap();
        }
    }
    let everything = all(store, p[0]).await;
    assert_eq!(everything.len(), 11);
    let (mut joined, mut before): (Vec<_>, Option<ConnectionId>) = (Vec::new(), None);
    loop {
        let page = store.connections(p[0], None, before, limit(4)).await.unwrap();
        let more = page.len() > 4;
        joined.extend(page.into_iter().take(4));
        before = joined.last().map(|side| side.id);
        if !more {
            break;
        }
    }
    assert_eq!(joined, everything);
    for (status, count) in [(ConnectionStatus::Accepted, 3), (ConnectionStatus::Pending, 8)] {
        let some = store.connections(p[0], Some(status), None, limit(100)).await.unwrap();
        assert_eq!(some.len(), count, "{status:?}");
    }
}

pub(crate) async fn racing_answers_accept_once(store: &impl Store) {
    let p = people(store, 2).await;
    let asked = store.connect(p[0], p[1], ids(1), at(1)).await.unwrap().unwrap();
    let answers = (0..10).map(|n| store.answer(p[1], asked.mine.id, true, id(5_000 + n), at(2)));
    let accepted = join_all(answers).await.into_iter().filter(|a| a.as_ref().unwrap().is_ok());
    assert_eq!(accepted.count(), 1);
    assert_eq!(unread(store, p[0]).await, [NotificationKind::ConnectionAccepted]);
}
