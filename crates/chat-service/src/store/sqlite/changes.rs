//! Changing messages: editing, deleting, reacting, following.

use api::{
    events::Change,
    rest::{messages::Message, notifications::NotificationKind},
};
use kernel::{ChatId, MessageId, UserId, limits::REACTIONS_PER_MESSAGE};
use rusqlite::{Connection, OptionalExtension as _};

use super::{
    memory::Head,
    mentions::{self, Mentions},
    post::{hears, in_timeline},
    rows::{self, Sql, kind, stored},
    state::{Entry, State, Stop},
    threads,
};
use crate::{
    ChatError,
    domain::{notice::Addressees, roles},
    store::Named,
};

/// An entry about a message.
fn entry(state: &State, kind: i64, actor: UserId, message: MessageId) -> Entry<'static> {
    Entry {
        kind,
        actor,
        at: state.ids.now(),
        id: state.ids.make(),
        client_id: None,
        hash: None,
        subject: Some(message.as_uuid()),
        root: None,
        text: None,
        extra: None,
        to: Addressees::default(),
    }
}

fn find(connection: &Connection, head: &Head, message: MessageId) -> Result<Message, Stop> {
    rows::message_by_id(connection, head.no, head.info.id, message)?
        .ok_or_else(|| ChatError::MessageNotFound.into())
}

/// Makes sure that the message has a row of its present state, and sets its version.
pub(super) fn touch(
    connection: &Connection,
    chat: i64,
    message: &Message,
    version: u64,
) -> Sql<()> {
    connection
        .prepare_cached(
            "INSERT INTO message_states (chat, seq, version, sender, timeline) VALUES (?,?,?,?,?) \
             ON CONFLICT DO UPDATE SET version = excluded.version",
        )?
        .execute((
            chat,
            stored(message.seq),
            stored(version),
            message.sender_id.as_bytes(),
            in_timeline(message),
        ))
        .map(|_| ())
}

pub(super) fn edit(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    (chat, id): (ChatId, MessageId),
    text: &str,
    named: &Named,
) -> Result<Message, Stop> {
    let (head, _) = state.writable(connection, chat, by)?;
    let mut message = find(connection, &head, id)?;
    if message.sender_id != by {
        return Err(ChatError::Forbidden("only its sender may edit this message").into());
    }
    if message.deleted_at.is_some() {
        return Err(ChatError::MessageDeleted.into());
    }
    if message.text == text {
        return Ok(message);
    }
    let before = Mentions::from_words(&message.mentions);
    let after = mentions::of_participants(connection, state, &head, named)?;
    let to = newly_mentioned(connection, state, &head, &message, &before, &after)?;

    let mut entry = entry(state, kind::EDITED, by, id);
    message.version = rows::told(head.seq + 1);
    message.edited_at = Some(entry.at);
    message.mentions = after.words();
    message.text = String::new();
    entry.extra = Some(rows::to_json(&message)?);
    entry.text = Some(text);
    entry.to = to;
    let at = entry.at;
    text.clone_into(&mut message.text);
    let told = message.clone();
    state.append(connection, chat, entry, |_| Change::MessageEdited { message: Box::new(told) })?;

    touch(connection, head.no, &message, message.version)?;
    connection
        .prepare_cached(
            "UPDATE message_states SET text = ?3, mentions = ?4, edited_at = ?5 \
             WHERE chat = ?1 AND seq = ?2",
        )?
        .execute((head.no, stored(message.seq), text, after.column()?, at.as_millis()))?;
    mentions::erase(connection, &head, &message, &before)?;
    mentions::write(connection, &head, &message, &after)?;
    if let Some(root) = message.thread_root_id {
        for user in &after.users {
            threads::follow_unless_decided(connection, head.no, root, *user)?;
        }
    }
    Ok(message)
}

/// People whom the edit mentions and the text before did not.
fn newly_mentioned(
    connection: &Connection,
    state: &mut State,
    head: &Head,
    message: &Message,
    before: &Mentions,
    after: &Mentions,
) -> Sql<Addressees> {
    let mut to = Addressees::default();
    if head.pair.is_some() || before.everybody() {
        return Ok(to);
    }
    let mut users = after.users.clone();
    if after.everybody() && in_timeline(message) {
        users.extend(mentions::crowd(connection, head)?);
    }
    for user in users {
        if !before.users.contains(&user) && hears(connection, state, head, message.sender_id, user)?
        {
            to.add(user, NotificationKind::Mention);
        }
    }
    Ok(to)
}

pub(super) fn delete(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    chat: ChatId,
    id: MessageId,
) -> Result<bool, Stop> {
    let (head, role) = state.writable(connection, chat, by)?;
    let message = find(connection, &head, id)?;
    roles::may_delete(&head.info, role, message.sender_id == by)?;
    if message.deleted_at.is_some() {
        return Ok(false);
    }
    let entry = entry(state, kind::DELETED, by, id);
    let at = entry.at.as_millis();
    let change = |_| Change::MessageDeleted { message_id: id };
    let version = state.append(connection, chat, entry, change)?.unwrap_or_default();

    touch(connection, head.no, &message, rows::told(version))?;
    connection
        .prepare_cached(
            "UPDATE message_states SET text = '', mentions = NULL, deleted_at = ?3, reactions = 0 \
             WHERE chat = ?1 AND seq = ?2",
        )?
        .execute((head.no, stored(message.seq), at))?;
    connection
        .prepare_cached("DELETE FROM reactions WHERE chat = ? AND seq = ?")?
        .execute((head.no, stored(message.seq)))?;
    mentions::erase(connection, &head, &message, &Mentions::from_words(&message.mentions))?;
    scrub(connection, head.no, &message)?;

    if let Some(root) = message.thread_root_id
        && let Some(root) = rows::message_by_id(connection, head.no, chat, root)?
    {
        threads::uncount_reply(connection, &head, &root, version)?;
    }
    if in_timeline(&message) {
        let seq = stored(message.seq);
        let last = if head.last_message == seq {
            newest_left(connection, head.no, seq)?
        } else {
            head.last_message
        };
        state.change_head(chat, |head| {
            head.last_message = last;
            head.last_deleted = head.last_deleted.max(seq);
        });
    }
    Ok(true)
}

