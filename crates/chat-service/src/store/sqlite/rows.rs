//! Rows as the types of the wire.

use api::{
    events::{Change, Event},
    rest::{
        chats::{ChatInfo, ChatKind, Notify, Role, Visibility},
        messages::{Message, MessageKind, Reaction, ThreadSummary},
    },
};
use kernel::{ChatId, ClientId, EventId, MessageId, Timestamp, UserId};
use rusqlite::{
    CachedStatement, Connection, Row,
    types::{FromSqlError, Type, ValueRef},
};
use uuid::Uuid;

/// What `events.kind` holds.
pub(super) mod kind {
    /// A message of the timeline.
    pub(in super::super) const POSTED: i64 = 1;
    /// A message of a thread only.
    pub(in super::super) const REPLIED: i64 = 2;
    pub(in super::super) const EDITED: i64 = 3;
    pub(in super::super) const DELETED: i64 = 4;
    pub(in super::super) const REACTION_ADDED: i64 = 5;
    pub(in super::super) const REACTION_REMOVED: i64 = 6;
    pub(in super::super) const JOINED: i64 = 7;
    pub(in super::super) const LEFT: i64 = 8;
    pub(in super::super) const ROLE_CHANGED: i64 = 9;
    pub(in super::super) const UPDATED: i64 = 10;
    pub(in super::super) const ARCHIVED: i64 = 11;
}

pub(super) type Sql<T> = Result<T, rusqlite::Error>;

/// A `seq` or count as SQLite keeps it; beyond what it can hold, the highest.
pub(super) fn stored(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A `seq` or count as the wire has it.
pub(super) fn told(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// What is stored is not what this code stores.
pub(super) fn corrupt(what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Null, what.into())
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Sql<T> {
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}

/// A value as the store's JSON.
pub(super) fn to_json<T: serde::Serialize>(value: &T) -> Sql<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// An id in a column.
pub(super) fn id<T: From<Uuid>>(row: &Row<'_>, column: usize) -> Sql<T> {
    Ok(T::from(row.get::<_, Uuid>(column)?))
}

pub(super) fn maybe_id<T: From<Uuid>>(row: &Row<'_>, column: usize) -> Sql<Option<T>> {
    Ok(row.get::<_, Option<Uuid>>(column)?.map(T::from))
}

pub(super) fn time(row: &Row<'_>, column: usize) -> Sql<Timestamp> {
    Ok(Timestamp::from_millis(row.get(column)?))
}

pub(super) fn maybe_time(row: &Row<'_>, column: usize) -> Sql<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_millis))
}

fn text<'r>(row: &'r Row<'_>, column: usize) -> Sql<Option<&'r str>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        value => value.as_str().map(Some).map_err(|error: FromSqlError| {
            rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
        }),
    }
}

pub(super) const fn role_code(role: Role) -> i64 {
    match role {
        Role::Member => 1,
        Role::Admin => 2,
        Role::Owner => 3,
    }
}

/// The role; `None` for somebody who left.
pub(super) const fn role_of(code: i64) -> Option<Role> {
    match code {
        1 => Some(Role::Member),
        2 => Some(Role::Admin),
        3 => Some(Role::Owner),
        _ => None,
    }
}

pub(super) const fn notify_code(notify: Notify) -> i64 {
    match notify {
        Notify::All => 0,
        Notify::Mentions => 1,
        Notify::None => 2,
    }
}

pub(super) const fn notify_of(code: i64) -> Notify {
    match code {
        0 => Notify::All,
        1 => Notify::Mentions,
        _ => Notify::None,
    }
}

pub(super) const fn kind_code(kind: ChatKind) -> i64 {
    match kind {
        ChatKind::Direct => 1,
        ChatKind::Group => 2,
        ChatKind::Channel => 3,
    }
}

pub(super) const fn kind_of(code: i64) -> Option<ChatKind> {
    match code {
        1 => Some(ChatKind::Direct),
        2 => Some(ChatKind::Group),
        3 => Some(ChatKind::Channel),
        _ => None,
    }
}

