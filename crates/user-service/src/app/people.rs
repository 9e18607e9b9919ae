//! Profiles, people by id, search.

use api::{
    rest::users::{Profile, UpdateProfile, User},
    told::Told,
};
use kernel::{Limit, Page, UserId};
use kit::http::Caller;

use super::{Users, limit, to_the_end};
use crate::{
    UserError,
    domain::{
        person::current,
        profile::ProfileChange,
        search::{Place, Query},
    },
};

impl Users {
    /// The caller's own profile.
    pub(crate) async fn profile(&self, caller: &Caller) -> Result<Profile, UserError> {
        let person = self.store().person(caller.user_id).await?;
        let person = person.ok_or(UserError::UserNotFound)?;
        Ok(person.profile(roles(caller), self.now()))
    }

    /// Changes the caller's own profile, and tells when they say something else of what they do.
    pub(crate) async fn update_profile(
        &self,
        caller: &Caller,
        asked: UpdateProfile,
    ) -> Result<Profile, UserError> {
        self.limit_person(limit::PROFILE, caller.user_id)?;
        let now = self.now();
        let change = ProfileChange::new(asked, now).map_err(UserError::Invalid)?;
        let (users, id, roles) = (self.clone(), caller.user_id, roles(caller));
        to_the_end(async move {
            let updated = users.store().update_person(id, change).await?;
            let updated = updated.ok_or(UserError::UserNotFound)?;
            if updated.status_changed {
                users
                    .tell(Told::StatusChanged {
                        user_id: id,
                        status: current(&updated.person.status, now),
                    })
                    .await;
            }
            Ok(updated.person.profile(roles, now))
        })
        .await
    }

    /// Somebody, as the caller may see them.
    pub(crate) async fn user(&self, me: UserId, id: UserId) -> Result<User, UserError> {
        let seen = self.store().sightings(me, vec![id]).await?.pop();
        Ok(seen.ok_or(UserError::UserNotFound)?.user(self.now()))
    }

    /// These people, as the caller may see them; who is unknown is left out.
    pub(crate) async fn users(&self, me: UserId, ids: Vec<UserId>) -> Result<Vec<User>, UserError> {
        let now = self.now();
        let seen = self.store().sightings(me, ids).await?;
        Ok(seen.into_iter().map(|seen| seen.user(now)).collect())
    }

    /// People who are called nearly so.
    pub(crate) async fn search(
        &self,
        me: UserId,
        typed: &str,
        after: Option<Place>,
        limit: Limit,
    ) -> Result<Page<User>, UserError> {
        let query = Query::new(typed)
            .ok_or_else(|| UserError::field("query", "must have 1 to 200 characters"))?;
        self.limit_person(limit::SEARCH, me)?;
        let now = self.now();
        let found = self.store().search(me, query, after, limit).await?;
        let page = Page::from_overfetch(found, limit, |(place, _)| place.clone());
        Ok(page.map(|(_, seen)| seen.user(now)))
    }
}

/// The roles that mean something here; an identity provider may give others.
fn roles(caller: &Caller) -> Vec<String> {
    let ours = |role: &&String| matches!(role.as_str(), "admin" | "member");
    caller.roles.iter().filter(ours).cloned().collect()
}
