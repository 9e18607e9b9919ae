//! Ids, times and people as columns.

use api::rest::users::Status;
use kernel::{Timestamp, UserId};
use rusqlite::{Row, RowIndex, types::Type};
use uuid::Uuid;

use crate::domain::person::{Person, Sighting};

/// The columns that [`person`] reads, of `person p`.
pub(super) const PERSON: &str = "p.id, p.username, p.email, p.display_name, p.bio, p.avatar_url, \
    p.locale, p.time_zone, p.status_text, p.status_emoji, p.status_expires_at, p.created_at";

/// The columns that [`sighting`] reads, of `person p` seen by `?1`.
pub(super) const SIGHTING: &str = "p.id, p.username, p.email, p.display_name, p.bio, p.avatar_url, \
    p.locale, p.time_zone, p.status_text, p.status_emoji, p.status_expires_at, p.created_at, \
    EXISTS (SELECT 1 FROM connection c WHERE c.low = min(p.id, ?1) AND c.high = max(p.id, ?1) \
            AND c.accepted), \
    EXISTS (SELECT 1 FROM block b WHERE b.blocker = p.id AND b.blocked = ?1)";

/// How many columns [`SIGHTING`] has: what follows begins there.
pub(super) const AFTER_SIGHTING: usize = 14;

pub(super) fn person(row: &Row<'_>) -> Result<Person, rusqlite::Error> {
    Ok(Person {
        id: id(row, 0)?,
        username: row.get(1)?,
        email: row.get(2)?,
        display_name: row.get(3)?,
        bio: row.get(4)?,
        avatar_url: row.get(5)?,
        locale: row.get(6)?,
        time_zone: row.get(7)?,
        status: Status { text: row.get(8)?, emoji: row.get(9)?, expires_at: some_time(row, 10)? },
        created_at: time(row, 11)?,
    })
}

pub(super) fn sighting(row: &Row<'_>) -> Result<Sighting, rusqlite::Error> {
    Ok(Sighting { person: person(row)?, contact: row.get(12)?, blocked_viewer: row.get(13)? })
}

/// The sighting of a row whose person may be missing.
pub(super) fn some_sighting(row: &Row<'_>) -> Result<Option<Sighting>, rusqlite::Error> {
    match row.get_ref(0)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => sighting(row).map(Some),
    }
}

pub(super) fn id<T: From<Uuid>>(
    row: &Row<'_>,
    column: impl RowIndex,
) -> Result<T, rusqlite::Error> {
    row.get::<_, Uuid>(column).map(T::from)
}

pub(super) fn some_id<T: From<Uuid>>(
    row: &Row<'_>,
    column: impl RowIndex,
) -> Result<Option<T>, rusqlite::Error> {
    Ok(row.get::<_, Option<Uuid>>(column)?.map(T::from))
}

pub(super) fn time(row: &Row<'_>, column: impl RowIndex) -> Result<Timestamp, rusqlite::Error> {
    row.get(column).map(Timestamp::from_millis)
}

pub(super) fn some_time(
    row: &Row<'_>,
    column: impl RowIndex,
) -> Result<Option<Timestamp>, rusqlite::Error> {
    let millis: Option<i64> = row.get(column)?;
    Ok(millis.map(Timestamp::from_millis))
}

/// The two of a pair, the smaller id first.
pub(super) fn pair(one: UserId, other: UserId) -> (UserId, UserId) {
    (one.min(other), one.max(other))
}

/// What a column holds is none of what this version writes.
pub(super) fn unreadable(column: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, what.into())
}

/// A count or `seq` as SQLite keeps it.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A count as SQLite answers it.
pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
