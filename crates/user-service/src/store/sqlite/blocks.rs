//! Blocks.

use std::collections::HashSet;

use kernel::{Limit, Timestamp, UserId};
use rusqlite::{Connection, params};

use super::{
    notifications,
    row::{AFTER_SIGHTING, SIGHTING, pair, sighting},
};
use crate::{domain::person::Sighting, store::Blocks};

pub(super) fn block(
    connection: &Connection,
    me: UserId,
    other: UserId,
    at: Timestamp,
) -> Result<bool, rusqlite::Error> {
    let mut person = connection.prepare_cached("SELECT 1 FROM person WHERE id = ?")?;
    if me == other || !person.exists([other.as_uuid()])? || !person.exists([me.as_uuid()])? {
        return Ok(false);
    }
    connection
        .prepare_cached(
            "INSERT INTO block (blocker, blocked, created_at) VALUES (?, ?, ?) \
             ON CONFLICT (blocker, blocked) DO NOTHING",
        )?
        .execute(params![me.as_uuid(), other.as_uuid(), at.as_millis()])?;
    let (low, high) = pair(me, other);
    connection
        .prepare_cached("DELETE FROM connection WHERE low = ? AND high = ?")?
        .execute([low.as_uuid(), high.as_uuid()])?;
    notifications::withdraw_request(connection, me, other)?;
    notifications::withdraw_request(connection, other, me)?;
    Ok(true)
}

pub(super) fn unblock(
    connection: &Connection,
    me: UserId,
    other: UserId,
) -> Result<bool, rusqlite::Error> {
    let removed = connection
        .prepare_cached("DELETE FROM block WHERE blocker = ? AND blocked = ?")?
        .execute([me.as_uuid(), other.as_uuid()])?;
    Ok(removed > 0)
}

pub(super) fn list(
    connection: &Connection,
    me: UserId,
    before: Option<i64>,
    limit: Limit,
) -> Result<Vec<(i64, Sighting)>, rusqlite::Error> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {SIGHTING}, k.n FROM block k JOIN person p ON p.id = k.blocked
         WHERE k.blocker = ?1 AND (?2 IS NULL OR k.n < ?2) ORDER BY k.n DESC LIMIT ?3"
    ))?;
    let rows = statement.query_map(params![me.as_uuid(), before, limit.get() + 1], |row| {
        Ok((row.get(AFTER_SIGHTING)?, sighting(row)?))
    })?;
    rows.collect()
}

pub(super) fn between(
    connection: &Connection,
    first: UserId,
    second: UserId,
) -> Result<Blocks, rusqlite::Error> {
    Ok(Blocks {
        by_first: has_blocked(connection, first, second)?,
        by_second: has_blocked(connection, second, first)?,
    })
}

pub(super) fn has_blocked(
    connection: &Connection,
    blocker: UserId,
    blocked: UserId,
) -> Result<bool, rusqlite::Error> {
    connection
        .prepare_cached("SELECT 1 FROM block WHERE blocker = ? AND blocked = ?")?
        .exists([blocker.as_uuid(), blocked.as_uuid()])
}

/// Everybody whom `blocker` has blocked.
pub(super) fn all_blocked(
    connection: &Connection,
    blocker: UserId,
) -> Result<HashSet<UserId>, rusqlite::Error> {
    connection
        .prepare_cached("SELECT blocked FROM block WHERE blocker = ?")?
        .query_map([blocker.as_uuid()], |row| row.get(0).map(UserId::from_uuid))?
        .collect()
}
