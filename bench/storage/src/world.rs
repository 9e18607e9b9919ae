//! The people and chats that both sides write to.

use std::{path::Path, sync::Arc};

use api::rest::chats::{ChatKind, Visibility};
use chat_service::{
    Tail,
    store::{NewChat, SqliteStore, Store},
};
use futures::future::try_join_all;
use kernel::{ChatId, Clock, Ids, Random, Timestamp, UserId};

use crate::Failure;

/// Chats, each of all the people.
const CHATS: usize = 200;

/// Who writes where.
pub(crate) struct World {
    pub(crate) people: Vec<UserId>,
    pub(crate) chats: Vec<ChatId>,
    pub(crate) ids: Ids,
    pub(crate) text: String,
}

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the root of a program makes the real clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let millis = since.map_or(0, |since| since.as_millis());
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Without chance there is nothing to measure; ids that collide would fail the run.
        let _ = getrandom::fill(bytes);
    }
}

fn ids() -> Ids {
    Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom))
}

/// Opens our store.
pub(crate) fn open(directory: &Path) -> Result<Arc<dyn Store>, Failure> {
    Ok(Arc::new(SqliteStore::open(directory, ids(), Arc::new(Tail::default()))?))
}

/// Makes the people and their chats, and leaves the file closed.
pub(crate) async fn build(directory: &Path, callers: usize) -> Result<World, Failure> {
    let ids = ids();
    let people: Vec<UserId> = (0..callers).map(|_| ids.make()).collect();
    let store = open(directory)?;
    let made = (0..CHATS).map(|n| {
        store.create(NewChat {
            by: people[n % people.len()],
            kind: ChatKind::Group,
            visibility: Visibility::Private,
            name: Some(format!("chat {n}")),
            topic: String::new(),
            others: people.iter().copied().filter(|id| *id != people[n % people.len()]).collect(),
        })
    });
    let chats = try_join_all(made).await?.into_iter().map(|created| created.chat_id).collect();
    drop(store);
    // What the WAL holds goes into the file, which is copied next.
    rusqlite::Connection::open(directory.join("chats.db"))?.query_row(
        "PRAGMA wal_checkpoint(TRUNCATE)",
        [],
        |_| Ok(()),
    )?;
    let text = "The quick brown fox jumps over the lazy dog, and then does it all over again: \
                one hundred bytes."
        .to_owned();
    Ok(World { people, chats, ids, text })
}
