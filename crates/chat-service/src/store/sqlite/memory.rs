//! What is kept in memory of a chat and of a person in it, and how it is loaded and saved.

use std::sync::Arc;

use api::rest::chats::{ChatInfo, Notify, Role};
use kernel::{ChatId, UserId};
use rusqlite::{Connection, OptionalExtension as _};

use super::rows::{self, CHAT_INFO, CHAT_INFO_COLUMNS, Sql, notify_of, role_of};

/// A chat's head.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) no: i64,
    pub(super) info: Arc<ChatInfo>,
    pub(super) pair: Option<(UserId, UserId)>,
    pub(super) seq: i64,
    pub(super) posts: i64,
    pub(super) participants: i64,
    pub(super) last_message: i64,
    pub(super) last_reply: i64,
    pub(super) last_deleted: i64,
    pub(super) activity: i64,
    /// Memory holds more than the row.
    pub(super) dirty: bool,
}

/// A person's place in a chat.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) no: i64,
    /// `None`: left.
    pub(super) role: Option<Role>,
    pub(super) notify: Notify,
    pub(super) read: Position,
    pub(super) own_posts: i64,
    pub(super) own_last: i64,
    /// Memory holds more than the row.
    pub(super) dirty: bool,
}

/// A read position with the counts up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) seq: i64,
    pub(super) posts: i64,
    pub(super) own: i64,
}

pub(super) fn load_head(connection: &Connection, chat: ChatId) -> Sql<Option<Head>> {
    const AT: usize = CHAT_INFO_COLUMNS;
    connection
        .prepare_cached(&format!(
            "SELECT {CHAT_INFO}, c.no, c.pair, c.head_seq, c.posts, c.participants, c.last_message, \
             c.last_reply, c.last_deleted, c.activity FROM chats c WHERE c.id = ?"
        ))?
        .query_row([chat.as_bytes()], |row| {
            Ok(Head {
                info: Arc::new(rows::chat_info(row)?),
                no: row.get(AT)?,
                pair: pair_of(row.get::<_, Option<Vec<u8>>>(AT + 1)?.as_deref()),
                seq: row.get(AT + 2)?,
                posts: row.get(AT + 3)?,
                participants: row.get(AT + 4)?,
                last_message: row.get(AT + 5)?,
                last_reply: row.get(AT + 6)?,
                last_deleted: row.get(AT + 7)?,
                activity: row.get(AT + 8)?,
                dirty: false,
            })
        })
        .optional()
}

pub(super) fn save_head(connection: &Connection, head: &Head) -> Sql<()> {
    connection
        .prepare_cached(
            "UPDATE chats SET head_seq = ?2, posts = ?3, participants = ?4, last_message = ?5, \
             last_reply = ?6, last_deleted = ?7, activity = ?8 WHERE no = ?1",
        )?
        .execute((
            head.no,
            head.seq,
            head.posts,
            head.participants,
            head.last_message,
            head.last_reply,
            head.last_deleted,
            head.activity,
        ))
        .map(|_| ())
}

/// Writes what posting changes of a person.
pub(super) const SAVE_MEMBER: &str =
    "UPDATE participants SET own_posts = ?2, own_last = ?3 WHERE no = ?1";

pub(super) fn load_member(connection: &Connection, chat: i64, user: UserId) -> Sql<Option<Member>> {
    connection
        .prepare_cached(
            "SELECT no, role, notify, read_seq, read_posts, read_own, own_posts, own_last \
             FROM participants WHERE chat = ? AND user = ?",
        )?
        .query_row((chat, user.as_bytes()), |row| {
            Ok(Member {
                no: row.get(0)?,
                role: role_of(row.get(1)?),
                notify: notify_of(row.get(2)?),
                read: Position { seq: row.get(3)?, posts: row.get(4)?, own: row.get(5)? },
                own_posts: row.get(6)?,
                own_last: row.get(7)?,
                dirty: false,
            })
        })
        .optional()
}

/// The two people of a direct chat.
pub(super) fn pair_of(bytes: Option<&[u8]>) -> Option<(UserId, UserId)> {
    let (first, second) = bytes?.split_at_checked(16)?;
    Some((UserId::from_slice(first)?, UserId::from_slice(second)?))
}

/// The key of a direct chat: the lower id first.
pub(super) fn pair_key(a: UserId, b: UserId) -> Vec<u8> {
    let (low, high) = if a <= b { (a, b) } else { (b, a) };
    [*low.as_bytes(), *high.as_bytes()].concat()
}
