//! Making and changing chats.

use api::{
    events::Change,
    rest::chats::{ChatInfo, ChatKind, Role, UpdateChat, Visibility},
};
use kernel::{ChatId, UserId};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    membership,
    memory::pair_key,
    rows::{self, Sql, kind, kind_code},
    state::{Entry, State, Stop},
};
use crate::{
    ChatError,
    domain::{fold::fold, notice::Addressees, roles},
    store::{Created, NewChat},
};

/// Characters of an epoch: 48 random bits.
const EPOCH_CHARS: usize = 8;

pub(super) fn create(
    connection: &Connection,
    state: &mut State,
    new: &NewChat,
) -> Result<Created, Stop> {
    let pair = match (new.kind, new.others.first()) {
        (ChatKind::Direct, Some(other)) => Some((new.by, *other)),
        _ => None,
    };
    let key = pair.map(|(a, b)| pair_key(a, b));
    let mut epoch = state.ids.token();
    epoch.truncate(EPOCH_CHARS);
    let info = ChatInfo {
        id: state.ids.make(),
        kind: new.kind,
        visibility: new.visibility,
        name: new.name.clone(),
        topic: new.topic.clone(),
        epoch,
        created_by: new.by,
        created_at: state.ids.now(),
        archived_at: None,
    };
    let written = connection
        .prepare_cached(
            "INSERT INTO chats (id, kind, public, name, topic, folded, epoch, created_by, created_at, \
             pair, head_seq, posts, participants, last_message, last_reply, last_deleted, activity) \
             VALUES (?,?,?,?,?,?,?,?,?,?,0,0,0,0,0,0,0) ON CONFLICT (pair) DO NOTHING",
        )?
        .execute(params![
            info.id.as_bytes(),
            kind_code(info.kind),
            info.visibility == Visibility::Public,
            info.name,
            info.topic,
            folded(&info),
            info.epoch,
            info.created_by.as_bytes(),
            info.created_at.as_millis(),
            key,
        ])?;
    if written == 0 {
        let chat_id = connection
            .prepare_cached("SELECT id FROM chats WHERE pair = ?")?
            .query_row([key], |row| rows::id(row, 0))?;
        return Ok(Created { chat_id, existed: true });
    }
    let chat = info.id;
    state.add_chat(connection.last_insert_rowid(), info, pair);
    membership::enter(connection, state, chat, new.by, new.by, Role::Owner)?;
    for user in &new.others {
        membership::enter(connection, state, chat, new.by, *user, Role::Member)?;
    }
    let newest = state.newest();
    state.change_head(chat, |head| head.activity = newest);
    Ok(Created { chat_id: chat, existed: false })
}

pub(super) fn update(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    chat: ChatId,
    change: &UpdateChat,
) -> Result<bool, Stop> {
    let (head, role) = state.writable(connection, chat, by)?;
    roles::may_update(&head.info, role)?;
    if head.info.kind != ChatKind::Channel && change.visibility == Some(Visibility::Public) {
        return Err(ChatError::invalid("visibility", "only a channel can be public").into());
    }
    let mut info = ChatInfo::clone(&head.info);
    if let Some(name) = &change.name {
        info.name = Some(name.clone());
    }
    if let Some(topic) = &change.topic {
        info.topic.clone_from(topic);
    }
    if let Some(visibility) = change.visibility {
        info.visibility = visibility;
    }
    if info == *head.info {
        return Ok(false);
    }
    tell(connection, state, by, kind::UPDATED, info, |chat| Change::ChatUpdated { chat })?;
    Ok(true)
}

pub(super) fn archive(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    chat: ChatId,
) -> Result<(), Stop> {
    let (head, role) = state.writable(connection, chat, by)?;
    roles::may_own(&head.info, role)?;
    let info = ChatInfo { archived_at: Some(state.ids.now()), ..ChatInfo::clone(&head.info) };
    tell(connection, state, by, kind::ARCHIVED, info, |chat| Change::ChatArchived { chat })?;
    Ok(())
}

/// Writes the chat as it is now, and says so in its log.
fn tell(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    kind: i64,
    info: ChatInfo,
    change: impl FnOnce(Box<ChatInfo>) -> Change,
) -> Sql<()> {
    let chat = info.id;
    let text = rows::to_json(&info)?;
    let entry = Entry {
        kind,
        actor: by,
        at: state.ids.now(),
        id: state.ids.make(),
        client_id: None,
        hash: None,
        subject: None,
        root: None,
        text: Some(&text),
        extra: None,
        to: Addressees::default(),
    };
    let told = Box::new(info.clone());
    state.append(connection, chat, entry, |_| change(told))?;
    connection
        .prepare_cached(
            "UPDATE chats SET public = ?2, name = ?3, topic = ?4, folded = ?5, archived_at = ?6 \
             WHERE id = ?1",
        )?
        .execute((
            chat.as_bytes(),
            info.visibility == Visibility::Public,
            &info.name,
            &info.topic,
            folded(&info),
            info.archived_at.map(kernel::Timestamp::as_millis),
        ))?;
    state.change_head(chat, |head| head.info = info.into());
    Ok(())
}

/// What `discover` searches and sorts by.
fn folded(info: &ChatInfo) -> String {
    fold(&format!("{}\n{}", info.name.as_deref().unwrap_or_default(), info.topic))
}

/// Whether somebody besides `user` owns the chat.
pub(super) fn has_another_owner(connection: &Connection, chat: i64, user: UserId) -> Sql<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM participants INDEXED BY people_of \
             WHERE chat = ? AND role > 0 AND role = 3 AND user <> ? LIMIT 1",
        )?
        .query_row((chat, user.as_bytes()), |_| Ok(()))
        .optional()
        .map(|found| found.is_some())
}
