//! Random operations against the naive model: every answer, and now and then everything that can
//! be read, must agree. `CHAT_SEED` repeats a run.

mod changes;
mod people;

use std::{collections::BTreeMap, sync::Arc};

use api::{
    ErrorCode,
    events::Change,
    rest::{
        chats::{ChatKind, Visibility},
        messages::{Message, MessageKind, PostMessage},
    },
};
use kernel::{ClientId, MessageId, UserId};

use super::{model::Model, replica::Replica, support::*};
use crate::{
    domain::fingerprint,
    store::{Named, Store, Window},
};

const OPERATIONS: usize = 3_000;
const PEOPLE: u128 = 6;

/// A run: the store, the model beside it, and the client's copies.
struct Run {
    store: Arc<dyn Store>,
    chance: Seeded,
    chats: Vec<Model>,
    replicas: Vec<Replica>,
    keys: u128,
    used: Vec<(usize, UserId, PostMessage)>,
}

pub(super) async fn random_operations_agree_with_a_naive_model(mut ground: Ground) {
    let seed = std::env::var("CHAT_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| u64::from(std::process::id()));
    println!("CHAT_SEED={seed}");
    let mut run = Run {
        store: ground.store(),
        chance: Seeded::new(seed),
        chats: Vec::new(),
        replicas: Vec::new(),
        keys: 0,
        used: Vec::new(),
    };
    for (kind, visibility, people) in [
        (ChatKind::Direct, Visibility::Private, 2),
        (ChatKind::Group, Visibility::Private, 4),
        (ChatKind::Channel, Visibility::Public, 3),
        (ChatKind::Channel, Visibility::Private, 5),
    ] {
        let people: Vec<UserId> = (0..people).map(user).collect();
        let id = make(&run.store, kind, visibility, &people).await;
        let name = (kind != ChatKind::Direct).then(|| "a chat".to_owned());
        run.chats.push(Model::new(id, kind, visibility, name.clone(), &people));
        run.replicas.push(Replica { name, ..Replica::default() });
    }
    for n in 0..OPERATIONS {
        run.step(n).await;
        if n % 100 == 99 {
            run.compare().await;
        }
        if n % 1_000 == 500 {
            // Memory must hold nothing that the file does not.
            let Run { store, .. } = run;
            drop(store);
            ground.reopen();
            run.store = ground.store();
        }
    }
    run.compare().await;
    let archived = run.chats.iter().filter(|chat| chat.archived).count();
    let messages: usize = run.chats.iter().map(|chat| chat.messages.len()).sum();
    println!("{messages} messages, {archived} chats archived");
}

impl Run {
    fn somebody(&self) -> UserId {
        user(self.chance.next() as u128 % PEOPLE)
    }

    /// Mostly a message of the chat; now and then one of another chat, or none.
    fn some_message(&self, chat: usize) -> MessageId {
        let chat = if self.chance.one_in(30) { self.chance.below(4) } else { chat };
        match self.chance.pick(&self.chats[chat].messages) {
            Some(message) if !self.chance.one_in(40) => message.id,
            _ => MessageId::with_seq(uuid::Uuid::from_u128(7), self.chance.next() % 50),
        }
    }

    fn some_named(&self) -> Named {
        let mut users = Vec::new();
        while self.chance.one_in(3) {
            let user = self.somebody();
            if !users.contains(&user) {
                users.push(user);
            }
        }
        Named { users, here: self.chance.one_in(20), all: self.chance.one_in(20) }
    }

    async fn step(&mut self, n: usize) {
        let (chat, by) = (self.chance.below(4), self.somebody());
        match self.chance.below(100) {
            0..=34 => self.post(chat, by).await,
            35..=39 => self.repeat().await,
            40..=49 => self.edit(n, chat, by).await,
            50..=55 => self.delete(chat, by).await,
            56..=69 => self.react(chat, by).await,
            70..=74 => self.follow(chat, by).await,
            75..=86 => self.read(chat, by).await,
            87..=89 => self.join(chat, by).await,
            90 => self.leave(chat, by).await,
            91..=93 => self.add(chat, by).await,
            94 => self.remove(chat, by).await,
            95..=97 => self.role(chat, by).await,
            98 => self.rename(n, chat, by).await,
            _ => self.archive(n, chat, by).await,
        }
    }

    async fn post(&mut self, chat: usize, by: UserId) {
        self.keys += 1;
        let mut body = body(self.keys, &format!("text {}", self.keys));
        if self.chance.one_in(5) {
            body.reply_to = Some(self.some_message(chat));
        }
        if self.chance.one_in(4) {
            body.thread_root_id = Some(self.some_message(chat));
            body.also_in_chat = self.chance.one_in(3);
        }
        self.send(chat, by, body).await;
    }

    async fn repeat(&mut self) {
        let Some((mut chat, by, mut body)) = self.chance.pick(&self.used).cloned() else {
            return;
        };
        if self.chance.one_in(4) {
            body.text.push('!');
        }
        if self.chance.one_in(6) {
            chat = self.chance.below(4);
        }
        self.send(chat, by, body).await;
    }

    async fn send(&mut self, chat: usize, by: UserId, body: PostMessage) {
        let named = self.some_named();
        let id = self.chats[chat].id;
        let hash = fingerprint::of(id, &body);
        let elsewhere = self.used_elsewhere(chat, by, body.client_id);
        let model = &self.chats[chat];
        let mut expected = model
            .may_post(by, body.client_id, hash, body.reply_to, body.thread_root_id)
            .map(|found| found.cloned());
        if elsewhere && model.entered(by).is_ok() {
            let refers = body.reply_to.is_some() || body.thread_root_id.is_some();
            // The key is looked at before the state, except where the message itself is wrong.
            if !matches!(expected, Err(ErrorCode::Invalid)) || refers {
                expected = Err(ErrorCode::ClientIdReused);
            }
        }
        let answer = self.store.post(new_message(by, id, &body, named.clone())).await.map_err(code);
        match (expected, answer) {
            (Err(expected), Err(told)) => assert_eq!(told, expected),
            (Ok(Some(present)), Ok(posted)) => {
                assert!(posted.repeated);
                assert_eq!(posted.message, present);
            }
            (Ok(None), Ok(posted)) => {
                assert!(!posted.repeated);
                let told = posted.message;
                let expected = Message {
                    id: told.id,
                    chat_id: id,
                    seq: model.head + 1,
                    version: model.head + 1,
                    client_id: Some(body.client_id),
                    sender_id: by,
                    kind: MessageKind::Text,
                    text: body.text.clone(),
                    reply_to: body.reply_to,
                    thread_root_id: body.thread_root_id,
                    also_in_chat: body.also_in_chat,
                    thread: None,
                    attachments: Vec::new(),
                    mentions: model.mentions(&named),
                    reactions: Vec::new(),
                    created_at: told.created_at,
                    edited_at: None,
                    deleted_at: None,
                };
                assert_eq!(told, expected);
                self.chats[chat].posted(told, hash);
                self.used.push((chat, by, body));
            }
            (expected, told) => panic!("expected {expected:?}, was told {told:?}"),
        }
    }

    fn used_elsewhere(&self, chat: usize, by: UserId, key: ClientId) -> bool {
        let mut others = self.chats.iter().enumerate().filter(|(n, _)| *n != chat);
        others.any(|(_, other)| other.keys.contains_key(&(by, key)))
    }

    async fn read(&mut self, chat: usize, by: UserId) {
        let model = &mut self.chats[chat];
        let seq = self.chance.next() % (model.head + 10);
        let force = self.chance.one_in(3);
        let told = self.store.mark_read(by, model.id, seq, force).await.map_err(code);
        let expected = model.entered(by).map(|place| {
            let to = seq.min(model.head);
            if force { to } else { to.max(place.read) }
        });
        assert_eq!(told.as_ref().map(|moved| moved.read.read_seq), expected.as_ref().copied());
        if let (Ok(told), Ok(to)) = (told, expected) {
            let place = model.people.get_mut(&by).unwrap();
            assert_eq!(told.moved, place.read != to);
            place.read = to;
            let counts = (told.read.unread_count, told.read.mention_count);
            assert_eq!(counts, model.unread(by));
            let other = model.people.keys().find(|user| **user != by);
            assert_eq!(told.other_id.as_ref(), other.filter(|_| model.kind == ChatKind::Direct));
        }
    }

    /// Everything that can be read agrees with the model.
    async fn compare(&mut self) {
        for n in 0..self.chats.len() {
            self.compare_log(n).await;
            self.compare_reads(n).await;
        }
        for n in 0..PEOPLE {
            let mut expected: BTreeMap<_, _> = BTreeMap::new();
            for chat in self.chats.iter().filter(|chat| chat.people.contains_key(&user(n))) {
                expected.insert(chat.id, chat.head);
            }
            let heads = self.store.heads_of(user(n)).await.unwrap();
            let heads: BTreeMap<_, _> =
                heads.into_iter().map(|(id, head)| (id, head.seq)).collect();
            assert_eq!(heads, expected);
        }
    }

    /// Who was never away, and who reads the log from its beginning, hold the present state.
    async fn compare_log(&mut self, n: usize) {
        let model = &self.chats[n];
        let mut fresh = Replica {
            name: (model.kind != ChatKind::Direct).then(|| "a chat".to_owned()),
            ..Replica::default()
        };
        for event in log(&self.store, model.id).await {
            if event.seq > self.replicas[n].seq {
                self.replicas[n].apply(&event);
            }
            if let Change::MessagePosted { message } = &event.change {
                assert_eq!(message.seq, event.seq);
            }
            fresh.apply(&event);
        }
        let present: BTreeMap<u64, Message> =
            model.messages.iter().map(|message| (message.seq, message.clone())).collect();
        for replica in [&self.replicas[n], &fresh] {
            assert_eq!(replica.seq, model.head);
            assert_eq!(replica.messages, present);
            let roles = model.people.iter().map(|(user, place)| (*user, place.role)).collect();
            assert_eq!(replica.people, roles);
            assert_eq!((&replica.name, replica.archived), (&model.name, model.archived));
        }
    }

    async fn compare_reads(&self, n: usize) {
        let model = &self.chats[n];
        let timeline: Vec<&Message> =
            model.messages.iter().filter(|message| Model::in_timeline(message)).collect();
        for (who, place) in &model.people {
            let chat = self.store.chat(*who, model.id).await.unwrap();
            let my = chat.my.unwrap();
            assert_eq!((my.unread_count, my.mention_count), model.unread(*who));
            assert_eq!((my.role, my.read_seq), (place.role, place.read));
            assert_eq!(chat.last_seq, model.head);
            let last = timeline.iter().rev().find(|message| message.deleted_at.is_none());
            assert_eq!(chat.last_message.as_ref(), last.copied());
            assert_eq!(chat.participant_ids, model.in_order());
            assert_eq!(chat.participant_count, model.people.len() as u64);
        }
        let Some(who) = model.people.keys().next().copied() else {
            return;
        };
        let (mut pages, mut after) = (Vec::new(), 0);
        loop {
            let window = Window::After(after);
            let page = self.store.messages(who, model.id, window, all(17)).await.unwrap();
            assert_eq!(page.as_of_seq, model.head);
            pages.extend(page.items);
            if !page.has_after {
                break;
            }
            after = pages.last().unwrap().seq;
        }
        assert_eq!(pages.iter().collect::<Vec<_>>(), timeline);
        for root in model.messages.iter().filter(|message| message.thread.is_some()) {
            let page = self.store.thread(who, model.id, root.id, 0, all(100)).await.unwrap();
            let replies = model.messages.iter().filter(|m| m.thread_root_id == Some(root.id));
            assert_eq!(
                page.items.iter().collect::<Vec<_>>(),
                replies.take(100).collect::<Vec<_>>()
            );
            assert_eq!(page.root, *root);
            let follows = model.follows.get(&(root.id, who)).copied().unwrap_or_default();
            assert_eq!(page.following, follows);
        }
    }
}
