//! Registering, and signing programs in.

use api::rest::users::{Login, RefreshToken, Register, Registered, TokenAnswer};
use axum::extract::State;
use http::{HeaderMap, StatusCode, header};
use identity::Tokens;
use kit::http::{Failure, Json};

use super::{
    extract::From,
    refusals::{Always, Body, Limited},
};
use crate::Users;

/// Register
///
/// Creates an account at the identity provider and a profile here. The first user of an empty
/// installation becomes `admin`. The language is taken from `Accept-Language`.
#[utoipa::path(
    post, path = "/api/users/register", tag = "users", operation_id = "register",
    request_body = Register,
    responses(
        (status = 201, description = "Registered", body = Registered),
        (status = 409, description = "`username_taken` or `email_taken`", body = api::Problem,
         content_type = "application/problem+json"),
        Body, Limited, Always
    )
)]
pub(super) async fn register(
    State(users): State<Users>,
    From(peer): From,
    headers: HeaderMap,
    Json(asked): Json<Register>,
) -> Result<(StatusCode, Json<Registered>), Failure> {
    let languages = headers.get(header::ACCEPT_LANGUAGE);
    let languages = languages.and_then(|value| value.to_str().ok());
    let user = users.register(asked, peer, languages).await?;
    Ok((StatusCode::CREATED, Json(Registered { user })))
}

/// Sign a program in
///
/// By username or e-mail address. Browsers use `GET /api/users/session/start` instead.
#[utoipa::path(
    post, path = "/api/users/login", tag = "users", operation_id = "login",
    request_body = Login,
    responses(
        (status = 200, description = "The tokens", body = TokenAnswer),
        (status = 401, description = "`invalid_credentials`, whichever of the two is wrong",
         body = api::Problem, content_type = "application/problem+json"),
        Body, Limited, Always
    )
)]
pub(super) async fn login(
    State(users): State<Users>,
    From(peer): From,
    Json(asked): Json<Login>,
) -> Result<Json<TokenAnswer>, Failure> {
    Ok(Json(answer(users.login(asked, peer).await?)))
}

/// Get new tokens
///
/// A refresh token is good for one use; using it again ends the session.
#[utoipa::path(
    post, path = "/api/users/refresh", tag = "users", operation_id = "refresh",
    request_body = RefreshToken,
    responses(
        (status = 200, description = "The tokens", body = TokenAnswer),
        (status = 401, description = "`session_over`: the token is unknown, used up, run out or \
         revoked", body = api::Problem, content_type = "application/problem+json"),
        Body, Limited, Always
    )
)]
pub(super) async fn refresh(
    State(users): State<Users>,
    Json(asked): Json<RefreshToken>,
) -> Result<Json<TokenAnswer>, Failure> {
    Ok(Json(answer(users.refresh(&asked.refresh_token).await?)))
}

/// Sign a program out
///
/// Ends the session of a refresh token. One that is over, or never was, is no error.
#[utoipa::path(
    post, path = "/api/users/logout", tag = "users", operation_id = "logout",
    request_body = RefreshToken,
    responses((status = 204, description = "The session is over"), Body, Always)
)]
pub(super) async fn logout(
    State(users): State<Users>,
    Json(asked): Json<RefreshToken>,
) -> Result<StatusCode, Failure> {
    users.logout(&asked.refresh_token).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn answer(tokens: Tokens) -> TokenAnswer {
    TokenAnswer {
        access_token: tokens.access_token.reveal().to_owned(),
        refresh_token: tokens.refresh_token.reveal().to_owned(),
        expires_in: tokens.expires_in,
        token_type: "Bearer".to_owned(),
    }
}
