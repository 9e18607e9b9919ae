//! Threads: what a root tells of its replies, and who follows.

use api::rest::messages::{Message, ThreadSummary};
use kernel::{MessageId, UserId};
use rusqlite::{Connection, OptionalExtension as _};

use super::{
    changes::touch,
    memory::Head,
    mentions::Mentions,
    rows::{self, Sql, stored},
};

/// People that a root's summary names.
const REPLIERS: usize = 10;
/// Followers who get a notice of a reply.
const FOLLOWERS: i64 = 1_000;

/// The author of the root, who replies and who is mentioned follow the thread from now on; the
/// author and the mentioned not if they decided otherwise before.
pub(super) fn follow_by_reply(
    connection: &Connection,
    head: &Head,
    root: &Message,
    by: UserId,
    mentions: &Mentions,
) -> Sql<()> {
    set_following(connection, head.no, root.id, by, true)?;
    for user in std::iter::once(&root.sender_id).chain(&mentions.users) {
        follow_unless_decided(connection, head.no, root.id, *user)?;
    }
    Ok(())
}

/// Follows the thread, unless the person decided about it before.
pub(super) fn follow_unless_decided(
    connection: &Connection,
    chat: i64,
    root: MessageId,
    user: UserId,
) -> Sql<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO follows VALUES (?,?,?,1)")?
        .execute((chat, root.as_bytes(), user.as_bytes()))
        .map(|_| ())
}

/// Follows the thread, or no longer. `false`: nothing was different.
pub(super) fn set_following(
    connection: &Connection,
    chat: i64,
    root: MessageId,
    user: UserId,
    following: bool,
) -> Sql<bool> {
    if is_following(connection, chat, root, user)? == following {
        return Ok(false);
    }
    connection.prepare_cached("INSERT OR REPLACE INTO follows VALUES (?,?,?,?)")?.execute((
        chat,
        root.as_bytes(),
        user.as_bytes(),
        following,
    ))?;
    Ok(true)
}

/// Whether the person follows the thread.
pub(super) fn is_following(
    connection: &Connection,
    chat: i64,
    root: MessageId,
    user: UserId,
) -> Sql<bool> {
    connection
        .prepare_cached("SELECT following FROM follows WHERE chat = ? AND root = ? AND user = ?")?
        .query_row((chat, root.as_bytes(), user.as_bytes()), |row| row.get(0))
        .optional()
        .map(Option::unwrap_or_default)
}

/// Who follows the thread.
pub(super) fn followers(connection: &Connection, chat: i64, root: MessageId) -> Sql<Vec<UserId>> {
    connection
        .prepare_cached(
            "SELECT user FROM follows WHERE chat = ? AND root = ? AND following = 1 LIMIT ?",
        )?
        .query_map((chat, root.as_bytes(), FOLLOWERS), |row| rows::id(row, 0))?
        .collect()
}

/// Counts a reply in its root's summary. The rule is one that a client can repeat from the event
/// alone: one more reply, its time, and its sender if there is room.
pub(super) fn count_reply(
    connection: &Connection,
    head: &Head,
    root: Message,
    reply: &Message,
) -> Sql<()> {
    let summary = root.thread.clone().unwrap_or(ThreadSummary {
        reply_count: 0,
        last_reply_at: None,
        user_ids: Vec::new(),
    });
    let mut users = summary.user_ids;
    if users.len() < REPLIERS && !users.contains(&reply.sender_id) {
        users.push(reply.sender_id);
    }
    let repliers: Vec<u8> = users.iter().flat_map(|user| *user.as_bytes()).collect();
    touch(connection, head.no, &root, reply.seq)?;
    connection
        .prepare_cached(
            "UPDATE message_states SET reply_count = ?3, last_reply_at = ?4, repliers = ?5 \
             WHERE chat = ?1 AND seq = ?2",
        )?
        .execute((
            head.no,
            stored(root.seq),
            stored(summary.reply_count + 1),
            reply.created_at.as_millis(),
            repliers,
        ))
        .map(|_| ())
}

/// Takes a deleted reply out of its root's count. Who replied and when stays as it was told.
pub(super) fn uncount_reply(
    connection: &Connection,
    head: &Head,
    root: &Message,
    version: i64,
) -> Sql<()> {
    touch(connection, head.no, root, rows::told(version))?;
    connection
        .prepare_cached(
            "UPDATE message_states SET reply_count = max(reply_count - 1, 0) \
             WHERE chat = ?1 AND seq = ?2",
        )?
        .execute((head.no, stored(root.seq)))
        .map(|_| ())
}
