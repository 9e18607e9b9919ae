//! Notifications.

use std::collections::{HashMap, hash_map::Entry};

use api::rest::notifications::NotificationKind;
use kernel::{Limit, MessageId, NotificationId, Timestamp, UserId};
use rusqlite::{Connection, Row, params};

use super::{
    SqliteStore, blocks,
    row::{AFTER_SIGHTING, SIGHTING, id, signed, some_id, some_sighting, some_time, time},
    row::{unreadable, unsigned},
};
use crate::{
    domain::notification::{Kept, NewNotification, kind_name, kind_of},
    store::{Answer, NoticeChange, Notifications, Notified, Reading},
};

impl Notifications for SqliteStore {
    fn change_notices(&self, changes: Vec<NoticeChange>) -> Answer<'_, Vec<Notified>> {
        self.write(move |connection| {
            let mut new = Vec::new();
            for change in &changes {
                match change {
                    NoticeChange::Notify(notice) => {
                        if insert(connection, notice)? {
                            new.push(notice.id);
                        }
                    }
                    NoticeChange::ChatRead { user_id, chat_id, up_to, at } => {
                        connection
                            .prepare_cached(
                                "UPDATE notification SET read_at = ?4 WHERE user_id = ?1 \
                                 AND chat_id = ?2 AND message_seq <= ?3 AND read_at IS NULL",
                            )?
                            .execute(params![
                                user_id.as_uuid(),
                                chat_id.as_uuid(),
                                signed(*up_to),
                                at.as_millis()
                            ])?;
                    }
                }
            }
            let mut counts = HashMap::new();
            let kept = new.into_iter().map(|id| find(connection, id));
            let kept = kept.collect::<Result<Vec<Kept>, rusqlite::Error>>()?;
            let mut told = Vec::with_capacity(kept.len());
            for notification in kept {
                // Counted once for each person, however much they hear of.
                let unread_count = match counts.entry(notification.user_id) {
                    Entry::Occupied(counted) => *counted.get(),
                    Entry::Vacant(first) => {
                        let count = unread_count(connection, *first.key())?;
                        *first.insert(count)
                    }
                };
                told.push(Notified { notification, unread_count });
            }
            Ok(told)
        })
    }

    fn notifications(
        &self,
        user_id: UserId,
        unread_only: bool,
        before: Option<i64>,
        limit: Limit,
    ) -> Answer<'_, (Vec<Kept>, u64)> {
        self.read(move |connection| {
            // Spelled out, so that the index over what is unread can be used.
            let unread = if unread_only { "AND k.read_at IS NULL" } else { "" };
            let mut statement = connection.prepare_cached(&format!(
                "{} WHERE k.user_id = ?1 AND (?2 IS NULL OR k.n < ?2) {unread} \
                 ORDER BY k.n DESC LIMIT ?3",
                select()
            ))?;
            let rows =
                statement.query_map(params![user_id.as_uuid(), before, limit.get() + 1], kept)?;
            let items = rows.collect::<Result<_, _>>()?;
            Ok((items, unread_count(connection, user_id)?))
        })
    }

    fn read_notifications(
        &self,
        user_id: UserId,
        reading: Reading,
        at: Timestamp,
    ) -> Answer<'_, u64> {
        self.write(move |connection| {
            match &reading {
                Reading::All => {
                    connection
                        .prepare_cached(
                            "UPDATE notification SET read_at = ?2 \
                             WHERE user_id = ?1 AND read_at IS NULL",
                        )?
                        .execute(params![user_id.as_uuid(), at.as_millis()])?;
                }
                Reading::These(ids) => {
                    let mut statement = connection.prepare_cached(
                        "UPDATE notification SET read_at = ?3 \
                         WHERE id = ?2 AND user_id = ?1 AND read_at IS NULL",
                    )?;
                    for id in ids {
                        statement.execute(params![
                            user_id.as_uuid(),
                            id.as_uuid(),
                            at.as_millis()
                        ])?;
                    }
                }
            }
            unread_count(connection, user_id)
        })
    }
}

