//! Keycloak's path to the sign-up page.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
};
use http::HeaderMap;

use super::{
    Issuer,
    flow::{Screen, unreadable},
    request::Params,
};

/// Sign up
///
/// As the authorization endpoint with `prompt=create`.
#[utoipa::path(
    get,
    path = "/auth/realms/thread/protocol/openid-connect/registrations",
    tag = "identity",
    params(Params),
    responses(
        (status = 200, description = "The page", content_type = "text/html", body = String),
        (status = 302, description = "Back to the client, with `error`"),
        (status = 400, description = "The client or `redirect_uri` is not known",
            content_type = "text/html", body = String),
    )
)]
pub(super) async fn registrations(
    State(issuer): Issuer,
    headers: HeaderMap,
    params: Result<Query<Params>, QueryRejection>,
) -> Response {
    match params {
        Ok(Query(params)) => issuer.begin(&headers, params, Screen::SignUp).await,
        Err(_) => unreadable(&headers),
    }
}
