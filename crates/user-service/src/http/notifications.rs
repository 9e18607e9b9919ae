//! Notifications.

use api::rest::notifications::{
    CreateNotification, ListNotifications, Notification, Notifications, ReadNotifications,
    UnreadNotifications,
};
use axum::extract::State;
use http::StatusCode;
use kit::http::{Failure, Json, Query, page};

use super::{
    extract::Me,
    refusals::{Always, Body, NoUser, Params, SignedIn},
};
use crate::Users;

/// My notifications
///
/// Newest first.
#[utoipa::path(
    get, path = "/api/users/notifications", tag = "users", operation_id = "notifications",
    security(("bearer_auth" = [])),
    params(ListNotifications),
    responses(
        (status = 200, description = "My notifications", body = Notifications),
        Params, SignedIn, Always
    )
)]
pub(super) async fn notifications(
    State(users): State<Users>,
    Me(me): Me,
    Query(asked): Query<ListNotifications>,
) -> Result<Json<Notifications>, Failure> {
    let (limit, before) = page(asked.limit, asked.cursor.as_deref())?;
    let unread_only = asked.unread.unwrap_or(false);
    let listed = users.notifications(me.user_id, unread_only, before, limit);
    Ok(Json(listed.await?))
}

/// Write to somebody in the name of the system
///
/// For administrators.
#[utoipa::path(
    post, path = "/api/users/notifications", tag = "users", operation_id = "create_notification",
    security(("bearer_auth" = [])),
    request_body = CreateNotification,
    responses(
        (status = 201, description = "The notification", body = Notification),
        (status = 403, description = "`forbidden`: only administrators may do this",
         body = api::Problem, content_type = "application/problem+json"),
        Body, SignedIn, NoUser, Always
    )
)]
pub(super) async fn create(
    State(users): State<Users>,
    Me(me): Me,
    Json(asked): Json<CreateNotification>,
) -> Result<(StatusCode, Json<Notification>), Failure> {
    let notification = users.notify(&me, asked).await?;
    Ok((StatusCode::CREATED, Json(notification)))
}

/// Read my notifications
///
/// Either `ids` or `all: true`. Ids that are not mine are passed over.
#[utoipa::path(
    post, path = "/api/users/notifications/read", tag = "users",
    operation_id = "read_notifications",
    security(("bearer_auth" = [])),
    request_body = ReadNotifications,
    responses(
        (status = 200, description = "How many are left", body = UnreadNotifications),
        Body, SignedIn, Always
    )
)]
pub(super) async fn read(
    State(users): State<Users>,
    Me(me): Me,
    Json(asked): Json<ReadNotifications>,
) -> Result<Json<UnreadNotifications>, Failure> {
    let unread_count = users.read_notifications(me.user_id, asked).await?;
    Ok(Json(UnreadNotifications { unread_count }))
}
