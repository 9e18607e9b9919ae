//! Who is there.

use api::rest::presence::{Presence, PresenceOf};
use axum::extract::State;
use kit::http::{Failure, Json, Query, ids};

use super::{
    extract::Me,
    refusals::{Always, Params, SignedIn},
};
use crate::Users;

/// Who is there
///
/// At most 100; who is unknown is left out, and who has blocked me is never there.
#[utoipa::path(
    get, path = "/api/users/presence", tag = "users", operation_id = "presence",
    security(("bearer_auth" = [])),
    params(PresenceOf),
    responses(
        (status = 200, description = "Their presence", body = Vec<Presence>),
        Params, SignedIn, Always
    )
)]
pub(super) async fn presence(
    State(users): State<Users>,
    Me(me): Me,
    Query(asked): Query<PresenceOf>,
) -> Result<Json<Vec<Presence>>, Failure> {
    let ids = ids(&asked.ids)?;
    Ok(Json(users.presence_of(me.user_id, ids).await?))
}
