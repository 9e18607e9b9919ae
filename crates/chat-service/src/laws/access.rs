//! Who may do what. The same is asked over HTTP of every call.

use api::{
    ErrorCode,
    rest::chats::{ChatKind, Role, UpdateChat, Visibility},
};

use super::support::*;
use crate::store::{Named, Window};

pub(super) async fn a_private_chat_is_hidden_from_strangers_and_former_members(ground: Ground) {
    let store = ground.store();
    let (ana, bob, eve) = (user(1), user(2), user(3));
    let chat = group(&store, &[ana, bob]).await;
    let id = say(&store, ana, chat, 1, "between us").await.id;
    store.leave(bob, chat).await.unwrap();
    for who in [bob, eve] {
        let hidden = [
            store.chat(who, chat).await.map(drop),
            store.messages(who, chat, Window::Newest, all(1)).await.map(drop),
            store.message(who, chat, id).await.map(drop),
            store.history(who, chat, id).await.map(drop),
            store.thread(who, chat, id, 0, all(1)).await.map(drop),
            store.events(Some(who), chat, 0, all(1)).await.map(drop),
            store.participants(who, chat, all(1), None).await.map(drop),
            store.post(new_message(who, chat, &body(2, "hi"), Named::default())).await.map(drop),
            store.edit(who, chat, id, "hi".to_owned(), Named::default()).await.map(drop),
            store.delete(who, chat, id).await.map(drop),
            store.react(who, chat, id, "👍".to_owned(), true).await.map(drop),
            store.follow(who, chat, id, true).await.map(drop),
            store.mark_read(who, chat, 1, false).await.map(drop),
            store.join(who, chat).await.map(drop),
            store.leave(who, chat).await.map(drop),
            store.add(who, chat, vec![who]).await.map(drop),
            store.update(who, chat, UpdateChat::default()).await.map(drop),
            store.archive(who, chat).await.map(drop),
        ];
        for (n, answer) in hidden.into_iter().enumerate() {
            assert_eq!(answer.map_err(code), Err(ErrorCode::ChatNotFound), "call {n}");
        }
        assert!(store.heads_of(who).await.unwrap().is_empty());
        assert!(store.chats(who, all(10), None).await.unwrap().items.is_empty());
    }
    // Who comes back sees all of it, and has nothing unread.
    store.add(ana, chat, vec![bob]).await.unwrap();
    let my = store.chat(bob, chat).await.unwrap().my.unwrap();
    assert_eq!((my.unread_count, my.role), (0, Role::Member));
}

pub(super) async fn a_public_channel_shows_itself_and_nothing_inside(ground: Ground) {
    let store = ground.store();
    let (ana, eve) = (user(1), user(3));
    let chat = channel(&store, &[ana]).await;
    let id = say(&store, ana, chat, 1, "inside").await.id;
    let seen = store.chat(eve, chat).await.unwrap();
    assert!(seen.my.is_none() && seen.last_message.is_none() && seen.participant_ids.is_empty());
    let found = store.discover(eve, String::new(), all(10), None).await.unwrap();
    assert_eq!(found.items, [seen]);
    let refused = [
        store.messages(eve, chat, Window::Newest, all(1)).await.map(drop),
        store.message(eve, chat, id).await.map(drop),
        store.events(Some(eve), chat, 0, all(1)).await.map(drop),
        store.participants(eve, chat, all(1), None).await.map(drop),
        store.post(new_message(eve, chat, &body(2, "hi"), Named::default())).await.map(drop),
        store.react(eve, chat, id, "👍".to_owned(), true).await.map(drop),
        store.mark_read(eve, chat, 1, false).await.map(drop),
        store.leave(eve, chat).await.map(drop),
        store.add(eve, chat, vec![eve]).await.map(drop),
    ];
    for (n, answer) in refused.into_iter().enumerate() {
        assert_eq!(answer.map_err(code), Err(ErrorCode::NotAParticipant), "call {n}");
    }
    assert!(store.join(eve, chat).await.unwrap());
    assert!(store.message(eve, chat, id).await.is_ok());

    // Once private, strangers don't find it any more.
    let private = UpdateChat { visibility: Some(Visibility::Private), ..UpdateChat::default() };
    assert!(store.update(ana, chat, private).await.unwrap());
    assert_eq!(store.chat(user(9), chat).await.map_err(code), Err(ErrorCode::ChatNotFound));
    assert!(store.discover(user(9), String::new(), all(10), None).await.unwrap().items.is_empty());
}

