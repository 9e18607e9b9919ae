//! Who takes part: joining, leaving, adding, removing, roles.

use api::{
    events::Change,
    rest::{
        chats::{ChatKind, Notify, Participant, Role, Visibility},
        notifications::NotificationKind,
    },
};
use kernel::{ChatId, UserId};
use rusqlite::{Connection, OptionalExtension as _};

use super::{
    chats::has_another_owner,
    memory::{Head, Position},
    rows::{self, Sql, kind, notify_code, role_code, role_word},
    state::{Entry, State, Stop, hidden},
};
use crate::{
    ChatError,
    domain::{notice::Addressees, roles},
};

fn entry(state: &State, kind: i64, actor: UserId, user: UserId, role: Role) -> Entry<'static> {
    Entry {
        kind,
        actor,
        at: state.ids.now(),
        id: state.ids.make(),
        client_id: None,
        hash: None,
        subject: Some(user.as_uuid()),
        root: None,
        text: Some(role_word(role)),
        extra: None,
        to: Addressees::default(),
    }
}

/// Lets a person who takes no part enter the chat. They have read all that is there already.
pub(super) fn enter(
    connection: &Connection,
    state: &mut State,
    chat: ChatId,
    by: UserId,
    user: UserId,
    role: Role,
) -> Result<(), Stop> {
    let head = state.head(connection, chat)?.cloned().ok_or(ChatError::ChatNotFound)?;
    state.settle_member(connection, head.no, user)?;
    let mut entry = entry(state, kind::JOINED, by, user, role);
    let at = entry.at.as_millis();
    if by != user && head.info.kind != ChatKind::Direct {
        entry.to.add(user, NotificationKind::ChatInvite);
    }
    let change = |_| Change::ParticipantJoined { user_id: user, role };
    let seq = state.append(connection, chat, entry, change)?.unwrap_or_default();
    // Who comes back finds their counters: they count the whole log, not one stay in the chat.
    connection
        .prepare_cached(
            "INSERT INTO participants (chat, user, role, joined_at, joined_seq, notify, read_seq, \
             read_posts, read_own, own_posts, own_last) VALUES (?1,?2,?3,?4,?5,0,?5,?6,0,0,0) \
             ON CONFLICT (chat, user) DO UPDATE SET role = excluded.role, notify = 0, \
             joined_at = excluded.joined_at, joined_seq = excluded.joined_seq, \
             read_seq = excluded.read_seq, read_posts = excluded.read_posts, read_own = own_posts",
        )?
        .execute((head.no, user.as_bytes(), role_code(role), at, seq, head.posts))?;
    state.forget_member(head.no, user);
    state.change_head(chat, |head| head.participants += 1);
    Ok(())
}

/// Ends a person's part in the chat.
fn exit(
    connection: &Connection,
    state: &mut State,
    head: &Head,
    by: UserId,
    user: UserId,
    role: Role,
) -> Sql<()> {
    state.settle_member(connection, head.no, user)?;
    let entry = entry(state, kind::LEFT, by, user, role);
    let change = |_| Change::ParticipantLeft { user_id: user, role };
    state.append(connection, head.info.id, entry, change)?;
    connection
        .prepare_cached("UPDATE participants SET role = 0 WHERE chat = ? AND user = ?")?
        .execute((head.no, user.as_bytes()))?;
    state.forget_member(head.no, user);
    state.change_head(head.info.id, |head| head.participants -= 1);
    Ok(())
}

pub(super) fn join(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    chat: ChatId,
) -> Result<bool, Stop> {
    let head = state.head(connection, chat)?.cloned().ok_or(ChatError::ChatNotFound)?;
    let member = state.member(connection, head.no, by)?;
    if member.is_some_and(|member| member.role.is_some()) {
        return Ok(false);
    }
    if head.info.visibility != Visibility::Public {
        return Err(hidden(&head.info).into());
    }
    if head.info.archived_at.is_some() {
        return Err(ChatError::Archived.into());
    }
    let role = if head.participants == 0 { Role::Owner } else { Role::Member };
    enter(connection, state, chat, by, by, role)?;
    Ok(true)
}

pub(super) fn leave(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    chat: ChatId,
) -> Result<(), Stop> {
    let (head, role) = state.writable(connection, chat, by)?;
    roles::may_leave(&head.info)?;
    if role == Role::Owner && head.participants > 1 && !has_another_owner(connection, head.no, by)?
    {
        return Err(ChatError::LastOwner.into());
    }
    Ok(exit(connection, state, &head, by, by, role)?)
}