/// The columns that [`chat_info`] reads, of `chats AS c`.
pub(super) const CHAT_INFO: &str =
    "c.id, c.kind, c.public, c.name, c.topic, c.epoch, c.created_by, c.created_at, c.archived_at";
/// How many they are.
pub(super) const CHAT_INFO_COLUMNS: usize = 9;

pub(super) fn chat_info(row: &Row<'_>) -> Sql<ChatInfo> {
    Ok(ChatInfo {
        id: id(row, 0)?,
        kind: kind_of(row.get(1)?).ok_or_else(|| corrupt("an unknown kind of chat"))?,
        visibility: if row.get(2)? { Visibility::Public } else { Visibility::Private },
        name: row.get(3)?,
        topic: row.get(4)?,
        epoch: row.get(5)?,
        created_by: id(row, 6)?,
        created_at: time(row, 7)?,
        archived_at: maybe_time(row, 8)?,
    })
}

/// The columns that [`message`] reads, of `events AS e LEFT JOIN message_states AS s`.
pub(super) const MESSAGE: &str = "e.seq, e.kind, e.actor, e.at, e.id, e.client_id, e.subject, e.root, e.text, e.extra, \
     s.version, s.text, s.mentions, s.edited_at, s.deleted_at, s.reactions, s.reply_count, s.last_reply_at, s.repliers";

/// A posted message as its event tells it.
fn posted(row: &Row<'_>, chat_id: ChatId) -> Sql<Message> {
    let (seq, code): (i64, i64) = (row.get(0)?, row.get(1)?);
    let thread_root_id = maybe_id(row, 7)?;
    Ok(Message {
        id: id(row, 4)?,
        chat_id,
        seq: told(seq),
        version: told(seq),
        client_id: maybe_id::<ClientId>(row, 5)?,
        sender_id: id(row, 2)?,
        kind: MessageKind::Text,
        text: text(row, 8)?.unwrap_or_default().to_owned(),
        reply_to: maybe_id(row, 6)?,
        also_in_chat: thread_root_id.is_some() && code == kind::POSTED,
        thread_root_id,
        thread: None,
        attachments: Vec::new(),
        mentions: text(row, 9)?.map(json).transpose()?.unwrap_or_default(),
        reactions: Vec::new(),
        created_at: time(row, 3)?,
        edited_at: None,
        deleted_at: None,
    })
}

/// A message in its present state, and whether it has reactions, which [`with_reactions`] adds.
pub(super) fn message(row: &Row<'_>, chat_id: ChatId) -> Sql<(Message, bool)> {
    let mut message = posted(row, chat_id)?;
    let Some(version) = row.get::<_, Option<i64>>(10)? else {
        return Ok((message, false));
    };
    message.version = told(version);
    message.edited_at = maybe_time(row, 13)?;
    message.deleted_at = maybe_time(row, 14)?;
    if let Some(text) = text(row, 11)? {
        text.clone_into(&mut message.text);
        message.mentions = self::text(row, 12)?.map(json).transpose()?.unwrap_or_default();
    }
    if let Some(count) = row.get::<_, Option<i64>>(16)? {
        message.thread = Some(ThreadSummary {
            reply_count: told(count),
            last_reply_at: maybe_time(row, 17)?,
            user_ids: row
                .get_ref(18)?
                .as_blob_or_null()
                .ok()
                .flatten()
                .unwrap_or_default()
                .chunks_exact(16)
                .filter_map(UserId::from_slice)
                .collect(),
        });
    }
    Ok((message, row.get::<_, i64>(15)? > 0))
}

/// The reactions of a message.
pub(super) fn reactions(connection: &Connection, chat: i64, seq: u64) -> Sql<Vec<Reaction>> {
    let mut statement = connection.prepare_cached(
        "SELECT emoji, user FROM reactions WHERE chat = ? AND seq = ? ORDER BY place, given",
    )?;
    let mut rows = statement.query((chat, stored(seq)))?;
    let mut list: Vec<Reaction> = Vec::new();
    while let Some(row) = rows.next()? {
        let emoji = text(row, 0)?.unwrap_or_default();
        let user = id(row, 1)?;
        match list.last_mut() {
            Some(last) if last.emoji == emoji => {
                last.count += 1;
                last.user_ids.push(user);
            }
            _ => list.push(Reaction { emoji: emoji.to_owned(), count: 1, user_ids: vec![user] }),
        }
    }
    Ok(list)
}

