use api::rest::notifications::NotificationKind;
use futures::future::join_all;
use kernel::{MessageId, UserId};

use super::{at, id, limit, people};
use crate::{
    domain::notification::NewNotification,
    store::{NoticeChange, Reading, Store},
};

/// What the event of that number, about the message of that `seq` in chat 1, tells somebody.
fn notice(number: u128, user_id: UserId, actor_id: UserId, seq: u64) -> NewNotification {
    NewNotification {
        id: id(10_000 + number),
        user_id,
        kind: NotificationKind::Mention,
        actor_id: Some(actor_id),
        chat_id: Some(id(1)),
        message_id: Some(MessageId::with_seq(uuid::Uuid::from_u128(number << 64), seq)),
        event_id: Some(id(20_000 + number)),
        text: format!("message {number}"),
        created_at: at(0),
    }
}

async fn keep(store: &impl Store, new: NewNotification) -> bool {
    let kept = store.change_notices(vec![NoticeChange::Notify(new)]);
    !kept.await.unwrap().is_empty()
}

async fn texts(store: &impl Store, me: UserId, unread_only: bool) -> Vec<String> {
    let (kept, _) = store.notifications(me, unread_only, None, limit(100)).await.unwrap();
    kept.into_iter().map(|kept| kept.text).collect()
}

pub(crate) async fn the_same_event_tells_once(store: &impl Store) {
    let p = people(store, 3).await;
    assert!(keep(store, notice(1, p[0], p[1], 1)).await);
    let mut again = notice(1, p[0], p[1], 1);
    again.id = id(99_999);
    assert!(!keep(store, again.clone()).await);
    // Of the same event, other people and other kinds are told too.
    again.kind = NotificationKind::Reply;
    assert!(keep(store, again).await);
    let mut other = notice(1, p[2], p[1], 1);
    other.id = id(99_998);
    assert!(keep(store, other).await);
    // What no event caused may be said twice.
    for number in 5..7 {
        let mut word = notice(number, p[0], p[1], 1);
        word.event_id = None;
        assert!(keep(store, word).await);
    }
    assert_eq!(texts(store, p[0], false).await.len(), 4);
}

pub(crate) async fn racing_repetitions_keep_one(store: &impl Store) {
    let p = people(store, 2).await;
    let tries = (0..20u128).map(|n| {
        let mut same = notice(1, p[0], p[1], 1);
        same.id = id(50_000 + n);
        keep(store, same)
    });
    let kept = join_all(tries).await.into_iter().filter(|kept| *kept);
    assert_eq!(kept.count(), 1);
}

pub(crate) async fn newest_come_first_in_pages(store: &impl Store) {
    let p = people(store, 2).await;
    // All of one moment, with ids in no order.
    for number in 0..23u128 {
        let mut new = notice(number, p[0], p[1], 1);
        new.id = id((number * 7_919) % 1_009 + 1);
        assert!(keep(store, new).await);
    }
    let (mut joined, mut before) = (Vec::new(), None);
    loop {
        let (page, unread) = store.notifications(p[0], false, before, limit(5)).await.unwrap();
        assert_eq!(unread, 23);
        let more = page.len() > 5;
        for kept in page.into_iter().take(5) {
            joined.push(kept.text);
            before = Some(kept.place);
        }
        if !more {
            break;
        }
    }
    let expected: Vec<String> = (0..23).rev().map(|n| format!("message {n}")).collect();
    assert_eq!(joined, expected);
}

