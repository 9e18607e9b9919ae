//! Blocking people.

use api::rest::users::User;
use kernel::{Limit, Page, UserId};

use super::{Users, limit};
use crate::{UserError, domain::connection::Refusal};

impl Users {
    /// Blocks somebody, which ends what connects the two.
    pub(crate) async fn block(&self, me: UserId, other: UserId) -> Result<(), UserError> {
        if me == other {
            return Err(Refusal::Oneself.into());
        }
        self.limit_person(limit::CONNECT, me)?;
        if self.store().block(me, other, self.now()).await? {
            Ok(())
        } else {
            Err(UserError::UserNotFound)
        }
    }

    /// Blocks somebody no longer. That it was not so is no error.
    pub(crate) async fn unblock(&self, me: UserId, other: UserId) -> Result<(), UserError> {
        self.store().unblock(me, other).await?;
        Ok(())
    }

    /// Whom the caller has blocked, the latest first.
    pub(crate) async fn blocked(
        &self,
        me: UserId,
        before: Option<i64>,
        limit: Limit,
    ) -> Result<Page<User>, UserError> {
        let now = self.now();
        let found = self.store().blocked(me, before, limit).await?;
        let page = Page::from_overfetch(found, limit, |(place, _)| *place);
        Ok(page.map(|(_, seen)| seen.user(now)))
    }
}
