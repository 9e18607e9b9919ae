//! Blocking people.

use api::rest::users::User;
use axum::extract::State;
use http::StatusCode;
use kernel::{Page, UserId};
use kit::http::{Failure, Json, Path, Query, page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    extract::Me,
    refusals::{Always, Id, Limited, NoUser, Params, SignedIn},
};
use crate::Users;

/// `GET /api/users/blocks`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListBlocks {
    /// 1 to 100; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Whom I have blocked
///
/// The latest first.
#[utoipa::path(
    get, path = "/api/users/blocks", tag = "users", operation_id = "blocks",
    security(("bearer_auth" = [])),
    params(ListBlocks),
    responses(
        (status = 200, description = "Whom I have blocked", body = Page<User>),
        Params, SignedIn, Always
    )
)]
pub(super) async fn blocks(
    State(users): State<Users>,
    Me(me): Me,
    Query(asked): Query<ListBlocks>,
) -> Result<Json<Page<User>>, Failure> {
    let (limit, before) = page(asked.limit, asked.cursor.as_deref())?;
    Ok(Json(users.blocked(me.user_id, before, limit).await?))
}

/// Block somebody
///
/// They can't connect with me, write to me directly, mention me, or see my presence; a connection
/// between us ends. Again changes nothing.
#[utoipa::path(
    put, path = "/api/users/blocks/{user_id}", tag = "users", operation_id = "block",
    security(("bearer_auth" = [])),
    params(("user_id" = UserId, Path, description = "Whom")),
    responses(
        (status = 204, description = "Blocked"),
        (status = 422, description = "`invalid`: nobody blocks themselves", body = api::Problem,
         content_type = "application/problem+json"),
        Id, SignedIn, NoUser, Limited, Always
    )
)]
pub(super) async fn block(
    State(users): State<Users>,
    Me(me): Me,
    Path(other): Path<UserId>,
) -> Result<StatusCode, Failure> {
    users.block(me.user_id, other).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Block somebody no longer
///
/// That it was not so is no error.
#[utoipa::path(
    delete, path = "/api/users/blocks/{user_id}", tag = "users", operation_id = "unblock",
    security(("bearer_auth" = [])),
    params(("user_id" = UserId, Path, description = "Whom")),
    responses((status = 204, description = "Not blocked"), Id, SignedIn, Always)
)]
pub(super) async fn unblock(
    State(users): State<Users>,
    Me(me): Me,
    Path(other): Path<UserId>,
) -> Result<StatusCode, Failure> {
    users.unblock(me.user_id, other).await?;
    Ok(StatusCode::NO_CONTENT)
}
