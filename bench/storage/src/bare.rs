//! A bare loop over rusqlite: the same rows, keys, settings and batches, and nothing else. No
//! checks, no memory beyond counters, no events for anybody.

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, Instant},
};

use futures::future::try_join_all;
use kernel::{ChatId, ClientId, MessageId, Timestamp, UserId};
use rusqlite::{Connection, params};
use tokio::sync::{mpsc, oneshot};

use crate::{
    Failure, Options,
    measure::{Cost, Watch},
    world::World,
};

/// As our writer has it.
const BATCH: usize = 512;

struct Row {
    chat: ChatId,
    by: UserId,
    id: uuid::Uuid,
    client_id: ClientId,
    at: Timestamp,
    text: String,
    done: oneshot::Sender<i64>,
}

/// The loop, in a thread of its own.
pub(crate) struct Loop {
    rows: mpsc::Sender<Row>,
}

impl Loop {
    pub(crate) fn start(path: &Path) -> Result<Self, Failure> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -32768;
             PRAGMA wal_autocheckpoint = 20000;",
        )?;
        let mut counters = Counters::load(&connection)?;
        let (rows, mut queue) = mpsc::channel(8_192);
        std::thread::spawn(move || {
            let mut batch = Vec::with_capacity(BATCH);
            while queue.blocking_recv_many(&mut batch, BATCH) > 0 {
                match counters.write(&connection, &batch) {
                    Ok(seqs) => {
                        for (row, seq) in batch.drain(..).zip(seqs) {
                            let _ = row.done.send(seq);
                        }
                    }
                    // The callers see that nobody answers.
                    Err(_) => return,
                }
            }
        });
        Ok(Self { rows })
    }

    pub(crate) async fn turn(&mut self, world: &World, options: &Options) -> Result<Cost, Failure> {
        let watch = Watch::start();
        let until = Instant::now() + Duration::from_secs(options.seconds);
        let callers = world.people.iter().enumerate().map(|(n, by)| {
            let (queue, ids, chats) = (self.rows.clone(), world.ids.clone(), world.chats.clone());
            let (by, text, spread) = (*by, world.text.clone(), options.spread.max(1));
            tokio::spawn(async move {
                let mut answered = Vec::new();
                for round in 0.. {
                    let started = Instant::now();
                    if started >= until {
                        break;
                    }
                    let (done, written) = oneshot::channel();
                    let row = Row {
                        chat: chats[(n * spread + round % spread) % chats.len()],
                        by,
                        id: ids.make(),
                        client_id: ids.make(),
                        at: ids.now(),
                        text: text.clone(),
                        done,
                    };
                    queue.send(row).await?;
                    written.await?;
                    answered.push(started.elapsed());
                }
                Ok::<_, Failure>(answered)
            })
        });
        let mut answered = Vec::new();
        for caller in try_join_all(callers).await? {
            answered.extend(caller?);
        }
        Ok(watch.cost(answered))
    }
}

/// What has to be in memory to give each row its keys.
struct Counters {
    no: i64,
    /// no, head and messages of a chat.
    chats: HashMap<ChatId, (i64, i64, i64)>,
    /// no and messages of a person in a chat.
    people: HashMap<(i64, UserId), (i64, i64)>,
}

impl Counters {
    fn load(connection: &Connection) -> Result<Self, rusqlite::Error> {
        let no = connection.query_row("SELECT max(no) FROM events", [], |row| row.get(0))?;
        let chats = connection
            .prepare("SELECT id, no, head_seq, posts FROM chats")?
            .query_map([], |row| {
                let id = ChatId::from_uuid(row.get(0)?);
                Ok((id, (row.get(1)?, row.get(2)?, row.get(3)?)))
            })?
            .collect::<Result<_, _>>()?;
        let people = connection
            .prepare("SELECT chat, user, no, own_posts FROM participants")?
            .query_map([], |row| {
                let key = (row.get(0)?, UserId::from_uuid(row.get(1)?));
                Ok((key, (row.get(2)?, row.get(3)?)))
            })?
            .collect::<Result<_, _>>()?;
        Ok(Self { no, chats, people })
    }

    fn write(&mut self, connection: &Connection, batch: &[Row]) -> Result<Vec<i64>, Failure> {
        let mut seqs = Vec::with_capacity(batch.len());
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        {
            let mut insert = connection
                .prepare_cached("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")?;
            let mut person = connection.prepare_cached(
                "UPDATE participants SET own_posts = ?2, own_last = ?3 WHERE no = ?1",
            )?;
            let none = Option::<i64>::None;
            for row in batch {
                let (chat, head, posts) = self.chats.get_mut(&row.chat).ok_or("no such chat")?;
                let (of, own) = self.people.get_mut(&(*chat, row.by)).ok_or("no such person")?;
                self.no += 1;
                *head += 1;
                *posts += 1;
                *own += 1;
                let id = MessageId::with_seq(row.id, u64::try_from(*head)?);
                insert.execute(params![
                    self.no,
                    *chat,
                    *head,
                    1,
                    row.by.as_bytes(),
                    row.at.as_millis(),
                    id.as_bytes(),
                    row.client_id.as_bytes(),
                    0,
                    *posts,
                    none,
                    none,
                    row.text,
                    none,
                    none,
                ])?;
                person.execute((*of, *own, *head))?;
                seqs.push(*head);
            }
            let mut update = connection.prepare_cached(
                "UPDATE chats SET head_seq = ?2, posts = ?3, last_message = ?2, activity = ?4 \
                 WHERE no = ?1",
            )?;
            let touched: HashMap<ChatId, ()> = batch.iter().map(|row| (row.chat, ())).collect();
            for chat in touched.keys() {
                let (no, head, posts) = self.chats.get(chat).ok_or("no such chat")?;
                update.execute((no, head, posts, self.no))?;
            }
        }
        connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(seqs)
    }
}
