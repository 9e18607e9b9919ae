use std::sync::Arc;

use api::{
    events::{Change, Event, ReadUpdated},
    rest::notifications::{NotificationKind, Notifications},
    told::{Notice, Told},
};
use http::StatusCode;
use kernel::{ChatId, MessageId, UserId};

use crate::world::{Someone, World};

struct Chat {
    id: ChatId,
    seq: u64,
}

impl Chat {
    /// Somebody reacts to their own message; these people hear of it in that way.
    fn event(&mut self, world: &World, actor: UserId, hear: &[(UserId, NotificationKind)]) -> Told {
        self.seq += 1;
        let message_id = MessageId::with_seq(world.ids.make(), self.seq);
        let event = Event {
            chat_id: self.id,
            seq: self.seq,
            id: world.ids.make(),
            actor_id: actor,
            at: world.ids.now(),
            change: Change::ReactionAdded { message_id, emoji: "👍".into(), user_id: actor },
        };
        let notices = hear.iter().map(|(user_id, kind)| Notice {
            user_id: *user_id,
            kind: *kind,
            message_id: Some(message_id),
            text: "é".repeat(300),
        });
        Told::Event { notices: notices.collect(), event: Arc::new(event) }
    }
}

fn read(chat: &Chat, user_id: UserId, read_seq: u64) -> Told {
    let read = ReadUpdated {
        chat_id: chat.id,
        user_id,
        read_seq,
        unread_count: None,
        mention_count: None,
    };
    Told::ReadUpdated { read, other_id: None }
}

async fn list(world: &World, me: &Someone) -> Notifications {
    world.get("/api/users/notifications").by(me).send().await.is(StatusCode::OK)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_chat_gives_to_hear_is_kept_once_and_told() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let mut chat = Chat { id: world.ids.make(), seq: 0 };
    let hear = [
        (bea.id, NotificationKind::Mention),
        (bea.id, NotificationKind::Reply),
        (ana.id, NotificationKind::Mention),
    ];
    let told = chat.event(&world, ana.id, &hear);
    for _ in 0..3 {
        world.tells(told.clone()).await;
    }
    let heard = list(&world, &bea).await;
    assert_eq!(heard.unread_count, 2);
    let kinds: Vec<_> = heard.items.iter().map(|item| item.kind).collect();
    assert_eq!(kinds, [NotificationKind::Reply, NotificationKind::Mention]);
    let item = &heard.items[0];
    assert_eq!(item.actor.as_ref().unwrap().id, ana.id);
    assert_eq!((item.chat_id, item.message_id.unwrap().seq()), (Some(chat.id), 1));
    assert_eq!(item.text.chars().count(), 140);
    assert!(list(&world, &ana).await.items.is_empty(), "nobody hears of what they did");
    let told = world
        .hears(|told| match told {
            Told::Notified { user_id, notification, .. } => Some((user_id, notification)),
            _ => None,
        })
        .await;
    assert_eq!((told.0, told.1.kind), (bea.id, NotificationKind::Mention));
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_the_chat_reads_what_was_told_of_it() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let mut chat = Chat { id: world.ids.make(), seq: 0 };
    for _ in 0..4 {
        let hear = [(bea.id, NotificationKind::DirectMessage)];
        world.tells(chat.event(&world, ana.id, &hear)).await;
    }
    world.tells(read(&chat, ana.id, 4)).await;
    assert_eq!(list(&world, &bea).await.unread_count, 4);
    world.tells(read(&chat, bea.id, 3)).await;
    assert_eq!(list(&world, &bea).await.unread_count, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_is_not_heard() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let block = format!("/api/users/blocks/{}", ana.id);
    world.put(block).by(&bea).send().await.is_empty();
    let mut chat = Chat { id: world.ids.make(), seq: 0 };
    let told = chat.event(&world, ana.id, &[(bea.id, NotificationKind::Mention)]);
    world.tells(told).await;
    assert!(list(&world, &bea).await.items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_told_is_confirmed() {
    let world = World::new().await;
    let ana = world.someone("ana").await;
    let mut chat = Chat { id: world.ids.make(), seq: 0 };
    world.tells(Told::SessionEnded { session_id: world.ids.make() }).await;
    world.tells(Told::StatusChanged { user_id: ana.id, status: None }).await;
    world.tells(chat.event(&world, ana.id, &[])).await;
    world.tells(read(&chat, world.ids.make(), u64::MAX)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_the_bus_holds_is_heard_without_standing_still() {
    let world = World::new().await;
    let (ana, bea) = (world.someone("ana").await, world.someone("bea").await);
    let mut chat = Chat { id: world.ids.make(), seq: 0 };
    let mut confirms = Vec::new();
    // Each item brings one more to be told on the same bus, whose queues hold 1,024.
    let drained = world.drain();
    for _ in 0..3_000 {
        let told = chat.event(&world, ana.id, &[(bea.id, NotificationKind::Mention)]);
        confirms.push(kit::bus::Bus::publish(world.bus.as_ref(), told).await.unwrap());
    }
    let all = futures::future::join_all(confirms);
    let all = tokio::time::timeout(std::time::Duration::from_secs(60), all).await.unwrap();
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(list(&world, &bea).await.unread_count, 3_000);
    drained.abort();
}
