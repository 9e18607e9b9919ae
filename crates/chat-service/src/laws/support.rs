//! What the laws stand on: a store that can be closed and opened again, people, chats.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use api::{
    ErrorCode, Problem,
    events::Event,
    rest::{
        chats::{ChatKind, Visibility},
        messages::{Message, PostMessage},
    },
};
use kernel::{ChatId, ClientId, Clock, Ids, Limit, MessageId, Random, Timestamp, UserId};
use uuid::Uuid;

use crate::{
    ChatError, Tail,
    domain::fingerprint,
    store::{Named, NewChat, NewMessage, Posted, SqliteStore, Store},
};

/// A clock that moves on by a millisecond each time it is asked.
pub(crate) struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Chance that can be repeated (SplitMix64).
pub(crate) struct Seeded(AtomicU64);

impl Seeded {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    pub(crate) fn next(&self) -> u64 {
        let step = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap()
    }

    pub(crate) fn one_in(&self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T>(&self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

/// Ids for one opening: each has its own chance, as each start of the program has.
pub(crate) fn ids() -> Ids {
    static OPENINGS: AtomicU64 = AtomicU64::new(1);
    let opening = OPENINGS.fetch_add(1, Ordering::Relaxed);
    let start = 1_800_000_000_000 + i64::try_from(opening).unwrap() * 10_000_000;
    Ids::new(Arc::new(Ticking(AtomicI64::new(start))), Arc::new(Seeded::new(opening << 32)))
}

type Open = fn(&Path) -> (Arc<dyn Store>, Arc<Tail>);

/// Opens the SQLite store.
pub(crate) fn open_sqlite(directory: &Path) -> (Arc<dyn Store>, Arc<Tail>) {
    let tail = Arc::new(Tail::default());
    let store = SqliteStore::open(directory, ids(), Arc::clone(&tail)).unwrap();
    (Arc::new(store), tail)
}

/// A store on a directory of its own.
pub(crate) struct Ground {
    pub(crate) directory: tempfile::TempDir,
    open: Open,
    opened: Option<(Arc<dyn Store>, Arc<Tail>)>,
}

impl Ground {
    pub(crate) fn new(open: Open) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let opened = Some(open(directory.path()));
        Self { directory, open, opened }
    }

    pub(crate) fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.opened.as_ref().unwrap().0)
    }

    pub(crate) fn tail(&self) -> Arc<Tail> {
        Arc::clone(&self.opened.as_ref().unwrap().1)
    }

    /// Closes the store; nobody else may hold it.
    pub(crate) fn close(&mut self) {
        let (store, _) = self.opened.take().unwrap();
        assert_eq!(Arc::strong_count(&store), 1, "somebody else holds the store");
    }

    /// Closes the store and opens what it left.
    pub(crate) fn reopen(&mut self) {
        self.close();
        self.opened = Some((self.open)(self.directory.path()));
    }
}

/// The person of that number.
pub(crate) fn user(n: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n))
}

pub(crate) fn client(n: u128) -> ClientId {
    ClientId::from_uuid(Uuid::from_u128(0x0191_0000_0000_7000_8000_0000_0000_0000 + n))
}

pub(crate) fn all(n: u32) -> Limit {
    Limit::at_most(Some(n), n, n).unwrap()
}

pub(crate) fn code(error: ChatError) -> ErrorCode {
    Problem::from(error).code
}

pub(crate) async fn group(store: &Arc<dyn Store>, people: &[UserId]) -> ChatId {
    make(store, ChatKind::Group, Visibility::Private, people).await
}

pub(crate) async fn channel(store: &Arc<dyn Store>, people: &[UserId]) -> ChatId {
    make(store, ChatKind::Channel, Visibility::Public, people).await
}

/// A chat of these people, made and owned by the first.
pub(crate) async fn make(
    store: &Arc<dyn Store>,
    kind: ChatKind,
    visibility: Visibility,
    people: &[UserId],
) -> ChatId {
    let new = NewChat {
        by: people[0],
        kind,
        visibility,
        name: (kind != ChatKind::Direct).then(|| "a chat".to_owned()),
        topic: String::new(),
        others: people[1..].to_vec(),
    };
    store.create(new).await.unwrap().chat_id
}

pub(crate) fn body(key: u128, text: &str) -> PostMessage {
    PostMessage {
        client_id: client(key),
        text: text.to_owned(),
        reply_to: None,
        thread_root_id: None,
        also_in_chat: false,
        attachment_ids: Vec::new(),
    }
}

pub(crate) fn new_message(
    by: UserId,
    chat: ChatId,
    body: &PostMessage,
    named: Named,
) -> NewMessage {
    NewMessage {
        by,
        chat_id: chat,
        client_id: body.client_id,
        fingerprint: fingerprint::of(chat, body),
        text: body.text.clone(),
        reply_to: body.reply_to,
        thread_root_id: body.thread_root_id,
        also_in_chat: body.also_in_chat,
        named,
        blocked: false,
    }
}

pub(crate) async fn post(
    store: &Arc<dyn Store>,
    by: UserId,
    chat: ChatId,
    body: &PostMessage,
) -> Result<Posted, ErrorCode> {
    store.post(new_message(by, chat, body, Named::default())).await.map_err(code)
}

/// Posts a plain message that must be taken.
pub(crate) async fn say(
    store: &Arc<dyn Store>,
    by: UserId,
    chat: ChatId,
    key: u128,
    text: &str,
) -> Message {
    post(store, by, chat, &body(key, text)).await.unwrap().message
}

/// Replies in a thread.
pub(crate) async fn reply(
    store: &Arc<dyn Store>,
    by: UserId,
    chat: ChatId,
    key: u128,
    root: MessageId,
) -> Message {
    let body = PostMessage { thread_root_id: Some(root), ..body(key, "a reply") };
    post(store, by, chat, &body).await.unwrap().message
}

/// The whole log of a chat.
pub(crate) async fn log(store: &Arc<dyn Store>, chat: ChatId) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    loop {
        let after = events.last().map_or(0, |event| event.seq);
        let page = store.events(None, chat, after, all(500)).await.unwrap();
        events.extend(page.items);
        if !page.has_more {
            return events;
        }
    }
}

pub(crate) async fn head(store: &Arc<dyn Store>, chat: ChatId) -> u64 {
    store.events(None, chat, u64::MAX, all(1)).await.unwrap().head_seq
}
