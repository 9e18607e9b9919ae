//! Deleting: a tombstone stays, and nothing else.

use super::support::*;
use crate::store::{Named, Window};

const SECRET: &str = "the-secret-that-must-be-gone";

pub(super) async fn a_deleted_message_leaves_no_text_in_any_answer(ground: Ground) {
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let chat = group(&store, &[ana, bob]).await;
    let named = Named { users: vec![bob], here: false, all: true };
    let posted = store.post(new_message(ana, chat, &body(1, SECRET), named.clone())).await.unwrap();
    let id = posted.message.id;
    for n in 0..3 {
        let text = format!("{SECRET} {n}");
        store.edit(ana, chat, id, text, named.clone()).await.unwrap();
    }
    store.react(bob, chat, id, "👍".to_owned(), true).await.unwrap();
    let place = store.chat(bob, chat).await.unwrap().my.unwrap();
    assert_eq!((place.unread_count, place.mention_count), (1, 1));
    assert_eq!(store.history(bob, chat, id).await.unwrap().len(), 4);
    assert!(store.delete(ana, chat, id).await.unwrap());

    let place = store.chat(bob, chat).await.unwrap();
    let my = place.my.unwrap();
    assert_eq!((my.unread_count, my.mention_count), (0, 0));
    let tombstone = store.message(bob, chat, id).await.unwrap();
    assert!(tombstone.deleted_at.is_some() && tombstone.edited_at.is_some());
    assert!(tombstone.mentions.is_empty() && tombstone.reactions.is_empty());
    assert!(store.history(bob, chat, id).await.unwrap().is_empty());
    let answers = format!(
        "{tombstone:?} {place:?} {:?} {:?} {:?}",
        store.messages(bob, chat, Window::Newest, all(100)).await.unwrap(),
        log(&store, chat).await,
        store.logged(0, 1_000).await.unwrap(),
    );
    assert!(!answers.contains(SECRET));
    let refused = store.edit(ana, chat, id, "back".to_owned(), Named::default()).await.unwrap_err();
    assert_eq!(code(refused), api::ErrorCode::MessageDeleted);
    let refused = store.react(bob, chat, id, "👍".to_owned(), true).await.unwrap_err();
    assert_eq!(code(refused), api::ErrorCode::MessageDeleted);
}

pub(super) async fn the_newest_message_of_a_chat_is_one_that_is_left(ground: Ground) {
    let store = ground.store();
    let ana = user(1);
    let chat = group(&store, &[ana]).await;
    let last = async || store.chat(ana, chat).await.unwrap().last_message.map(|m| m.id);
    assert_eq!(last().await, None);
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(say(&store, ana, chat, n, "x").await.id);
    }
    reply(&store, ana, chat, 10, ids[0]).await;
    assert_eq!(last().await, Some(ids[3]));
    store.delete(ana, chat, ids[2]).await.unwrap();
    assert_eq!(last().await, Some(ids[3]));
    store.delete(ana, chat, ids[3]).await.unwrap();
    assert_eq!(last().await, Some(ids[1]));
    store.delete(ana, chat, ids[1]).await.unwrap();
    store.delete(ana, chat, ids[0]).await.unwrap();
    assert_eq!(last().await, None);
}

pub(super) async fn threads_count_the_replies_that_are_left(ground: Ground) {
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let chat = group(&store, &[ana, bob]).await;
    let root = say(&store, ana, chat, 1, "root").await;
    let first = reply(&store, bob, chat, 2, root.id).await;
    let second = reply(&store, ana, chat, 3, root.id).await;
    store.delete(bob, chat, first.id).await.unwrap();
    let page = store.thread(bob, chat, first.id, 0, all(10)).await.unwrap();
    let summary = page.root.thread.unwrap();
    assert_eq!(summary.reply_count, 1);
    assert_eq!(summary.user_ids, [bob, ana]);
    assert_eq!(summary.last_reply_at, Some(second.created_at));
    assert_eq!(page.root.version, head(&store, chat).await);
    // The tombstone of a reply stays in the thread, and the thread stays under a deleted root.
    assert_eq!(page.items.iter().map(|m| m.id).collect::<Vec<_>>(), [first.id, second.id]);
    store.delete(ana, chat, root.id).await.unwrap();
    let page = store.thread(bob, chat, root.id, first.seq, all(10)).await.unwrap();
    assert_eq!(page.root.text, "");
    assert_eq!(page.items.len(), 1);
}