pub(crate) async fn reading_counts_down(store: &impl Store) {
    let p = people(store, 2).await;
    for number in 1..=5 {
        keep(store, notice(number, p[0], p[1], 1)).await;
    }
    let these = Reading::These(vec![id(10_001), id(10_002), id(10_002), id(1)]);
    let left = store.read_notifications(p[0], these.clone(), at(7)).await.unwrap();
    assert_eq!(left, 3);
    assert_eq!(store.read_notifications(p[0], these, at(9)).await.unwrap(), 3);
    let (kept, _) = store.notifications(p[0], false, None, limit(100)).await.unwrap();
    let read: Vec<_> = kept.iter().filter_map(|kept| kept.read_at).collect();
    assert_eq!(read, [at(7), at(7)], "the first reading counts");
    assert_eq!(texts(store, p[0], true).await.len(), 3);
    assert_eq!(store.read_notifications(p[0], Reading::All, at(9)).await.unwrap(), 0);
    assert!(texts(store, p[0], true).await.is_empty());
}

pub(crate) async fn what_others_have_is_not_read(store: &impl Store) {
    let p = people(store, 2).await;
    keep(store, notice(1, p[0], p[1], 1)).await;
    let theirs = Reading::These(vec![id(10_001)]);
    assert_eq!(store.read_notifications(p[1], theirs, at(7)).await.unwrap(), 0);
    assert_eq!(store.read_notifications(p[1], Reading::All, at(7)).await.unwrap(), 0);
    assert_eq!(texts(store, p[0], true).await.len(), 1);
}

pub(crate) async fn reading_a_chat_reads_what_was_told_of_it(store: &impl Store) {
    let p = people(store, 3).await;
    for seq in 1..=4u64 {
        keep(store, notice(u128::from(seq), p[0], p[1], seq)).await;
    }
    let mut elsewhere = notice(5, p[0], p[1], 1);
    elsewhere.chat_id = Some(id(2));
    keep(store, elsewhere).await;
    let mut invited = notice(6, p[0], p[1], 1);
    invited.message_id = None;
    keep(store, invited).await;
    keep(store, notice(7, p[2], p[1], 1)).await;
    let read = NoticeChange::ChatRead { user_id: p[0], chat_id: id(1), up_to: 3, at: at(9) };
    assert!(store.change_notices(vec![read]).await.unwrap().is_empty());
    let left = texts(store, p[0], true).await;
    assert_eq!(left, ["message 6", "message 5", "message 4"]);
    assert_eq!(texts(store, p[2], true).await.len(), 1);
}

pub(crate) async fn who_is_blocked_is_not_heard(store: &impl Store) {
    let p = people(store, 2).await;
    store.block(p[0], p[1], at(1)).await.unwrap();
    assert!(!keep(store, notice(1, p[0], p[1], 1)).await);
    assert!(keep(store, notice(2, p[1], p[0], 1)).await);
    assert!(texts(store, p[0], false).await.is_empty());
}

pub(crate) async fn a_notice_of_somebody_unknown_is_kept(store: &impl Store) {
    let p = people(store, 1).await;
    keep(store, notice(1, p[0], id(404), 1)).await;
    let (kept, _) = store.notifications(p[0], false, None, limit(10)).await.unwrap();
    assert_eq!(kept[0].actor, None);
    assert_eq!(kept[0].chat_id, Some(id(1)));
    assert_eq!(kept[0].message_id.unwrap().seq(), 1);
}

pub(crate) async fn a_batch_is_told_with_its_counts(store: &impl Store) {
    let p = people(store, 3).await;
    keep(store, notice(1, p[0], p[1], 1)).await;
    let batch = vec![
        NoticeChange::Notify(notice(1, p[0], p[1], 1)),
        NoticeChange::Notify(notice(2, p[0], p[1], 2)),
        NoticeChange::Notify(notice(3, p[2], p[1], 3)),
        NoticeChange::ChatRead { user_id: p[0], chat_id: id(1), up_to: 1, at: at(1) },
    ];
    let new = store.change_notices(batch).await.unwrap();
    let told: Vec<_> = new
        .iter()
        .map(|n| (n.notification.user_id, n.notification.text.as_str(), n.unread_count))
        .collect();
    assert_eq!(told, [(p[0], "message 2", 1), (p[2], "message 3", 1)]);
}