/// Empties the texts that the log holds of a deleted message: of its posting and of each edit.
/// What is replayed from the log ends in the same tombstone.
fn scrub(connection: &Connection, chat: i64, message: &Message) -> Sql<()> {
    connection
        .prepare_cached(
            "UPDATE events SET text = '', extra = NULL, notices = NULL WHERE chat = ? AND seq = ?",
        )?
        .execute((chat, stored(message.seq)))?;
    let edits: Vec<(i64, String)> = connection
        .prepare_cached("SELECT no, extra FROM events WHERE chat = ? AND subject = ? AND kind = 3")?
        .query_map((chat, message.id.as_bytes()), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Sql<_>>()?;
    let mut clear = connection
        .prepare_cached("UPDATE events SET text = '', extra = ?, notices = NULL WHERE no = ?")?;
    for (no, extra) in edits {
        let mut edited: Message =
            serde_json::from_str(&extra).map_err(|_| rows::corrupt("an edit can't be read"))?;
        edited.mentions.clear();
        clear.execute((rows::to_json(&edited)?, no))?;
    }
    Ok(())
}

/// The newest message of the timeline before `seq` that is not deleted.
fn newest_left(connection: &Connection, chat: i64, seq: i64) -> Sql<i64> {
    connection
        .prepare_cached(
            "SELECT e.seq FROM events e LEFT JOIN message_states s ON s.chat = e.chat AND s.seq = e.seq \
             WHERE e.chat = ? AND e.seq < ? AND e.kind = 1 AND s.deleted_at IS NULL \
             ORDER BY e.seq DESC LIMIT 1",
        )?
        .query_row((chat, seq), |row| row.get(0))
        .optional()
        .map(Option::unwrap_or_default)
}

pub(super) fn react(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    (chat, id): (ChatId, MessageId),
    emoji: &str,
    present: bool,
) -> Result<bool, Stop> {
    let (head, _) = state.writable(connection, chat, by)?;
    let message = find(connection, &head, id)?;
    if message.deleted_at.is_some() {
        // Its reactions are gone: there is nothing to take back, and nothing to add to.
        return if present { Err(ChatError::MessageDeleted.into()) } else { Ok(false) };
    }
    let group = message.reactions.iter().find(|reaction| reaction.emoji == emoji);
    if group.is_some_and(|group| group.user_ids.contains(&by)) == present {
        return Ok(false);
    }
    if group.is_none() && message.reactions.len() >= REACTIONS_PER_MESSAGE {
        return Err(ChatError::invalid("emoji", "at most 50 different reactions").into());
    }
    let code = if present { kind::REACTION_ADDED } else { kind::REACTION_REMOVED };
    let mut entry = entry(state, code, by, id);
    entry.text = Some(emoji);
    if present && hears(connection, state, &head, by, message.sender_id)? {
        entry.to.add(message.sender_id, NotificationKind::Reaction);
    }
    let (message_id, user_id, emoji_told) = (id, by, emoji.to_owned());
    let change = move |_| {
        if present {
            Change::ReactionAdded { message_id, emoji: emoji_told, user_id }
        } else {
            Change::ReactionRemoved { message_id, emoji: emoji_told, user_id }
        }
    };
    let version = state.append(connection, chat, entry, change)?.unwrap_or_default();
    touch(connection, head.no, &message, rows::told(version))?;
    write_reaction(connection, &head, &message, (by, emoji), present.then_some(version))?;
    Ok(true)
}

/// Writes or removes the row, and the count beside the message's state.
fn write_reaction(
    connection: &Connection,
    head: &Head,
    message: &Message,
    (by, emoji): (UserId, &str),
    given: Option<i64>,
) -> Sql<()> {
    let seq = stored(message.seq);
    let change = match given {
        Some(given) => {
            // An emoji keeps its place among the others as long as somebody gives it.
            connection
                .prepare_cached(
                    "INSERT INTO reactions (chat, seq, emoji, user, place, given) VALUES \
                     (?1, ?2, ?3, ?4, coalesce((SELECT place FROM reactions \
                      WHERE chat = ?1 AND seq = ?2 AND emoji = ?3 LIMIT 1), ?5), ?5)",
                )?
                .execute((head.no, seq, emoji, by.as_bytes(), given))?;
            1
        }
        None => {
            connection
                .prepare_cached(
                    "DELETE FROM reactions WHERE chat = ? AND seq = ? AND emoji = ? AND user = ?",
                )?
                .execute((head.no, seq, emoji, by.as_bytes()))?;
            -1
        }
    };
    connection
        .prepare_cached(
            "UPDATE message_states SET reactions = reactions + ?3 WHERE chat = ?1 AND seq = ?2",
        )?
        .execute((head.no, seq, change))
        .map(|_| ())
}

pub(super) fn follow(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    (chat, id): (ChatId, MessageId),
    following: bool,
) -> Result<bool, Stop> {
    let (head, _) = state.entered(connection, chat, by)?;
    let message = find(connection, &head, id)?;
    let root = message.thread_root_id.unwrap_or(message.id);
    Ok(threads::set_following(connection, head.no, root, by, following)?)
}
