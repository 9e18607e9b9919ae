//! Connections and blocks.

use std::collections::HashSet;

use api::rest::{connections::ConnectionStatus, notifications::NotificationKind};
use kernel::{ConnectionId, Limit, NotificationId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{
    SqliteStore, blocks, notifications,
    row::{AFTER_SIGHTING, SIGHTING, id, pair, sighting, time},
};
use crate::{
    domain::{
        connection::{self as rules, Answering, Asking, Refusal, SideOfConnection, Standing},
        notification::NewNotification,
        person::Sighting,
    },
    store::{Answer, Blocks, ConnectionChanged, ConnectionIds, Connections},
};

impl Connections for SqliteStore {
    fn connect(
        &self,
        me: UserId,
        other: UserId,
        ids: ConnectionIds,
        at: Timestamp,
    ) -> Answer<'_, Result<ConnectionChanged, Refusal>> {
        self.write(move |connection| connect(connection, me, other, ids, at))
    }

    fn answer(
        &self,
        me: UserId,
        id: ConnectionId,
        accept: bool,
        notification: NotificationId,
        at: Timestamp,
    ) -> Answer<'_, Result<Option<ConnectionChanged>, Refusal>> {
        self.write(move |connection| answer(connection, me, id, accept, notification, at))
    }

    fn disconnect(&self, me: UserId, id: ConnectionId) -> Answer<'_, bool> {
        self.write(move |connection| match find(connection, me, id)? {
            None => Ok(false),
            Some(found) => {
                let pending = !found.standing.accepted;
                remove(connection, id)?;
                if pending {
                    let (asker, asked) = if found.standing.asker == me {
                        (me, found.other)
                    } else {
                        (found.other, me)
                    };
                    notifications::withdraw_request(connection, asked, asker)?;
                }
                Ok(true)
            }
        })
    }

    fn connections(
        &self,
        me: UserId,
        status: Option<ConnectionStatus>,
        before: Option<ConnectionId>,
        limit: Limit,
    ) -> Answer<'_, Vec<SideOfConnection>> {
        self.read(move |connection| list(connection, me, status, before, limit))
    }

    fn block(&self, me: UserId, other: UserId, at: Timestamp) -> Answer<'_, bool> {
        self.write(move |connection| blocks::block(connection, me, other, at))
    }

    fn unblock(&self, me: UserId, other: UserId) -> Answer<'_, bool> {
        self.write(move |connection| blocks::unblock(connection, me, other))
    }

    fn blocked(
        &self,
        me: UserId,
        before: Option<i64>,
        limit: Limit,
    ) -> Answer<'_, Vec<(i64, Sighting)>> {
        self.read(move |connection| blocks::list(connection, me, before, limit))
    }

    fn blocks_between(&self, first: UserId, second: UserId) -> Answer<'_, Blocks> {
        self.read(move |connection| blocks::between(connection, first, second))
    }

    fn all_blocked(&self, me: UserId) -> Answer<'_, HashSet<UserId>> {
        self.read(move |connection| blocks::all_blocked(connection, me))
    }

    fn blockers_of(&self, id: UserId, among: Vec<UserId>) -> Answer<'_, HashSet<UserId>> {
        self.read(move |connection| {
            let mut blockers = HashSet::new();
            for other in among {
                if blocks::has_blocked(connection, other, id)? {
                    blockers.insert(other);
                }
            }
            Ok(blockers)
        })
    }
}

struct Found {
    id: ConnectionId,
    standing: Standing,
    other: UserId,
}

fn connect(
    connection: &Connection,
    me: UserId,
    other: UserId,
    ids: ConnectionIds,
    at: Timestamp,
) -> Result<Result<ConnectionChanged, Refusal>, rusqlite::Error> {
    if me == other {
        return Ok(Err(Refusal::Oneself));
    }
    let mut person = connection.prepare_cached("SELECT 1 FROM person WHERE id = ?")?;
    let blocks = blocks::between(connection, me, other)?;
    if !person.exists([other.as_uuid()])? || !person.exists([me.as_uuid()])? || blocks.by_second {
        return Ok(Err(Refusal::NoSuchPerson));
    }
    if blocks.by_first {
        return Ok(Err(Refusal::Blocking));
    }
    let found = between(connection, me, other)?;
    let (id, kind) = match (rules::ask(found.as_ref().map(|f| f.standing), me), &found) {
        (Err(refusal), _) => return Ok(Err(refusal)),
        (Ok(Asking::Accept), Some(found)) => {
            accept(connection, found.id)?;
            notifications::request_answered(connection, me, other, at)?;
            (found.id, NotificationKind::ConnectionAccepted)
        }
        (Ok(_), _) => {
            let (low, high) = pair(me, other);
            connection
                .prepare_cached(
                    "INSERT INTO connection (id, low, high, asker, created_at) \
                     VALUES (?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    ids.connection.as_uuid(),
                    low.as_uuid(),
                    high.as_uuid(),
                    me.as_uuid(),
                    at.as_millis()
                ])?;
            (ids.connection, NotificationKind::ConnectionRequest)
        }
    };
    let notice = NewNotification::of_connection(ids.notification, kind, other, me, at);
    changed(connection, id, me, other, &notice).map(Ok)
}