pub(super) async fn roles_decide_who_may_do_what(ground: Ground) {
    let store = ground.store();
    let (owner, admin, member, other) = (user(1), user(2), user(3), user(4));
    for (kind, visibility) in [
        (ChatKind::Group, Visibility::Private),
        (ChatKind::Channel, Visibility::Public),
        (ChatKind::Channel, Visibility::Private),
    ] {
        let chat = make(&store, kind, visibility, &[owner, admin, member, other]).await;
        store.change_role(owner, chat, admin, Role::Admin).await.unwrap();
        let key = u128::from(head(&store, chat).await) + 100 * chat.as_uuid().as_u128() % 1_000_000;
        let id = say(&store, other, chat, key, "x").await.id;
        for (who, role) in [(member, Role::Member), (admin, Role::Admin), (owner, Role::Owner)] {
            let may = |needed: Role| {
                if role >= needed { Ok(()) } else { Err(ErrorCode::Forbidden) }
            };
            let renamed = UpdateChat { name: Some(format!("{role:?}")), ..UpdateChat::default() };
            assert_eq!(
                store.update(who, chat, renamed).await.map(drop).map_err(code),
                may(Role::Admin)
            );
            let private = kind == ChatKind::Channel && visibility == Visibility::Private;
            let adds = if private { Role::Admin } else { Role::Member };
            let stranger = user(10 + role as u128);
            assert_eq!(
                store.add(who, chat, vec![stranger]).await.map(drop).map_err(code),
                may(adds)
            );
            let message = say(&store, other, chat, key + 10 + role as u128, "y").await.id;
            assert_eq!(
                store.delete(who, chat, message).await.map(drop).map_err(code),
                may(Role::Admin)
            );
            let edited = store.edit(who, chat, id, "mine".to_owned(), Named::default()).await;
            assert_eq!(edited.map(drop).map_err(code), Err(ErrorCode::Forbidden));
            let promoted = store.change_role(who, chat, other, Role::Member).await;
            assert_eq!(promoted.map(drop).map_err(code), may(Role::Owner));
        }
        let forbidden = Err(ErrorCode::Forbidden);
        assert_eq!(store.remove(member, chat, other).await.map_err(code), forbidden);
        assert_eq!(store.remove(admin, chat, owner).await.map_err(code), forbidden);
        assert_eq!(store.archive(admin, chat).await.map_err(code), forbidden);
        let gone = store.remove(admin, chat, user(99)).await.map_err(code);
        assert_eq!(gone, Err(ErrorCode::ParticipantNotFound));
        assert!(store.remove(admin, chat, other).await.is_ok());
        assert!(store.remove(owner, chat, admin).await.is_ok());
        assert!(store.archive(owner, chat).await.is_ok());
    }
    let direct = make(&store, ChatKind::Direct, Visibility::Private, &[owner, member]).await;
    let id = say(&store, member, direct, 1, "x").await.id;
    let renamed = UpdateChat { topic: Some("t".to_owned()), ..UpdateChat::default() };
    let refused = [
        store.update(owner, direct, renamed).await.map(drop),
        store.add(owner, direct, vec![other]).await.map(drop),
        store.remove(owner, direct, member).await,
        store.leave(owner, direct).await,
        store.change_role(owner, direct, member, Role::Owner).await.map(drop),
        store.archive(owner, direct).await,
        store.delete(owner, direct, id).await.map(drop),
    ];
    for (n, answer) in refused.into_iter().enumerate() {
        assert_eq!(answer.map_err(code), Err(ErrorCode::Forbidden), "call {n}");
    }
}

pub(super) async fn an_archived_chat_is_read_only(ground: Ground) {
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let chat = channel(&store, &[ana, bob]).await;
    let id = say(&store, ana, chat, 1, "x").await.id;
    store.archive(ana, chat).await.unwrap();
    let before = head(&store, chat).await;
    let refused = [
        store.post(new_message(ana, chat, &body(2, "y"), Named::default())).await.map(drop),
        store.edit(ana, chat, id, "y".to_owned(), Named::default()).await.map(drop),
        store.delete(ana, chat, id).await.map(drop),
        store.react(bob, chat, id, "👍".to_owned(), true).await.map(drop),
        store.join(user(3), chat).await.map(drop),
        store.leave(bob, chat).await,
        store.add(ana, chat, vec![user(3)]).await.map(drop),
        store.remove(ana, chat, bob).await,
        store.change_role(ana, chat, bob, Role::Admin).await.map(drop),
        store.update(ana, chat, UpdateChat::default()).await.map(drop),
        store.archive(ana, chat).await,
    ];
    for (n, answer) in refused.into_iter().enumerate() {
        assert_eq!(answer.map_err(code), Err(ErrorCode::ChatArchived), "call {n}");
    }
    assert_eq!(head(&store, chat).await, before);
    assert!(store.messages(bob, chat, Window::Newest, all(1)).await.is_ok());
    assert!(store.mark_read(bob, chat, before, false).await.unwrap().moved);
    assert!(store.discover(user(9), String::new(), all(10), None).await.unwrap().items.is_empty());
}

pub(super) async fn the_last_owner_stays_while_others_do(ground: Ground) {
    let store = ground.store();
    let (ana, bob) = (user(1), user(2));
    let chat = channel(&store, &[ana, bob]).await;
    let last = Err(ErrorCode::LastOwner);
    assert_eq!(store.leave(ana, chat).await.map_err(code), last);
    let stepped = store.change_role(ana, chat, ana, Role::Member).await;
    assert_eq!(stepped.map(drop).map_err(code), last);
    store.change_role(ana, chat, bob, Role::Owner).await.unwrap();
    store.leave(ana, chat).await.unwrap();
    store.leave(bob, chat).await.unwrap();
    assert_eq!(store.participants_of(chat).await.unwrap(), []);
    // Who comes into the empty channel owns it.
    assert!(store.join(ana, chat).await.unwrap());
    assert_eq!(store.chat(ana, chat).await.unwrap().my.unwrap().role, Role::Owner);
}