/// Keeps a notification; `false` when it is kept already, or its owner has blocked who caused it.
pub(super) fn insert(
    connection: &Connection,
    new: &NewNotification,
) -> Result<bool, rusqlite::Error> {
    if let Some(actor) = new.actor_id
        && blocks::has_blocked(connection, new.user_id, actor)?
    {
        return Ok(false);
    }
    let inserted = connection
        .prepare_cached(
            "INSERT INTO notification (id, user_id, kind, actor_id, chat_id, message_id, \
             message_seq, event_id, text, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            new.id.as_uuid(),
            new.user_id.as_uuid(),
            kind_name(new.kind),
            new.actor_id.map(|id| id.as_uuid()),
            new.chat_id.map(|id| id.as_uuid()),
            new.message_id.map(|id| id.as_uuid()),
            new.message_id.map(|id| signed(MessageId::seq(&id))),
            new.event_id.map(|id| id.as_uuid()),
            new.text,
            new.created_at.as_millis(),
        ])?;
    Ok(inserted > 0)
}

/// A notification as its owner is to be told of it.
pub(super) fn notified(
    connection: &Connection,
    id: NotificationId,
) -> Result<Notified, rusqlite::Error> {
    let notification = find(connection, id)?;
    let unread_count = unread_count(connection, notification.user_id)?;
    Ok(Notified { notification, unread_count })
}

/// A notification as its owner sees it.
fn find(connection: &Connection, id: NotificationId) -> Result<Kept, rusqlite::Error> {
    let owner: UserId = connection
        .prepare_cached("SELECT user_id FROM notification WHERE id = ?")?
        .query_row([id.as_uuid()], |row| super::row::id(row, 0))?;
    connection
        .prepare_cached(&format!("{} WHERE k.id = ?2", select()))?
        .query_row([owner.as_uuid(), id.as_uuid()], kept)
}

/// `asked` has answered what `asker` asked: its notification is read.
pub(super) fn request_answered(
    connection: &Connection,
    asked: UserId,
    asker: UserId,
    at: Timestamp,
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "UPDATE notification SET read_at = ?4 WHERE user_id = ?1 AND actor_id = ?2 \
             AND kind = ?3 AND read_at IS NULL",
        )?
        .execute(params![
            asked.as_uuid(),
            asker.as_uuid(),
            kind_name(NotificationKind::ConnectionRequest),
            at.as_millis()
        ])
        .map(drop)
}

/// What `asker` asked stands no more: `asked` need not hear of it.
pub(super) fn withdraw_request(
    connection: &Connection,
    asked: UserId,
    asker: UserId,
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "DELETE FROM notification WHERE user_id = ?1 AND actor_id = ?2 AND kind = ?3 \
             AND read_at IS NULL",
        )?
        .execute(params![
            asked.as_uuid(),
            asker.as_uuid(),
            kind_name(NotificationKind::ConnectionRequest)
        ])
        .map(drop)
}

fn unread_count(connection: &Connection, user_id: UserId) -> Result<u64, rusqlite::Error> {
    connection
        .prepare_cached("SELECT count(*) FROM notification WHERE user_id = ? AND read_at IS NULL")?
        .query_row([user_id.as_uuid()], |row| row.get(0).map(unsigned))
}

/// Notifications `k` with who caused them, seen by their owner `?1`.
fn select() -> String {
    format!(
        "SELECT {SIGHTING}, k.n, k.id, k.user_id, k.kind, k.chat_id, k.message_id, k.text, \
         k.created_at, k.read_at FROM notification k LEFT JOIN person p ON p.id = k.actor_id"
    )
}

fn kept(row: &Row<'_>) -> Result<Kept, rusqlite::Error> {
    const N: usize = AFTER_SIGHTING;
    let kind: String = row.get(N + 3)?;
    Ok(Kept {
        actor: some_sighting(row)?,
        place: row.get(N)?,
        id: id(row, N + 1)?,
        user_id: id(row, N + 2)?,
        kind: kind_of(&kind).ok_or_else(|| unreadable(N + 3, "a kind of notification"))?,
        chat_id: some_id(row, N + 4)?,
        message_id: some_id(row, N + 5)?,
        text: row.get(N + 6)?,
        created_at: time(row, N + 7)?,
        read_at: some_time(row, N + 8)?,
    })
}
