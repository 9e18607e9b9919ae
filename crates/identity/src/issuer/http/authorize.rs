//! The authorization endpoint.

use axum::{
    extract::{
        Form, Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    response::Response,
};
use http::HeaderMap;

use super::{
    Issuer,
    flow::{Screen, unreadable},
    request::Params,
};

/// Sign in
///
/// The authorization code flow with PKCE (S256 required). A browser that is signed in goes back
/// with a code at once; another one is shown the sign-in page, or the sign-up page with
/// `prompt=create`. An unknown client or `redirect_uri` is told on a page, never by a redirect;
/// other errors go back to the client.
#[utoipa::path(
    get,
    path = "/auth/realms/thread/protocol/openid-connect/auth",
    tag = "identity",
    params(Params),
    responses(
        (status = 200, description = "The page", content_type = "text/html", body = String),
        (status = 302, description = "Back to the client, with `code` or `error`"),
        (status = 400, description = "The client or `redirect_uri` is not known",
            content_type = "text/html", body = String),
    )
)]
pub(super) async fn authorize(
    State(issuer): Issuer,
    headers: HeaderMap,
    params: Result<Query<Params>, QueryRejection>,
) -> Response {
    match params {
        Ok(Query(params)) => issuer.begin(&headers, params, Screen::SignIn).await,
        Err(_) => unreadable(&headers),
    }
}

/// Sign in, with the parameters in a form
#[utoipa::path(
    post,
    path = "/auth/realms/thread/protocol/openid-connect/auth",
    tag = "identity",
    request_body(content = Params, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The page", content_type = "text/html", body = String),
        (status = 302, description = "Back to the client, with `code` or `error`"),
        (status = 400, description = "The client or `redirect_uri` is not known",
            content_type = "text/html", body = String),
    )
)]
pub(super) async fn authorize_by_post(
    State(issuer): Issuer,
    headers: HeaderMap,
    params: Result<Form<Params>, FormRejection>,
) -> Response {
    match params {
        Ok(Form(params)) => issuer.begin(&headers, params, Screen::SignIn).await,
        Err(_) => unreadable(&headers),
    }
}