fn answer(
    connection: &Connection,
    me: UserId,
    id: ConnectionId,
    accepts: bool,
    notification: NotificationId,
    at: Timestamp,
) -> Result<Result<Option<ConnectionChanged>, Refusal>, rusqlite::Error> {
    let Some(found) = find(connection, me, id)? else {
        return Ok(Err(Refusal::NoSuchConnection));
    };
    let answering = match rules::answer(found.standing, me, accepts) {
        Ok(answering) => answering,
        Err(refusal) => return Ok(Err(refusal)),
    };
    notifications::request_answered(connection, me, found.other, at)?;
    match answering {
        Answering::Remove => remove(connection, id).map(|()| Ok(None)),
        Answering::Accept => {
            accept(connection, id)?;
            let kind = NotificationKind::ConnectionAccepted;
            let notice = NewNotification::of_connection(notification, kind, found.other, me, at);
            changed(connection, id, me, found.other, &notice).map(|changed| Ok(Some(changed)))
        }
    }
}

fn accept(connection: &Connection, id: ConnectionId) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("UPDATE connection SET accepted = 1 WHERE id = ?")?
        .execute([id.as_uuid()])
        .map(drop)
}

fn remove(connection: &Connection, id: ConnectionId) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("DELETE FROM connection WHERE id = ?")?
        .execute([id.as_uuid()])
        .map(drop)
}

/// A connection of `me`.
fn find(
    connection: &Connection,
    me: UserId,
    id: ConnectionId,
) -> Result<Option<Found>, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT id, asker, accepted, iif(low = ?2, high, low) FROM connection \
             WHERE id = ?1 AND ?2 IN (low, high)",
        )?
        .query_row([id.as_uuid(), me.as_uuid()], read_found)
        .optional()
}

fn between(
    connection: &Connection,
    me: UserId,
    other: UserId,
) -> Result<Option<Found>, rusqlite::Error> {
    let (low, high) = pair(me, other);
    connection
        .prepare_cached(
            "SELECT id, asker, accepted, ?3 FROM connection WHERE low = ?1 AND high = ?2",
        )?
        .query_row([low.as_uuid(), high.as_uuid(), other.as_uuid()], read_found)
        .optional()
}

fn read_found(row: &Row<'_>) -> Result<Found, rusqlite::Error> {
    Ok(Found {
        id: id(row, 0)?,
        standing: Standing { asker: id(row, 1)?, accepted: row.get(2)? },
        other: id(row, 3)?,
    })
}

/// What both sides see after a change, and what the other one is to hear of it.
fn changed(
    connection: &Connection,
    id: ConnectionId,
    me: UserId,
    other: UserId,
    notice: &NewNotification,
) -> Result<ConnectionChanged, rusqlite::Error> {
    notifications::insert(connection, notice)?;
    Ok(ConnectionChanged {
        mine: side(connection, me, id)?,
        theirs: side(connection, other, id)?,
        notified: notifications::notified(connection, notice.id)?,
    })
}

fn side(
    connection: &Connection,
    me: UserId,
    id: ConnectionId,
) -> Result<SideOfConnection, rusqlite::Error> {
    connection
        .prepare_cached(&format!(
            "SELECT {SIGHTING}, k.id, k.asker = ?1, k.accepted, k.created_at FROM connection k \
             JOIN person p ON p.id = iif(k.low = ?1, k.high, k.low) WHERE k.id = ?2"
        ))?
        .query_row([me.as_uuid(), id.as_uuid()], read_side)
}

fn list(
    connection: &Connection,
    me: UserId,
    status: Option<ConnectionStatus>,
    before: Option<ConnectionId>,
    limit: Limit,
) -> Result<Vec<SideOfConnection>, rusqlite::Error> {
    let accepted = status.map(|status| status == ConnectionStatus::Accepted);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {SIGHTING}, k.id, k.asker = ?1, k.accepted, k.created_at FROM (
           SELECT *, high AS other FROM connection WHERE low = ?1
           UNION ALL
           SELECT *, low AS other FROM connection WHERE high = ?1
         ) k JOIN person p ON p.id = k.other
         WHERE (?2 IS NULL OR k.accepted = ?2) AND (?3 IS NULL OR k.id < ?3)
         ORDER BY k.id DESC LIMIT ?4"
    ))?;
    let rows = statement.query_map(
        params![me.as_uuid(), accepted, before.map(|id| id.as_uuid()), limit.get() + 1],
        read_side,
    )?;
    rows.collect()
}

fn read_side(row: &Row<'_>) -> Result<SideOfConnection, rusqlite::Error> {
    Ok(SideOfConnection {
        other: sighting(row)?,
        id: id(row, AFTER_SIGHTING)?,
        outgoing: row.get(AFTER_SIGHTING + 1)?,
        accepted: row.get(AFTER_SIGHTING + 2)?,
        created_at: time(row, AFTER_SIGHTING + 3)?,
    })
}
