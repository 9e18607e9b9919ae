//! Unicode and sizes.

use api::events::Change;

use super::support::*;
use crate::store::{Named, Window};

pub(super) async fn what_was_written_is_read_as_it_was_written(mut ground: Ground) {
    let store = ground.store();
    let ana = user(1);
    let chat = group(&store, &[ana]).await;
    let texts = [
        "a".to_owned(),
        "💬".repeat(8_000),
        "  spaces \r\n\t and lines \n".to_owned(),
        "e\u{301} is not é".to_owned(),
        "\u{202e}backwards\u{200d}\u{feff}".to_owned(),
        "'; DROP TABLE events; -- \\ \" % _".to_owned(),
        "{\"$ne\": null}".to_owned(),
        "\u{10ffff}\u{e000}".to_owned(),
    ];
    for (n, text) in texts.iter().enumerate() {
        say(&store, ana, chat, n as u128, text).await;
    }
    drop(store);
    ground.reopen();
    let store = ground.store();
    let page = store.messages(ana, chat, Window::Newest, all(100)).await.unwrap();
    assert_eq!(page.items.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), texts);
    let posted: Vec<String> = log(&store, chat)
        .await
        .into_iter()
        .filter_map(|event| match event.change {
            Change::MessagePosted { message } => Some(message.text),
            _ => None,
        })
        .collect();
    assert_eq!(posted, texts);
    // Edits too.
    for (message, text) in page.items.iter().zip(texts.iter().rev()) {
        store.edit(ana, chat, message.id, text.clone(), Named::default()).await.unwrap();
        assert_eq!(store.message(ana, chat, message.id).await.unwrap().text, *text);
    }
}

pub(super) async fn a_message_carries_50_reactions(ground: Ground) {
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let chat = group(&store, &[ana, bob]).await;
    let id = say(&store, ana, chat, 1, "popular").await.id;
    for n in 0..50 {
        assert!(store.react(ana, chat, id, format!("e{n}"), true).await.unwrap());
    }
    let refused = store.react(ana, chat, id, "e50".to_owned(), true).await.unwrap_err();
    assert_eq!(code(refused), api::ErrorCode::Invalid);
    // More people for those that are there.
    assert!(store.react(bob, chat, id, "e7".to_owned(), true).await.unwrap());
    assert!(store.react(ana, chat, id, "e0".to_owned(), false).await.unwrap());
    assert!(store.react(ana, chat, id, "e50".to_owned(), true).await.unwrap());
    let message = store.message(ana, chat, id).await.unwrap();
    assert_eq!(message.reactions.len(), 50);
    assert_eq!(message.version, head(&store, chat).await);
}

pub(super) async fn reactions_keep_their_places(ground: Ground) {
    let store = ground.store();
    let (ana, bob, eve) = (user(1), user(2), user(3));
    let chat = group(&store, &[ana, bob, eve]).await;
    let id = say(&store, ana, chat, 1, "hi").await.id;
    let react = async |by, emoji: &str, present| {
        store.react(by, chat, id, emoji.to_owned(), present).await.unwrap()
    };
    react(bob, "z", true).await;
    react(ana, "a", true).await;
    react(eve, "z", true).await;
    react(ana, "z", true).await;
    // Who began it takes it back: it stays before the other.
    react(bob, "z", false).await;
    react(bob, "z", true).await;
    let seen: Vec<(String, Vec<_>)> = store
        .message(ana, chat, id)
        .await
        .unwrap()
        .reactions
        .into_iter()
        .map(|reaction| (reaction.emoji, reaction.user_ids))
        .collect();
    assert_eq!(seen, [("z".to_owned(), vec![eve, ana, bob]), ("a".to_owned(), vec![ana])]);
}
