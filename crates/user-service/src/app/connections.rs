//! Connecting with people.

use api::{
    rest::connections::{Connection, ConnectionStatus},
    told::Told,
};
use kernel::{ConnectionId, Limit, Page, UserId};

use super::{Users, limit, to_the_end};
use crate::{
    UserError,
    domain::connection::Refusal,
    store::{ConnectionChanged, ConnectionIds},
};

impl Users {
    /// Asks somebody to connect, or agrees if they had asked.
    pub(crate) async fn connect(&self, me: UserId, other: UserId) -> Result<Connection, UserError> {
        self.limit_person(limit::CONNECT, me)?;
        let users = self.clone();
        to_the_end(async move {
            let ids =
                ConnectionIds { connection: users.ids().make(), notification: users.ids().make() };
            let now = users.now();
            let changed = users.store().connect(me, other, ids, now).await??;
            Ok(users.tell_change(other, changed).await)
        })
        .await
    }

    /// Answers somebody who asked; `None` when the answer was no.
    pub(crate) async fn respond(
        &self,
        me: UserId,
        id: ConnectionId,
        accept: bool,
    ) -> Result<Option<Connection>, UserError> {
        let users = self.clone();
        to_the_end(async move {
            let (notification, now) = (users.ids().make(), users.now());
            let answered = users.store().answer(me, id, accept, notification, now);
            let Some(changed) = answered.await?? else {
                return Ok(None);
            };
            let other = changed.mine.other.person.id;
            Ok(Some(users.tell_change(other, changed).await))
        })
        .await
    }

    /// Ends a connection, or takes back that it was asked for.
    pub(crate) async fn disconnect(&self, me: UserId, id: ConnectionId) -> Result<(), UserError> {
        if self.store().disconnect(me, id).await? {
            Ok(())
        } else {
            Err(Refusal::NoSuchConnection.into())
        }
    }

    /// The caller's connections, the latest first.
    pub(crate) async fn connections(
        &self,
        me: UserId,
        status: Option<ConnectionStatus>,
        before: Option<ConnectionId>,
        limit: Limit,
    ) -> Result<Page<Connection>, UserError> {
        let now = self.now();
        let found = self.store().connections(me, status, before, limit).await?;
        let page = Page::from_overfetch(found, limit, |side| side.id);
        Ok(page.map(|side| side.told(now)))
    }

    /// Tells the other side of a change; answers how the caller sees it.
    async fn tell_change(&self, other: UserId, changed: ConnectionChanged) -> Connection {
        let now = self.now();
        self.tell(Told::ConnectionChanged {
            user_id: other,
            connection: Box::new(changed.theirs.told(now)),
        })
        .await;
        self.tell(changed.notified.told(now)).await;
        changed.mine.told(now)
    }
}
