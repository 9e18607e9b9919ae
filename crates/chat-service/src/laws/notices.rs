//! Notices: who must hear of what.

use std::sync::Arc;

use api::rest::{
    chats::{ChatKind, Notify, Visibility},
    messages::PostMessage,
    notifications::NotificationKind::{self, ChatInvite, DirectMessage, Mention, Reaction, Reply},
};
use kernel::UserId;

use super::support::*;
use crate::store::{Named, Store};

/// Who hears of the newest event, from the log.
async fn newest(store: &Arc<dyn Store>) -> Vec<(UserId, NotificationKind)> {
    let logged = store.logged(0, 10_000).await.unwrap();
    let mut told: Vec<_> =
        logged.last().unwrap().notices.iter().map(|notice| (notice.user_id, notice.kind)).collect();
    told.sort_by_key(|(user, _)| *user);
    told
}

pub(super) async fn each_person_hears_of_an_event_once_for_the_strongest_reason(ground: Ground) {
    let store = ground.store();
    let (ana, bob, eve) = (user(1), user(2), user(3));
    let chat = group(&store, &[ana, bob, eve]).await;
    assert_eq!(newest(&store).await, [(eve, ChatInvite)]);
    let root = say(&store, bob, chat, 1, "root").await;
    assert_eq!(newest(&store).await, []);

    // A mention is more than the answer that it is too; strangers and oneself hear nothing.
    let named = Named { users: vec![bob, ana, user(9)], here: false, all: false };
    let answer = PostMessage { reply_to: Some(root.id), ..body(2, &"x".repeat(200)) };
    let posted = store.post(new_message(ana, chat, &answer, named)).await.unwrap();
    assert_eq!(posted.message.mentions, [bob.to_string(), ana.to_string()]);
    assert_eq!(newest(&store).await, [(bob, Mention)]);
    let logged = store.logged(0, 100).await.unwrap();
    let notice = &logged.last().unwrap().notices[0];
    assert_eq!((notice.message_id, notice.text.len()), (Some(posted.message.id), 140));

    let answer = PostMessage { reply_to: Some(root.id), ..body(3, "y") };
    post(&store, ana, chat, &answer).await.unwrap();
    assert_eq!(newest(&store).await, [(bob, Reply)]);
    let everybody = Named { users: vec![], here: true, all: true };
    store.post(new_message(ana, chat, &body(4, "z"), everybody)).await.unwrap();
    assert_eq!(newest(&store).await, [(bob, Mention), (eve, Mention)]);
    store.react(eve, chat, root.id, "👍".to_owned(), true).await.unwrap();
    assert_eq!(newest(&store).await, [(bob, Reaction)]);
    store.react(bob, chat, root.id, "👍".to_owned(), true).await.unwrap();
    assert_eq!(newest(&store).await, []);
    store.react(eve, chat, root.id, "👍".to_owned(), false).await.unwrap();
    assert_eq!(newest(&store).await, []);

    // An edit tells those whom it mentions anew.
    let named = Named { users: vec![bob, eve], here: false, all: false };
    let id = posted.message.id;
    store.edit(ana, chat, id, "edited".to_owned(), named).await.unwrap();
    assert_eq!(newest(&store).await, [(eve, Mention)]);

    let direct = make(&store, ChatKind::Direct, Visibility::Private, &[ana, bob]).await;
    assert_eq!(newest(&store).await, []);
    let first = say(&store, ana, direct, 10, "hi").await;
    assert_eq!(newest(&store).await, [(bob, DirectMessage)]);
    let answer = PostMessage { reply_to: Some(first.id), ..body(11, "@ana") };
    let named = Named { users: vec![ana], here: false, all: false };
    store.post(new_message(bob, direct, &answer, named)).await.unwrap();
    assert_eq!(newest(&store).await, [(ana, DirectMessage)]);

    // Who is gone hears nothing; who is added does, who joins does not.
    store.leave(bob, chat).await.unwrap();
    let answer = PostMessage { reply_to: Some(root.id), ..body(12, "where?") };
    post(&store, ana, chat, &answer).await.unwrap();
    assert_eq!(newest(&store).await, []);
    store.add(ana, chat, vec![bob]).await.unwrap();
    assert_eq!(newest(&store).await, [(bob, ChatInvite)]);
    let public = channel(&store, &[ana]).await;
    store.join(bob, public).await.unwrap();
    assert_eq!(newest(&store).await, []);
}