pub(super) fn add(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    chat: ChatId,
    users: &[UserId],
) -> Result<Vec<Participant>, Stop> {
    let (head, role) = state.writable(connection, chat, by)?;
    roles::may_add(&head.info, role)?;
    for user in users {
        let member = state.member(connection, head.no, *user)?;
        if member.is_none_or(|member| member.role.is_none()) {
            enter(connection, state, chat, by, *user, Role::Member)?;
        }
    }
    let mut list = Vec::with_capacity(users.len());
    for user in users {
        list.extend(participant(connection, head.no, *user)?);
    }
    Ok(list)
}

pub(super) fn change_role(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    (chat, user): (ChatId, UserId),
    role: Role,
) -> Result<Participant, Stop> {
    let (head, own) = state.writable(connection, chat, by)?;
    roles::may_own(&head.info, own)?;
    let present = state
        .member(connection, head.no, user)?
        .and_then(|member| member.role)
        .ok_or(ChatError::ParticipantNotFound)?;
    if present != role {
        if present == Role::Owner && !has_another_owner(connection, head.no, user)? {
            return Err(ChatError::LastOwner.into());
        }
        let entry = entry(state, kind::ROLE_CHANGED, by, user, role);
        let change = |_| Change::ParticipantRoleChanged { user_id: user, role };
        state.append(connection, chat, entry, change)?;
        connection
            .prepare_cached("UPDATE participants SET role = ? WHERE chat = ? AND user = ?")?
            .execute((role_code(role), head.no, user.as_bytes()))?;
        state.change_member(head.no, user, true, |member| member.role = Some(role));
    }
    participant(connection, head.no, user)?.ok_or_else(|| ChatError::ParticipantNotFound.into())
}

pub(super) fn remove(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    chat: ChatId,
    user: UserId,
) -> Result<(), Stop> {
    if by == user {
        return leave(connection, state, by, chat);
    }
    let (head, own) = state.writable(connection, chat, by)?;
    // The role first: who may not remove anybody learns nothing about who is there.
    roles::may_remove(&head.info, own, Role::Member)?;
    let role = state
        .member(connection, head.no, user)?
        .and_then(|member| member.role)
        .ok_or(ChatError::ParticipantNotFound)?;
    roles::may_remove(&head.info, own, role)?;
    Ok(exit(connection, state, &head, by, user, role)?)
}

fn participant(connection: &Connection, chat: i64, user: UserId) -> Sql<Option<Participant>> {
    connection
        .prepare_cached(
            "SELECT user, role, joined_at FROM participants WHERE chat = ? AND user = ? AND role > 0",
        )?
        .query_row((chat, user.as_bytes()), to_participant)
        .optional()
}

/// A participant from the columns user, role, joined_at.
pub(super) fn to_participant(row: &rusqlite::Row<'_>) -> Sql<Participant> {
    Ok(Participant {
        user_id: rows::id(row, 0)?,
        role: rows::role_of(row.get(1)?).ok_or_else(|| rows::corrupt("an unknown role"))?,
        joined_at: rows::time(row, 2)?,
    })
}

pub(super) fn set_notify(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    chat: ChatId,
    notify: Notify,
) -> Result<bool, Stop> {
    let (head, _) = state.entered(connection, chat, by)?;
    let Some(member) = state.member(connection, head.no, by)? else {
        return Ok(false);
    };
    if member.notify == notify {
        return Ok(false);
    }
    connection
        .prepare_cached("UPDATE participants SET notify = ? WHERE no = ?")?
        .execute((notify_code(notify), member.no))?;
    state.change_member(head.no, by, true, |member| member.notify = notify);
    Ok(true)
}

/// Moves the read position to `to`, which was computed from the log before: up, or with `force`
/// anywhere. The answer is the position that stands, and whether it is another one now.
pub(super) fn set_read(
    connection: &Connection,
    state: &mut State,
    by: UserId,
    chat: ChatId,
    to: Position,
    force: bool,
) -> Result<(Position, bool), Stop> {
    let (head, _) = state.entered(connection, chat, by)?;
    let Some(member) = state.member(connection, head.no, by)? else {
        return Err(hidden(&head.info).into());
    };
    let moves = to.seq > member.read.seq || (force && to.seq != member.read.seq);
    if !moves {
        return Ok((member.read, false));
    }
    connection
        .prepare_cached(
            "UPDATE participants SET read_seq = ?2, read_posts = ?3, read_own = ?4 WHERE no = ?1",
        )?
        .execute((member.no, to.seq, to.posts, to.own))?;
    state.change_member(head.no, by, true, |member| member.read = to);
    Ok((to, true))
}