/// Runs a query over [`MESSAGE`] columns.
pub(super) fn messages(
    connection: &Connection,
    statement: &mut CachedStatement<'_>,
    parameters: impl rusqlite::Params,
    chat: i64,
    chat_id: ChatId,
) -> Sql<Vec<Message>> {
    let mut rows = statement.query(parameters)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        let (mut message, has_reactions) = message(row, chat_id)?;
        if has_reactions {
            message.reactions = reactions(connection, chat, message.seq)?;
        }
        list.push(message);
    }
    Ok(list)
}

/// The message at that place of the log, in its present state.
pub(super) fn message_at(
    connection: &Connection,
    chat: i64,
    chat_id: ChatId,
    seq: i64,
) -> Sql<Option<Message>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {MESSAGE} FROM events e LEFT JOIN message_states s ON s.chat = e.chat AND s.seq = e.seq \
         WHERE e.chat = ? AND e.seq = ? AND e.kind <= 2"
    ))?;
    Ok(messages(connection, &mut statement, (chat, seq), chat, chat_id)?.pop())
}

/// The message of that id.
pub(super) fn message_by_id(
    connection: &Connection,
    chat: i64,
    chat_id: ChatId,
    id: MessageId,
) -> Sql<Option<Message>> {
    let found = message_at(connection, chat, chat_id, stored(id.seq()))?;
    Ok(found.filter(|message| message.id == id))
}

/// The columns that [`event`] reads, of `events AS e`.
pub(super) const EVENT: &str =
    "e.seq, e.kind, e.actor, e.at, e.id, e.client_id, e.subject, e.root, e.text, e.extra";

/// An entry of the log.
pub(super) fn event(row: &Row<'_>, chat_id: ChatId) -> Sql<Event> {
    let seq = told(row.get(0)?);
    let actor_id = id(row, 2)?;
    let about = || id::<MessageId>(row, 6);
    let person = || id::<UserId>(row, 6);
    let word = || Ok::<_, rusqlite::Error>(text(row, 8)?.unwrap_or_default());
    let role = || json::<Role>(&format!("\"{}\"", word()?));
    let change = match row.get(1)? {
        kind::POSTED | kind::REPLIED => {
            Change::MessagePosted { message: Box::new(posted(row, chat_id)?) }
        }
        kind::EDITED => {
            let mut message: Box<Message> = json(text(row, 9)?.unwrap_or_default())?;
            word()?.clone_into(&mut message.text);
            Change::MessageEdited { message }
        }
        kind::DELETED => Change::MessageDeleted { message_id: about()? },
        kind::REACTION_ADDED => Change::ReactionAdded {
            message_id: about()?,
            emoji: word()?.to_owned(),
            user_id: actor_id,
        },
        kind::REACTION_REMOVED => Change::ReactionRemoved {
            message_id: about()?,
            emoji: word()?.to_owned(),
            user_id: actor_id,
        },
        kind::JOINED => Change::ParticipantJoined { user_id: person()?, role: role()? },
        kind::LEFT => Change::ParticipantLeft { user_id: person()?, role: role()? },
        kind::ROLE_CHANGED => Change::ParticipantRoleChanged { user_id: person()?, role: role()? },
        kind::UPDATED => Change::ChatUpdated { chat: json(word()?)? },
        kind::ARCHIVED => Change::ChatArchived { chat: json(word()?)? },
        _ => return Err(corrupt("an unknown kind of event")),
    };
    Ok(Event { chat_id, seq, id: id::<EventId>(row, 4)?, actor_id, at: time(row, 3)?, change })
}

/// A role as the log has it.
pub(super) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}
