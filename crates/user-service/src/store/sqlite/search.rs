//! Who a query may mean: candidates by grams, ranked by the domain.

use std::collections::BTreeSet;

use kernel::{Limit, UserId};
use rusqlite::{Connection, params};

use super::row::id;
use crate::domain::search::{Place, Query, Rank, rank};

/// Candidates of a search as it was typed. A query of one letter may have more in a very large
/// workspace: then those who registered first are looked at.
const EXACT: i64 = 5_000;
/// Candidates of a search with typing errors, those who share most with the query.
const NEAR: i64 = 300;

/// The places of who is found, from after that one; one more than asked for when there is more.
pub(super) fn places(
    connection: &Connection,
    viewer: UserId,
    query: &Query,
    after: Option<&Place>,
    limit: Limit,
) -> Result<BTreeSet<Place>, rusqlite::Error> {
    let mut found = Best::new(query, after, limit);
    let exact = query.exact_grams();
    found.look_at(
        connection,
        "SELECT p.id, p.username_key, p.name_key FROM person p JOIN (
           SELECT person FROM gram WHERE gram IN (SELECT value FROM json_each(?1))
           GROUP BY person HAVING count(*) = ?2 ORDER BY person LIMIT ?3
         ) g ON g.person = p.n
         WHERE NOT EXISTS (SELECT 1 FROM block b WHERE b.blocker = p.id AND b.blocked = ?4)",
        &exact,
        i64::try_from(exact.len()).unwrap_or(i64::MAX),
        EXACT,
        viewer,
    )?;
    if found.is_full() {
        // Typing errors come last: there is no place for them on this page.
        return Ok(found.places);
    }
    found.look_at(
        connection,
        "SELECT p.id, p.username_key, p.name_key FROM person p JOIN (
           SELECT person FROM gram WHERE gram IN (SELECT value FROM json_each(?1))
           GROUP BY person HAVING count(*) >= ?2 ORDER BY count(*) DESC, person LIMIT ?3
         ) g ON g.person = p.n
         WHERE NOT EXISTS (SELECT 1 FROM block b WHERE b.blocker = p.id AND b.blocked = ?4)",
        &query.near_grams(),
        1,
        NEAR,
        viewer,
    )?;
    Ok(found.places)
}

/// The best places so far, no more than are needed.
struct Best<'a> {
    query: &'a Query,
    after: Option<&'a Place>,
    room: usize,
    places: BTreeSet<Place>,
}

impl<'a> Best<'a> {
    fn new(query: &'a Query, after: Option<&'a Place>, limit: Limit) -> Self {
        Self { query, after, room: limit.get() as usize + 1, places: BTreeSet::new() }
    }

    fn look_at(
        &mut self,
        connection: &Connection,
        candidates: &str,
        grams: &[String],
        shared: i64,
        most: i64,
        viewer: UserId,
    ) -> Result<(), rusqlite::Error> {
        if grams.is_empty() {
            return Ok(());
        }
        let grams = serde_json::to_string(grams).unwrap_or_default();
        let mut statement = connection.prepare_cached(candidates)?;
        let mut rows = statement.query(params![grams, shared, most, viewer.as_uuid()])?;
        while let Some(row) = rows.next()? {
            let (username, name) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
            if let Some(rank) = rank(self.query, username, name) {
                self.add(Place(rank, username.to_owned(), id(row, 0)?));
            }
        }
        Ok(())
    }

    /// Whether nobody who only nearly fits can come in any more.
    fn is_full(&self) -> bool {
        self.places.len() == self.room
            && self.places.last().is_some_and(|Place(rank, ..)| *rank < Rank::Typo)
    }

    fn add(&mut self, place: Place) {
        if self.after.is_some_and(|after| place <= *after) {
            return;
        }
        self.places.insert(place);
        if self.places.len() > self.room {
            self.places.pop_last();
        }
    }
}
