//! Reading messages, the log, and people.

use api::{
    events::{Event, Head},
    rest::{
        chats::Participant,
        messages::{EventPage, Message, MessagePage, MessageVersion, ThreadPage},
    },
};
use kernel::{ChatId, Limit, MessageId, Page, UserId};
use rusqlite::{Connection, OptionalExtension as _};

use super::{
    membership::to_participant,
    memory::pair_of,
    rows::{self, EVENT, MESSAGE, Sql, stored, told},
    state::Stop,
    threads,
    view::entered,
};
use crate::{
    ChatError,
    domain::notice::Addressees,
    store::{ChatShape, Logged, Window},
};

const JOIN_STATES: &str = "LEFT JOIN message_states s ON s.chat = e.chat AND s.seq = e.seq";

pub(super) fn messages(
    connection: &Connection,
    user: UserId,
    chat_id: ChatId,
    window: Window,
    limit: Limit,
) -> Result<MessagePage, Stop> {
    let (view, _) = entered(connection, chat_id, user)?;
    let chat = (view.totals.chat, chat_id);
    let limit = limit.get() as usize;
    let (mut older, mut newer) = match window {
        Window::Newest => (before(connection, chat, i64::MAX, limit + 1)?, Vec::new()),
        Window::Before(seq) => (before(connection, chat, stored(seq), limit + 1)?, Vec::new()),
        Window::After(seq) => (Vec::new(), after(connection, chat, stored(seq), limit + 1)?),
        Window::Around(seq) => (
            before(connection, chat, stored(seq).saturating_add(1), limit + 1)?,
            after(connection, chat, stored(seq), limit + 1)?,
        ),
    };
    // Half on each side; what one side has not, the other may fill.
    let from_newer = newer.len().min((limit / 2).max(limit.saturating_sub(older.len())));
    let from_older = older.len().min(limit - from_newer);
    let mut has_before = older.len() > from_older;
    let mut has_after = newer.len() > from_newer;
    older.truncate(from_older);
    newer.truncate(from_newer);
    older.reverse();
    older.append(&mut newer);
    match window {
        Window::Before(seq) => has_after = !after(connection, chat, stored(seq) - 1, 1)?.is_empty(),
        Window::After(seq) => {
            has_before = !before(connection, chat, stored(seq).saturating_add(1), 1)?.is_empty();
        }
        Window::Newest | Window::Around(_) => {}
    }
    Ok(MessagePage {
        items: older,
        as_of_seq: told(view.totals.seq),
        epoch: view.info.epoch,
        has_before,
        has_after,
        next_cursor: None,
    })
}

/// Messages of the timeline before `seq`, the nearest first.
fn before(
    connection: &Connection,
    (chat, chat_id): (i64, ChatId),
    seq: i64,
    count: usize,
) -> Sql<Vec<Message>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {MESSAGE} FROM events e {JOIN_STATES} \
         WHERE e.chat = ? AND e.seq < ? AND e.kind = 1 ORDER BY e.seq DESC LIMIT ?"
    ))?;
    rows::messages(connection, &mut statement, (chat, seq, stored(count as u64)), chat, chat_id)
}

/// Messages of the timeline after `seq`, the nearest first.
fn after(
    connection: &Connection,
    (chat, chat_id): (i64, ChatId),
    seq: i64,
    count: usize,
) -> Sql<Vec<Message>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {MESSAGE} FROM events e {JOIN_STATES} \
         WHERE e.chat = ? AND e.seq > ? AND e.kind = 1 ORDER BY e.seq LIMIT ?"
    ))?;
    rows::messages(connection, &mut statement, (chat, seq, stored(count as u64)), chat, chat_id)
}

pub(super) fn message(
    connection: &Connection,
    user: UserId,
    chat: ChatId,
    id: MessageId,
) -> Result<(i64, Message), Stop> {
    let (view, _) = entered(connection, chat, user)?;
    let found = rows::message_by_id(connection, view.totals.chat, chat, id)?;
    Ok((view.totals.chat, found.ok_or(ChatError::MessageNotFound)?))
}

pub(super) fn history(
    connection: &Connection,
    user: UserId,
    chat: ChatId,
    id: MessageId,
) -> Result<Vec<MessageVersion>, Stop> {
    let (no, message) = message(connection, user, chat, id)?;
    if message.deleted_at.is_some() {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(
        "SELECT seq, text, at FROM events WHERE chat = ?1 AND seq = ?2 \
         UNION ALL \
         SELECT seq, text, at FROM events WHERE chat = ?1 AND subject = ?3 AND kind = 3 ORDER BY seq",
    )?;
    let versions = statement
        .query_map((no, stored(message.seq), id.as_bytes()), |row| {
            Ok(MessageVersion {
                version: told(row.get(0)?),
                text: row.get(1)?,
                at: rows::time(row, 2)?,
            })
        })?
        .collect::<Sql<_>>()?;
    Ok(versions)
}

pub(super) fn thread(
    connection: &Connection,
    user: UserId,
    chat: ChatId,
    id: MessageId,
    after: u64,
    limit: Limit,
) -> Result<ThreadPage, Stop> {
    let (view, _) = entered(connection, chat, user)?;
    let no = view.totals.chat;
    let mut root =
        rows::message_by_id(connection, no, chat, id)?.ok_or(ChatError::MessageNotFound)?;
    if let Some(of) = root.thread_root_id {
        root = rows::message_by_id(connection, no, chat, of)?.ok_or(ChatError::MessageNotFound)?;
    }
    let size = limit.get() as usize;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {MESSAGE} FROM events e {JOIN_STATES} \
         WHERE e.chat = ? AND e.root = ? AND e.seq > ? ORDER BY e.seq LIMIT ?"
    ))?;
    let parameters = (no, root.id.as_bytes(), stored(after), stored(size as u64 + 1));
    let mut items = rows::messages(connection, &mut statement, parameters, no, chat)?;
    let has_after = items.len() > size;
    items.truncate(size);
    Ok(ThreadPage {
        following: threads::is_following(connection, no, root.id, user)?,
        root,
        items,
        as_of_seq: told(view.totals.seq),
        has_after,
        next_cursor: None,
    })
}

