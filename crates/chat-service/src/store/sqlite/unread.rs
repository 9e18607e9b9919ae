//! Unread counts and read positions, without counting the log.
//!
//! Every entry of the log holds how many messages the timeline had up to it, and every person's
//! row how many of them were theirs: so the messages of others after a read position are two
//! subtractions. Corrected are, by short scans of their own indexes, messages deleted since and
//! replies in threads that the person follows.

use kernel::UserId;
use rusqlite::Connection;

use super::{memory::Position, rows::Sql};

/// What counting needs of a chat.
#[derive(Debug, Clone, Copy)]
pub(super) struct Totals {
    pub(super) chat: i64,
    pub(super) seq: i64,
    pub(super) posts: i64,
    pub(super) last_reply: i64,
    pub(super) last_deleted: i64,
}

/// What counting needs of a person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    pub(super) user: UserId,
    pub(super) posts: i64,
    pub(super) last: i64,
    pub(super) read: Position,
}

/// Messages of others after the read position, and those that mention the person.
pub(super) fn count(connection: &Connection, chat: Totals, own: Own) -> Sql<(u64, u64)> {
    let read = own.read;
    let mut unread = (chat.posts - read.posts) - (own.posts - read.own);
    if chat.last_deleted > read.seq {
        unread -= deleted(connection, chat.chat, own)?;
    }
    if chat.last_reply > read.seq {
        unread += followed(connection, chat.chat, own)?;
    }
    let mentions = if chat.seq > read.seq { mentions(connection, chat.chat, own)? } else { 0 };
    Ok((super::rows::told(unread), super::rows::told(mentions)))
}

fn deleted(connection: &Connection, chat: i64, own: Own) -> Sql<i64> {
    connection
        .prepare_cached(
            "SELECT count(*) FROM message_states INDEXED BY deleted_messages \
             WHERE chat = ? AND seq > ? AND sender <> ? AND deleted_at IS NOT NULL AND timeline = 1",
        )?
        .query_row((chat, own.read.seq, own.user.as_bytes()), |row| row.get(0))
}

fn followed(connection: &Connection, chat: i64, own: Own) -> Sql<i64> {
    connection
        .prepare_cached(
            "SELECT count(*) FROM follows f INDEXED BY followed_by CROSS JOIN events e \
             ON e.chat = f.chat AND e.root = f.root AND e.seq > ?2 \
             LEFT JOIN message_states s ON s.chat = e.chat AND s.seq = e.seq \
             WHERE f.chat = ?1 AND f.user = ?3 AND f.following = 1 \
             AND e.kind = 2 AND e.actor <> ?3 AND s.deleted_at IS NULL",
        )?
        .query_row((chat, own.read.seq, own.user.as_bytes()), |row| row.get(0))
}

fn mentions(connection: &Connection, chat: i64, own: Own) -> Sql<i64> {
    connection
        .prepare_cached(
            "SELECT count(DISTINCT m.seq) FROM mentions m \
             WHERE m.chat = ?1 AND m.user IN (?3, x'') AND m.seq > ?2 AND m.sender <> ?3 \
             AND (m.root IS NULL OR EXISTS (SELECT 1 FROM follows f \
                  WHERE f.chat = ?1 AND f.root = m.root AND f.user = ?3 AND f.following = 1))",
        )?
        .query_row((chat, own.read.seq, own.user.as_bytes()), |row| row.get(0))
}

/// The read position at `seq`, or at the head if that is lower. It depends on the log alone, so
/// it stays right whatever is written after.
pub(super) fn position(connection: &Connection, chat: Totals, own: Own, seq: i64) -> Sql<Position> {
    if seq >= chat.seq {
        return Ok(Position { seq: chat.seq, posts: chat.posts, own: own.posts });
    }
    if seq <= 0 {
        return Ok(Position { seq: 0, posts: 0, own: 0 });
    }
    let posts = connection
        .prepare_cached("SELECT posts FROM events WHERE chat = ? AND seq = ?")?
        .query_row((chat.chat, seq), |row| row.get(0))?;
    Ok(Position { seq, posts, own: own_up_to(connection, chat.chat, own, seq)? })
}

/// How many of the person's messages the timeline has up to `seq`: counted from the nearest place
/// where that is known.
fn own_up_to(connection: &Connection, chat: i64, own: Own, seq: i64) -> Sql<i64> {
    if own.last <= seq {
        return Ok(own.posts);
    }
    let between = |after: i64, to: i64| -> Sql<i64> {
        connection
            .prepare_cached(
                "SELECT count(*) FROM events \
                 WHERE chat = ? AND seq > ? AND seq <= ? AND kind = 1 AND actor = ?",
            )?
            .query_row((chat, after, to, own.user.as_bytes()), |row| row.get(0))
    };
    let read = own.read;
    let (from_start, from_end, from_read) = (seq, own.last - seq, (seq - read.seq).abs());
    if from_read <= from_start && from_read <= from_end {
        return if seq >= read.seq {
            Ok(read.own + between(read.seq, seq)?)
        } else {
            Ok(read.own - between(seq, read.seq)?)
        };
    }
    if from_start <= from_end { between(0, seq) } else { Ok(own.posts - between(seq, own.last)?) }
}
