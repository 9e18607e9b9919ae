//! The caller's own profile.

use api::rest::users::{Profile, UpdateProfile};
use axum::extract::State;
use kit::http::{Failure, Json};

use super::{
    extract::Me,
    refusals::{Always, Body, Limited, SignedIn},
};
use crate::Users;

/// My profile
#[utoipa::path(
    get, path = "/api/users/profile", tag = "users", operation_id = "profile",
    security(("bearer_auth" = [])),
    responses((status = 200, description = "My profile", body = Profile), SignedIn, Always)
)]
pub(super) async fn profile(
    State(users): State<Users>,
    Me(me): Me,
) -> Result<Json<Profile>, Failure> {
    Ok(Json(users.profile(&me).await?))
}

/// Change my profile
///
/// Any subset: what is absent or `null` stays as it is. A status with neither text nor emoji is
/// none.
#[utoipa::path(
    put, path = "/api/users/profile", tag = "users", operation_id = "update_profile",
    security(("bearer_auth" = [])),
    request_body = UpdateProfile,
    responses(
        (status = 200, description = "My profile as it is now", body = Profile),
        Body, SignedIn, Limited, Always
    )
)]
pub(super) async fn update_profile(
    State(users): State<Users>,
    Me(me): Me,
    Json(asked): Json<UpdateProfile>,
) -> Result<Json<Profile>, Failure> {
    Ok(Json(users.update_profile(&me, asked).await?))
}