pub(super) fn events(
    connection: &Connection,
    user: Option<UserId>,
    chat: ChatId,
    after: u64,
    limit: Limit,
) -> Result<EventPage, Stop> {
    if let Some(user) = user {
        entered(connection, chat, user)?;
    }
    let (no, head_seq, epoch) = connection
        .prepare_cached("SELECT no, head_seq, epoch FROM chats WHERE id = ?")?
        .query_row([chat.as_bytes()], |row| {
            Ok((row.get::<_, i64>(0)?, told(row.get(1)?), row.get(2)?))
        })
        .optional()?
        .ok_or(ChatError::ChatNotFound)?;
    let items = connection
        .prepare_cached(&format!(
            "SELECT {EVENT} FROM events e WHERE e.chat = ? AND e.seq > ? ORDER BY e.seq LIMIT ?"
        ))?
        .query_map((no, stored(after), limit.get()), |row| rows::event(row, chat))?
        .collect::<Sql<Vec<Event>>>()?;
    let has_more = items.last().map_or(after, |last| last.seq) < head_seq;
    Ok(EventPage { items, epoch, head_seq, has_more, next_cursor: None })
}

pub(super) fn participants(
    connection: &Connection,
    user: UserId,
    chat: ChatId,
    limit: Limit,
    after: Option<u64>,
) -> Result<Page<Participant>, Stop> {
    let (view, _) = entered(connection, chat, user)?;
    let found = connection
        .prepare_cached(
            "SELECT user, role, joined_at, joined_seq FROM participants \
             WHERE chat = ? AND role > 0 AND joined_seq > ? ORDER BY joined_seq LIMIT ?",
        )?
        .query_map(
            (view.totals.chat, after.map_or(0, stored), i64::from(limit.get()) + 1),
            |row| Ok((to_participant(row)?, told(row.get(3)?))),
        )?
        .collect::<Sql<Vec<_>>>()?;
    let page = Page::from_overfetch(found, limit, |(_, place)| *place);
    Ok(page.map(|(participant, _)| participant))
}

pub(super) fn heads_of(connection: &Connection, user: UserId) -> Sql<Vec<(ChatId, Head)>> {
    connection
        .prepare_cached(
            "SELECT c.id, c.head_seq, c.epoch FROM participants p JOIN chats c ON c.no = p.chat \
             WHERE p.user = ? AND p.role > 0",
        )?
        .query_map([user.as_bytes()], |row| {
            Ok((rows::id(row, 0)?, Head { seq: told(row.get(1)?), epoch: row.get(2)? }))
        })?
        .collect()
}

pub(super) fn participants_of(connection: &Connection, chat: ChatId) -> Sql<Vec<UserId>> {
    connection
        .prepare_cached(
            "SELECT user FROM participants WHERE chat = (SELECT no FROM chats WHERE id = ?) \
             AND role > 0 ORDER BY joined_seq",
        )?
        .query_map([chat.as_bytes()], |row| rows::id(row, 0))?
        .collect()
}

pub(super) fn shape(connection: &Connection, chat: ChatId) -> Sql<Option<ChatShape>> {
    connection
        .prepare_cached("SELECT kind, pair FROM chats WHERE id = ?")?
        .query_row([chat.as_bytes()], |row| {
            Ok(ChatShape {
                kind: rows::kind_of(row.get(0)?)
                    .ok_or_else(|| rows::corrupt("an unknown kind of chat"))?,
                pair: pair_of(row.get::<_, Option<Vec<u8>>>(1)?.as_deref()),
            })
        })
        .optional()
}

pub(super) fn relayed(connection: &Connection) -> Sql<u64> {
    connection.query_row("SELECT no FROM relay", [], |row| row.get(0)).map(told)
}

pub(super) fn logged(connection: &Connection, after: u64, limit: u32) -> Sql<Vec<Logged>> {
    connection
        .prepare_cached(&format!(
            "SELECT {EVENT}, e.no, e.notices, c.id, c.name FROM events e JOIN chats c ON c.no = e.chat \
             WHERE e.no > ? ORDER BY e.no LIMIT ?"
        ))?
        .query_map((stored(after), limit), |row| {
            let event = rows::event(row, rows::id(row, 12)?)?;
            let to = Addressees::decode(row.get::<_, Option<Vec<u8>>>(11)?.as_deref());
            let notices = to.notices(&event, row.get::<_, Option<String>>(13)?.as_deref());
            Ok(Logged { no: told(row.get(10)?), event: event.into(), notices })
        })?
        .collect()
}
