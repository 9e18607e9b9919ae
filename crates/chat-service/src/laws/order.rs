//! One order: dense logs, pages, lists.

use std::sync::Arc;

use api::{
    events::Change,
    rest::{
        chats::{ChatKind, Visibility},
        messages::Message,
    },
};
use futures::future::join_all;
use kernel::{ChatId, Cursor, UserId};

use super::support::*;
use crate::store::{Store, Window};

pub(super) async fn logs_are_dense_under_256_senders(ground: Ground) {
    let store = ground.store();
    let people: Vec<UserId> = (0..256).map(user).collect();
    let mut chats = Vec::new();
    for _ in 0..8 {
        chats.push(group(&store, &people).await);
    }
    let senders = people.iter().enumerate().map(|(n, by)| {
        let (store, chats, by) = (Arc::clone(&store), chats.clone(), *by);
        tokio::spawn(async move {
            let mut last = vec![0; chats.len()];
            for round in 0..16 {
                let at = (n + round) % chats.len();
                let key = (n * 100 + round) as u128;
                let message = say(&store, by, chats[at], key, &format!("{n}/{round}")).await;
                // What one sender wrote before comes before.
                assert!(message.seq > last[at]);
                last[at] = message.seq;
            }
        })
    });
    for sender in join_all(senders).await {
        sender.unwrap();
    }
    let mut texts = std::collections::HashSet::new();
    for chat in chats {
        let events = log(&store, chat).await;
        let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
        for event in events {
            if let Change::MessagePosted { message } = event.change {
                assert_eq!((message.seq, message.id.seq()), (event.seq, event.seq));
                assert!(texts.insert(message.text));
            }
        }
        let my = store.chat(user(0), chat).await.unwrap().my.unwrap();
        assert_eq!(my.unread_count, 512 - 2);
    }
    assert_eq!(texts.len(), 256 * 16);
}

async fn page(
    store: &Arc<dyn Store>,
    chat: ChatId,
    window: Window,
    limit: u32,
) -> (Vec<u64>, bool, bool) {
    let page = store.messages(user(1), chat, window, all(limit)).await.unwrap();
    let seqs = page.items.iter().map(|message| message.seq).collect();
    (seqs, page.has_before, page.has_after)
}

pub(super) async fn every_page_has_its_neighbours(ground: Ground) {
    let store = ground.store();
    let ana = user(1);
    let chat = group(&store, &[ana]).await;
    let mut timeline: Vec<Message> = Vec::new();
    for n in 0..40 {
        // Between the messages stand reactions and replies that the timeline does not show.
        let message = say(&store, ana, chat, n, "x").await;
        if n % 3 == 0 {
            store.react(ana, chat, message.id, "👍".to_owned(), true).await.unwrap();
        }
        if n % 5 == 0 {
            reply(&store, ana, chat, 1_000 + n, message.id).await;
        }
        timeline.push(message);
    }
    let seqs: Vec<u64> = timeline.iter().map(|message| message.seq).collect();
    let head = head(&store, chat).await;
    for limit in [1, 2, 7, 40, 100] {
        let size = limit as usize;
        for seq in 0..=head + 2 {
            let older: Vec<u64> = seqs.iter().copied().filter(|s| *s < seq).collect();
            let newer: Vec<u64> = seqs.iter().copied().filter(|s| *s > seq).collect();
            let from_newer = seqs.iter().filter(|s| **s >= seq).count();
            let start = older.len().saturating_sub(size);
            let before = page(&store, chat, Window::Before(seq), limit).await;
            assert_eq!(
                before,
                (older[start..].to_vec(), start > 0, from_newer > 0),
                "before {seq}"
            );
            let end = newer.len().min(size);
            let after = page(&store, chat, Window::After(seq), limit).await;
            let first = newer.len() < seqs.len();
            assert_eq!(after, (newer[..end].to_vec(), first, newer.len() > end), "after {seq}");

            let (around, has_before, has_after) =
                page(&store, chat, Window::Around(seq), limit).await;
            let expected = size.min(seqs.len());
            assert_eq!(around.len(), expected, "around {seq}, limit {limit}");
            let at = seqs.iter().position(|s| Some(s) == around.first()).unwrap();
            assert_eq!(around, seqs[at..at + expected]);
            assert_eq!((has_before, has_after), (at > 0, at + expected < seqs.len()));
            assert!(!seqs.contains(&seq) || around.contains(&seq));
        }
    }
    let newest = page(&store, chat, Window::Newest, 7).await;
    assert_eq!(newest, (seqs[33..].to_vec(), true, false));
}

pub(super) async fn the_chat_list_pages_without_loss(ground: Ground) {
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let mut order = Vec::new();
    for n in 0..25 {
        let chat = make(&store, ChatKind::Group, Visibility::Private, &[ana, bob]).await;
        order.push(chat);
        if n % 2 == 0 {
            // A message brings an older chat to the top.
            let moved = order.remove(n / 2);
            say(&store, bob, moved, n as u128, "up").await;
            order.push(moved);
        }
    }
    // A thread's reply and a reaction are no activity of the chat.
    let quiet = order[0];
    let root = store.messages(ana, quiet, Window::Newest, all(1)).await.unwrap().items;
    if let Some(root) = root.first() {
        reply(&store, ana, quiet, 500, root.id).await;
    }
    order.reverse();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.chats(ana, all(7), after).await.unwrap();
        seen.extend(page.items.iter().map(|chat| chat.info.id));
        match page.next_cursor {
            Some(cursor) => after = Some(Cursor::decode(&cursor).unwrap()),
            None => break,
        }
    }
    assert_eq!(seen, order);

    let (mut people, mut after) = (Vec::new(), None);
    let big = group(&store, &(0..30).map(user).collect::<Vec<_>>()).await;
    loop {
        let page = store.participants(user(3), big, all(7), after).await.unwrap();
        people.extend(page.items.iter().map(|participant| participant.user_id));
        match page.next_cursor {
            Some(cursor) => after = Some(Cursor::decode(&cursor).unwrap()),
            None => break,
        }
    }
    assert_eq!(people, (0..30).map(user).collect::<Vec<_>>());
    let chat = store.chat(user(3), big).await.unwrap();
    assert_eq!(chat.participant_count, 30);
    assert_eq!(chat.participant_ids, (0..10).map(user).collect::<Vec<_>>());
}

pub(super) async fn events_come_in_runs_without_a_gap(ground: Ground) {
    let store = ground.store();
    let ana = user(1);
    let chat = group(&store, &[ana]).await;
    for n in 0..30 {
        say(&store, ana, chat, n, "x").await;
    }
    for after in 0..40_u64 {
        let page = store.events(Some(ana), chat, after, all(7)).await.unwrap();
        let expected: Vec<u64> = (after + 1..=31).take(7).collect();
        let seqs: Vec<u64> = page.items.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, expected);
        assert_eq!((page.head_seq, page.has_more), (31, after + 7 < 31));
    }
}
