//! What other services in the same process may ask.

use std::collections::{HashMap, HashSet};

use api::rest::users::Status;
use kernel::UserId;
use kit::http::Caller;
use uuid::Uuid;

use super::Users;
use crate::{UserError, domain::person::current, store::Blocks};

impl Users {
    /// Those of these people who are known here.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn known(&self, ids: &[UserId]) -> Result<HashSet<UserId>, UserError> {
        let (known, unsure): (Vec<UserId>, Vec<UserId>) = {
            let met = self.met();
            ids.iter().partition(|id| met.contains_key(id))
        };
        let mut known: HashSet<UserId> = known.into_iter().collect();
        if !unsure.is_empty() {
            known.extend(self.store().known(unsure).await?);
        }
        Ok(known)
    }

    /// Makes the caller known here, should they come to another service first.
    ///
    /// # Errors
    /// The store can't be written.
    pub async fn introduce(&self, caller: &Caller) -> Result<(), UserError> {
        self.meet(caller).await
    }

    /// Whom these usernames (in any case) name; who is unknown is left out. The keys are as they
    /// were given.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn ids_by_username(
        &self,
        names: &[String],
    ) -> Result<HashMap<String, UserId>, UserError> {
        let lower = names.iter().map(|name| name.to_lowercase()).collect();
        let found = self.store().ids_by_username(lower).await?;
        let named = names.iter().filter_map(|name| {
            let id = found.get(&name.to_lowercase())?;
            Some((name.clone(), *id))
        });
        Ok(named.collect())
    }

    /// Who of the two has blocked whom.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn blocks_between(&self, first: UserId, second: UserId) -> Result<Blocks, UserError> {
        Ok(self.store().blocks_between(first, second).await?)
    }

    /// Everybody whom this person has blocked: to whom they must seem absent.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn blocked_by(&self, id: UserId) -> Result<HashSet<UserId>, UserError> {
        Ok(self.store().all_blocked(id).await?)
    }

    /// Those of `among` who have blocked this person: who must seem absent to them.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn blockers_of(
        &self,
        id: UserId,
        among: &[UserId],
    ) -> Result<HashSet<UserId>, UserError> {
        Ok(self.store().blockers_of(id, among.to_vec()).await?)
    }

    /// What these people say they are doing; who says nothing, or is unknown, is left out.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn statuses(&self, ids: &[UserId]) -> Result<HashMap<UserId, Status>, UserError> {
        // Seen by nobody in particular.
        let nobody = UserId::from_uuid(Uuid::nil());
        let now = self.now();
        let people = self.store().sightings(nobody, ids.to_vec()).await?;
        let statuses = people.into_iter().filter_map(|seen| {
            let status = current(&seen.person.status, now)?;
            Some((seen.person.id, status))
        });
        Ok(statuses.collect())
    }
}
