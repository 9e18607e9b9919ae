//! The caller's signed-in devices.

use api::rest::sessions::Sessions;
use axum::extract::State;
use http::StatusCode;
use kernel::LoginId;
use kit::http::{Failure, Json, Path};

use super::{
    extract::Me,
    refusals::{Always, Id, SignedIn},
};
use crate::Users;

/// My signed-in devices
///
/// Browsers, the latest used first.
#[utoipa::path(
    get, path = "/api/users/sessions", tag = "users", operation_id = "sessions",
    security(("bearer_auth" = [])),
    responses((status = 200, description = "My devices", body = Sessions), SignedIn, Always)
)]
pub(super) async fn sessions(
    State(users): State<Users>,
    Me(me): Me,
) -> Result<Json<Sessions>, Failure> {
    Ok(Json(Sessions { items: users.sessions(&me).await?, next_cursor: None }))
}

/// Sign one of my devices out
///
/// Its session ends at the identity provider too, and its sockets are closed.
#[utoipa::path(
    delete, path = "/api/users/sessions/{id}", tag = "users", operation_id = "end_session",
    security(("bearer_auth" = [])),
    params(("id" = LoginId, Path, description = "The device")),
    responses(
        (status = 204, description = "Signed out"),
        (status = 404, description = "`session_not_found`: no such device of yours",
         body = api::Problem, content_type = "application/problem+json"),
        Id, SignedIn, Always
    )
)]
pub(super) async fn end(
    State(users): State<Users>,
    Me(me): Me,
    Path(id): Path<LoginId>,
) -> Result<StatusCode, Failure> {
    users.end_session(&me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