pub(super) async fn who_wants_no_notices_gets_none(ground: Ground) {
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let direct = make(&store, ChatKind::Direct, Visibility::Private, &[ana, bob]).await;
    let mine = say(&store, bob, direct, 1, "hi").await;
    store.set_notify(bob, direct, Notify::None).await.unwrap();
    let named = Named { users: vec![bob], here: true, all: false };
    let answer = PostMessage { reply_to: Some(mine.id), ..body(2, "hello?") };
    store.post(new_message(ana, direct, &answer, named)).await.unwrap();
    assert_eq!(newest(&store).await, []);
    store.react(ana, direct, mine.id, "👍".to_owned(), true).await.unwrap();
    assert_eq!(newest(&store).await, []);
    // The mention is counted all the same.
    assert_eq!(store.chat(bob, direct).await.unwrap().my.unwrap().mention_count, 1);
    store.set_notify(bob, direct, Notify::Mentions).await.unwrap();
    say(&store, ana, direct, 3, "now?").await;
    assert_eq!(newest(&store).await, [(bob, DirectMessage)]);
}

pub(super) async fn a_thread_tells_its_followers(ground: Ground) {
    let store = ground.store();
    let (ana, bob, eve, joe) = (user(1), user(2), user(3), user(4));
    let chat = group(&store, &[ana, bob, eve, joe]).await;
    let root = say(&store, ana, chat, 1, "root").await;
    let unread = async |who| store.chat(who, chat).await.unwrap().my.unwrap().unread_count;
    for who in [ana, bob, eve, joe] {
        store.mark_read(who, chat, u64::MAX, false).await.unwrap();
    }
    // The root's author and who writes follow; others don't.
    reply(&store, bob, chat, 2, root.id).await;
    assert_eq!(newest(&store).await, [(ana, Reply)]);
    assert_eq!([unread(ana).await, unread(bob).await, unread(eve).await], [1, 0, 0]);
    store.follow(eve, chat, root.id, true).await.unwrap();
    assert_eq!(unread(eve).await, 1);
    assert!(store.thread(eve, chat, root.id, 0, all(1)).await.unwrap().following);
    store.follow(ana, chat, root.id, false).await.unwrap();
    assert_eq!(unread(ana).await, 0);
    reply(&store, bob, chat, 3, root.id).await;
    assert_eq!(newest(&store).await, [(eve, Reply)]);
    assert_eq!([unread(ana).await, unread(eve).await, unread(joe).await], [0, 2, 0]);
    // Who is mentioned follows; everybody of a thread is its followers; in the chat it is told
    // to all.
    let in_thread = |key| PostMessage { thread_root_id: Some(root.id), ..body(key, "@") };
    let named = Named { users: vec![joe], here: false, all: false };
    store.post(new_message(bob, chat, &in_thread(4), named)).await.unwrap();
    assert_eq!(newest(&store).await, [(eve, Reply), (joe, Mention)]);
    assert_eq!(store.chat(joe, chat).await.unwrap().my.unwrap().mention_count, 1);
    let named = Named { users: vec![], here: false, all: true };
    store.post(new_message(bob, chat, &in_thread(5), named.clone())).await.unwrap();
    assert_eq!(newest(&store).await, [(eve, Mention), (joe, Mention)]);
    assert_eq!(store.chat(ana, chat).await.unwrap().my.unwrap().mention_count, 0);
    let shown = PostMessage { also_in_chat: true, ..in_thread(6) };
    store.post(new_message(bob, chat, &shown, named)).await.unwrap();
    assert_eq!(newest(&store).await, [(ana, Mention), (eve, Mention), (joe, Mention)]);
    assert_eq!(unread(ana).await, 1);
}
