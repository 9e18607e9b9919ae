//! People as they are kept.

use std::collections::{HashMap, HashSet};

use kernel::{Limit, UserId};

use super::Answer;
use crate::domain::{
    person::{NewPerson, Person, Sighting},
    profile::ProfileChange,
    search::{Place, Query},
};

/// A profile that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// As it is now.
    pub person: Person,
    /// They say something else of what they are doing.
    pub status_changed: bool,
}

/// People.
pub trait People: Send + Sync + 'static {
    /// Keeps somebody whom the identity provider names, if they are new; else takes over the
    /// username and e-mail address, which are the provider's to say. Answers whether anything
    /// changed. Whoever held the username here and no longer does is renamed after their id,
    /// until the provider tells their new one.
    fn keep_person(&self, person: NewPerson) -> Answer<'_, bool>;

    /// Somebody.
    fn person(&self, id: UserId) -> Answer<'_, Option<Person>>;

    /// Changes a profile; `None` when there is none.
    fn update_person(&self, id: UserId, change: ProfileChange) -> Answer<'_, Option<Updated>>;

    /// Those of these people who are known.
    fn known(&self, ids: Vec<UserId>) -> Answer<'_, HashSet<UserId>>;

    /// The ids of those of these usernames (in lower case) that are known.
    fn ids_by_username(&self, names: Vec<String>) -> Answer<'_, HashMap<String, UserId>>;

    /// These people as `viewer` sees them, in that order; who is unknown is left out.
    fn sightings(&self, viewer: UserId, ids: Vec<UserId>) -> Answer<'_, Vec<Sighting>>;

    /// Who fits, best first, from after that place, without those who have blocked `viewer`; one
    /// more than asked for when there is more.
    fn search(
        &self,
        viewer: UserId,
        query: Query,
        after: Option<Place>,
        limit: Limit,
    ) -> Answer<'_, Vec<(Place, Sighting)>>;
}
