//! People.

use std::collections::{HashMap, HashSet};

use api::rest::users::Status;
use kernel::{Limit, UserId};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    SqliteStore,
    row::{PERSON, SIGHTING, id, person, sighting},
    search,
};
use crate::{
    domain::{
        person::{NewPerson, Person, Sighting},
        profile::{DEFAULT_TIME_ZONE, ProfileChange},
        search::{Place, Query, grams, normalise},
    },
    store::{Answer, People, Updated},
};

impl People for SqliteStore {
    fn keep_person(&self, new: NewPerson) -> Answer<'_, bool> {
        self.write(move |connection| keep(connection, &new))
    }

    fn person(&self, id: UserId) -> Answer<'_, Option<Person>> {
        self.read(move |connection| find(connection, id))
    }

    fn update_person(&self, id: UserId, change: ProfileChange) -> Answer<'_, Option<Updated>> {
        self.write(move |connection| update(connection, id, change.clone()))
    }

    fn known(&self, ids: Vec<UserId>) -> Answer<'_, HashSet<UserId>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached("SELECT 1 FROM person WHERE id = ?")?;
            let mut known = HashSet::with_capacity(ids.len());
            for id in ids {
                if statement.exists([id.as_uuid()])? {
                    known.insert(id);
                }
            }
            Ok(known)
        })
    }

    fn ids_by_username(&self, names: Vec<String>) -> Answer<'_, HashMap<String, UserId>> {
        self.read(move |connection| {
            let mut statement =
                connection.prepare_cached("SELECT id FROM person WHERE username = ?")?;
            let mut found = HashMap::with_capacity(names.len());
            for name in names {
                if let Some(id) = statement.query_row([&name], |row| id(row, 0)).optional()? {
                    found.insert(name, id);
                }
            }
            Ok(found)
        })
    }

    fn sightings(&self, viewer: UserId, ids: Vec<UserId>) -> Answer<'_, Vec<Sighting>> {
        self.read(move |connection| {
            let mut seen = Vec::with_capacity(ids.len());
            for id in ids {
                seen.extend(sight(connection, viewer, id)?);
            }
            Ok(seen)
        })
    }

    fn search(
        &self,
        viewer: UserId,
        query: Query,
        after: Option<Place>,
        limit: Limit,
    ) -> Answer<'_, Vec<(Place, Sighting)>> {
        self.read(move |connection| {
            let mut found = Vec::new();
            for place in search::places(connection, viewer, &query, after.as_ref(), limit)? {
                if let Some(seen) = sight(connection, viewer, place.2)? {
                    found.push((place, seen));
                }
            }
            Ok(found)
        })
    }
}

/// Somebody.
pub(super) fn find(connection: &Connection, id: UserId) -> Result<Option<Person>, rusqlite::Error> {
    connection
        .prepare_cached(&format!("SELECT {PERSON} FROM person p WHERE p.id = ?"))?
        .query_row([id.as_uuid()], person)
        .optional()
}

/// Somebody as `viewer` sees them.
pub(super) fn sight(
    connection: &Connection,
    viewer: UserId,
    id: UserId,
) -> Result<Option<Sighting>, rusqlite::Error> {
    connection
        .prepare_cached(&format!("SELECT {SIGHTING} FROM person p WHERE p.id = ?2"))?
        .query_row([viewer.as_uuid(), id.as_uuid()], sighting)
        .optional()
}

fn keep(connection: &Connection, new: &NewPerson) -> Result<bool, rusqlite::Error> {
    let before = find(connection, new.id)?;
    if let Some(person) = &before
        && person.username == new.username
        && person.email == new.email
    {
        return Ok(false);
    }
    give_up_username(connection, &new.username, new.id)?;
    let username_key = normalise(&new.username);
    if before.is_some() {
        connection
            .prepare_cached(
                "UPDATE person SET username = ?2, email = ?3, username_key = ?4 WHERE id = ?1",
            )?
            .execute(params![new.id.as_uuid(), new.username, new.email, username_key])?;
    } else {
        connection
            .prepare_cached(
                "INSERT INTO person (id, username, email, display_name, locale, time_zone, \
                 created_at, username_key, name_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                new.id.as_uuid(),
                new.username,
                new.email,
                new.display_name,
                new.locale,
                DEFAULT_TIME_ZONE,
                new.created_at.as_millis(),
                username_key,
                normalise(&new.display_name),
            ])?;
    }
    index(connection, new.id)?;
    Ok(true)
}

/// Renames whoever else holds that username, which the identity provider has given to `id`.
fn give_up_username(
    connection: &Connection,
    username: &str,
    new_holder: UserId,
) -> Result<(), rusqlite::Error> {
    let holder: Option<UserId> = connection
        .prepare_cached("SELECT id FROM person WHERE username = ?1 AND id <> ?2")?
        .query_row(params![username, new_holder.as_uuid()], |row| id(row, 0))
        .optional()?;
    let Some(holder) = holder else { return Ok(()) };
    connection
        .prepare_cached("UPDATE person SET username = ?2, username_key = ?2 WHERE id = ?1")?
        .execute(params![holder.as_uuid(), holder.to_string()])?;
    index(connection, holder)
}

/// Brings the grams of somebody up to date.
fn index(connection: &Connection, id: UserId) -> Result<(), rusqlite::Error> {
    let (n, username_key, name_key): (i64, String, String) = connection
        .prepare_cached("SELECT n, username_key, name_key FROM person WHERE id = ?")?
        .query_row([id.as_uuid()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    connection.prepare_cached("DELETE FROM gram WHERE person = ?")?.execute([n])?;
    let mut insert = connection.prepare_cached("INSERT INTO gram (gram, person) VALUES (?, ?)")?;
    for gram in grams(&username_key, &name_key) {
        insert.execute(params![gram, n])?;
    }
    Ok(())
}

fn update(
    connection: &Connection,
    id: UserId,
    change: ProfileChange,
) -> Result<Option<Updated>, rusqlite::Error> {
    let Some(before) = find(connection, id)? else {
        return Ok(None);
    };
    let renamed = change.display_name.is_some();
    let person = Person {
        display_name: change.display_name.unwrap_or(before.display_name),
        bio: change.bio.unwrap_or(before.bio),
        locale: change.locale.unwrap_or(before.locale),
        time_zone: change.time_zone.unwrap_or(before.time_zone),
        status: change.status.unwrap_or_else(|| before.status.clone()),
        ..before
    };
    let Status { text, emoji, expires_at } = &person.status;
    connection
        .prepare_cached(
            "UPDATE person SET display_name = ?2, name_key = ?3, bio = ?4, locale = ?5, \
             time_zone = ?6, status_text = ?7, status_emoji = ?8, status_expires_at = ?9 \
             WHERE id = ?1",
        )?
        .execute(params![
            id.as_uuid(),
            person.display_name,
            normalise(&person.display_name),
            person.bio,
            person.locale,
            person.time_zone,
            text,
            emoji,
            expires_at.map(kernel::Timestamp::as_millis),
        ])?;
    if renamed {
        index(connection, id)?;
    }
    Ok(Some(Updated { status_changed: person.status != before.status, person }))
}
