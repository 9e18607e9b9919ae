//! Fills a closed file with messages, past all checks: 100,000 in the first chat, the rest spread.

use std::path::Path;

use kernel::MessageId;
use rusqlite::{Connection, params};

use crate::{Failure, world::World};

/// Messages of the first chat.
const FIRST: u64 = 100_000;
/// Rows of a transaction.
const SLICE: u64 = 100_000;

pub(crate) fn fill(path: &Path, world: &World, count: u64) -> Result<(), Failure> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -524288;",
    )?;
    let mut no: i64 = connection.query_row("SELECT max(no) FROM events", [], |row| row.get(0))?;
    let mut chats: Vec<(i64, i64, i64)> = connection
        .prepare("SELECT no, head_seq, posts FROM chats ORDER BY no")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let none = Option::<i64>::None;
    for n in 0..count {
        if n % SLICE == 0 {
            if n > 0 {
                connection.execute_batch("COMMIT")?;
            }
            connection.execute_batch("BEGIN")?;
        }
        // The first chat's messages lie among all the others', as they would in life.
        let every = (count / FIRST.min(count)).max(1);
        let others = u64::try_from(chats.len() - 1)?.max(1);
        let at = if n % every == 0 { 0 } else { 1 + (n * 7_919) % others };
        let (chat, head, posts) = chats.get_mut(usize::try_from(at)?).ok_or("no such chat")?;
        let by = world.people[usize::try_from(n)? * 31 % world.people.len()];
        no += 1;
        *head += 1;
        *posts += 1;
        let id = MessageId::with_seq(world.ids.make(), u64::try_from(*head)?);
        let client_id: uuid::Uuid = world.ids.make();
        connection
            .prepare_cached("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")?
            .execute(params![
                no,
                *chat,
                *head,
                1,
                by.as_bytes(),
                world.ids.now().as_millis(),
                id.as_bytes(),
                client_id,
                0,
                *posts,
                none,
                none,
                world.text,
                none,
                none,
            ])?;
    }
    for (chat, head, posts) in chats {
        connection
            .prepare_cached(
                "UPDATE chats SET head_seq = ?2, posts = ?3, last_message = ?2, activity = ?4 + no \
                 WHERE no = ?1",
            )?
            .execute((chat, head, posts, no))?;
    }
    connection.execute_batch("COMMIT")?;
    connection.execute_batch("PRAGMA journal_mode = WAL;")?;
    Ok(())
}
