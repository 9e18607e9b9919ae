//! Once: repeated and racing writes.

use std::{collections::HashSet, sync::Arc};

use api::{
    ErrorCode,
    rest::{
        chats::{ChatKind, Notify, Role, UpdateChat, Visibility},
        messages::PostMessage,
    },
};
use futures::future::join_all;

use super::support::*;
use crate::store::{Named, NewChat};

pub(super) async fn the_same_client_id_answers_the_same_message_for_ever(mut ground: Ground) {
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let chat = group(&store, &[ana, bob]).await;
    let root = say(&store, ana, chat, 1, "root").await;
    let in_thread = PostMessage { thread_root_id: Some(root.id), ..body(2, "in the thread") };
    let first = post(&store, ana, chat, &in_thread).await.unwrap();
    assert!(!first.repeated);
    let plain = say(&store, ana, chat, 3, "plain").await;

    let again = post(&store, ana, chat, &body(3, "plain")).await.unwrap();
    assert!(again.repeated);
    assert_eq!(again.message, plain);

    // Edited, deleted, its root gone, the chat archived, the store opened again: still the same.
    store.edit(ana, chat, plain.id, "edited".to_owned(), Named::default()).await.unwrap();
    let again = post(&store, ana, chat, &body(3, "plain")).await.unwrap();
    assert_eq!((again.repeated, again.message.text.as_str()), (true, "edited"));
    store.delete(ana, chat, plain.id).await.unwrap();
    store.delete(ana, chat, root.id).await.unwrap();
    store.archive(ana, chat).await.unwrap();
    drop(store);
    ground.reopen();
    let store = ground.store();
    let again = post(&store, ana, chat, &body(3, "plain")).await.unwrap();
    assert!(again.repeated && again.message.deleted_at.is_some());
    assert_eq!((again.message.id, again.message.text.as_str()), (plain.id, ""));
    let again = post(&store, ana, chat, &in_thread).await.unwrap();
    assert!(again.repeated);
    assert_eq!(again.message, first.message);
    assert_eq!(head(&store, chat).await, 9);

    // A key is its sender's own.
    assert_eq!(post(&store, bob, chat, &body(3, "plain")).await, Err(ErrorCode::ChatArchived));
}

pub(super) async fn another_body_under_a_client_id_is_refused(ground: Ground) {
    let store = ground.store();
    let ana = user(1);
    let chat = group(&store, &[ana]).await;
    let other = group(&store, &[ana]).await;
    let first = say(&store, ana, chat, 1, "one").await;
    let before = head(&store, chat).await;
    let others = [
        (chat, body(1, "two")),
        (chat, PostMessage { reply_to: Some(first.id), ..body(1, "one") }),
        (chat, PostMessage { thread_root_id: Some(first.id), ..body(1, "one") }),
        (other, body(1, "one")),
    ];
    for (chat, body) in &others {
        assert_eq!(post(&store, ana, *chat, body).await, Err(ErrorCode::ClientIdReused));
    }
    // Also when the text that it could be compared with is gone.
    store.delete(ana, chat, first.id).await.unwrap();
    for (chat, body) in &others {
        assert_eq!(post(&store, ana, *chat, body).await, Err(ErrorCode::ClientIdReused));
    }
    assert!(post(&store, ana, chat, &body(1, "one")).await.unwrap().repeated);
    assert_eq!(head(&store, chat).await, before + 1);
}

pub(super) async fn of_64_racing_repetitions_one_posts(ground: Ground) {
    let store = ground.store();
    let ana = user(1);
    let chat = group(&store, &[ana]).await;
    for round in 0..5 {
        let posts = (0..64).map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { post(&store, ana, chat, &body(round, "once")).await })
        });
        let posted: Vec<_> =
            join_all(posts).await.into_iter().map(|post| post.unwrap().unwrap()).collect();
        assert_eq!(posted.iter().filter(|posted| !posted.repeated).count(), 1);
        let ids: HashSet<_> = posted.iter().map(|posted| posted.message.id).collect();
        assert_eq!(ids.len(), 1);
    }
    assert_eq!(head(&store, chat).await, 6);

    // Different bodies under one key: one wins, the others are told.
    let posts = (0..64).map(|n| {
        let store = Arc::clone(&store);
        let text = format!("text {}", n % 2);
        tokio::spawn(async move { post(&store, ana, chat, &body(99, &text)).await })
    });
    let answers: Vec<_> = join_all(posts).await.into_iter().map(|post| post.unwrap()).collect();
    let refused = answers.iter().filter(|answer| **answer == Err(ErrorCode::ClientIdReused));
    assert_eq!(refused.count(), 32);
    assert_eq!(head(&store, chat).await, 7);
}

pub(super) async fn of_racing_direct_chats_one_is_made(ground: Ground) {
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let creates = (0..32).map(|n| {
        let store = Arc::clone(&store);
        let (by, other) = if n % 2 == 0 { (ana, bob) } else { (bob, ana) };
        tokio::spawn(async move {
            let new = NewChat {
                by,
                kind: ChatKind::Direct,
                visibility: Visibility::Private,
                name: None,
                topic: String::new(),
                others: vec![other],
            };
            store.create(new).await.unwrap()
        })
    });
    let created: Vec<_> = join_all(creates).await.into_iter().map(|c| c.unwrap()).collect();
    assert_eq!(created.iter().filter(|created| !created.existed).count(), 1);
    assert!(created.iter().all(|other| other.chat_id == created[0].chat_id));
    assert_eq!(head(&store, created[0].chat_id).await, 2);
    assert_eq!(store.heads_of(bob).await.unwrap().len(), 1);
}

pub(super) async fn what_changes_nothing_is_not_told(ground: Ground) {
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let chat = channel(&store, &[ana, bob]).await;
    let message = say(&store, ana, chat, 1, "hello").await;
    let gone = say(&store, ana, chat, 2, "gone").await;
    let thumb = || "👍".to_owned();
    assert!(store.delete(ana, chat, gone.id).await.unwrap());
    assert!(store.react(bob, chat, message.id, thumb(), true).await.unwrap());
    assert!(store.set_notify(bob, chat, Notify::Mentions).await.unwrap());
    assert!(store.follow(bob, chat, message.id, true).await.unwrap());
    let before = head(&store, chat).await;

    assert!(!store.delete(ana, chat, gone.id).await.unwrap());
    assert!(!store.react(bob, chat, message.id, thumb(), true).await.unwrap());
    assert!(!store.react(ana, chat, message.id, thumb(), false).await.unwrap());
    assert!(!store.react(ana, chat, gone.id, thumb(), false).await.unwrap());
    assert!(!store.join(bob, chat).await.unwrap());
    assert!(!store.set_notify(bob, chat, Notify::Mentions).await.unwrap());
    assert!(!store.follow(bob, chat, message.id, true).await.unwrap());
    assert_eq!(store.add(ana, chat, vec![ana, bob]).await.unwrap().len(), 2);
    assert_eq!(store.change_role(ana, chat, bob, Role::Member).await.unwrap().role, Role::Member);
    let same = store.edit(ana, chat, message.id, "hello".to_owned(), Named::default());
    assert_eq!(same.await.unwrap().edited_at, None);
    let same = UpdateChat {
        name: Some("a chat".to_owned()),
        topic: Some(String::new()),
        visibility: Some(Visibility::Public),
    };
    assert!(!store.update(ana, chat, same).await.unwrap());
    assert!(!store.mark_read(bob, chat, 1, false).await.unwrap().moved);
    assert_eq!(head(&store, chat).await, before);
}
