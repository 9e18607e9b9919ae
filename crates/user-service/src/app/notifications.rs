//! Notifications of the caller, and those that administrators write.

use api::rest::notifications::{
    CreateNotification, Notification, NotificationKind, Notifications, ReadNotifications,
};
use kernel::{
    Limit, Page, UserId,
    limits::{IDS_PER_CALL, NOTIFICATION_CHARS},
};
use kit::http::Caller;

use super::{Users, to_the_end};
use crate::{
    UserError,
    domain::{notification::NewNotification, text},
    store::{NoticeChange, Reading},
};

impl Users {
    /// The caller's notifications, newest first.
    pub(crate) async fn notifications(
        &self,
        me: UserId,
        unread_only: bool,
        before: Option<i64>,
        limit: Limit,
    ) -> Result<Notifications, UserError> {
        let now = self.now();
        let listed = self.store().notifications(me, unread_only, before, limit);
        let (found, unread_count) = listed.await?;
        let page = Page::from_overfetch(found, limit, |kept| kept.place);
        let Page { items, next_cursor } = page.map(|kept| kept.told(now));
        Ok(Notifications { items, next_cursor, unread_count })
    }

    /// Writes to somebody in the name of the system.
    pub(crate) async fn notify(
        &self,
        caller: &Caller,
        asked: CreateNotification,
    ) -> Result<Notification, UserError> {
        if !caller.is_admin() {
            return Err(UserError::Forbidden("only administrators may do this"));
        }
        if asked.kind != NotificationKind::System {
            return Err(UserError::field("kind", "must be `system`"));
        }
        let text = text::lines(&asked.text, NOTIFICATION_CHARS)
            .and_then(|text| text::not_empty(&text).map(|()| text))
            .map_err(|bad| UserError::field("text", &bad.message()))?;
        let (users, user_id) = (self.clone(), asked.user_id);
        to_the_end(async move {
            if users.store().person(user_id).await?.is_none() {
                return Err(UserError::UserNotFound);
            }
            let now = users.now();
            let new = NewNotification {
                id: users.ids().make(),
                user_id,
                kind: NotificationKind::System,
                actor_id: None,
                chat_id: None,
                message_id: None,
                event_id: None,
                text,
                created_at: now,
            };
            let changes = vec![NoticeChange::Notify(new)];
            let notified = users.store().change_notices(changes).await?.pop();
            let notified = notified.ok_or(UserError::UserNotFound)?;
            users.tell(notified.clone().told(now)).await;
            Ok(notified.notification.told(now))
        })
        .await
    }

    /// Reads the caller's notifications; answers how many are left. Those of others are passed
    /// over in silence.
    pub(crate) async fn read_notifications(
        &self,
        me: UserId,
        asked: ReadNotifications,
    ) -> Result<u64, UserError> {
        let reading = match (asked.ids, asked.all) {
            (None, Some(true)) => Reading::All,
            (Some(ids), None | Some(false)) if ids.len() <= IDS_PER_CALL => Reading::These(ids),
            (Some(_), None | Some(false)) => {
                return Err(UserError::field("ids", "at most 100 ids"));
            }
            _ => return Err(UserError::field("ids", "give either `ids` or `all: true`")),
        };
        let now = self.now();
        Ok(self.store().read_notifications(me, reading, now).await?)
    }
}
