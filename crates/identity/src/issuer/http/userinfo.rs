//! Who the bearer of an access token is.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kit::http::{Authenticator, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Issuer, oauth_error::OAuthError};
use crate::issuer::{Embedded, store::AccountRow};

/// Who the bearer is.
#[derive(Serialize, ToSchema)]
pub(super) struct UserInfo {
    /// The person.
    sub: String,
    preferred_username: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Nobody has sent a message there, so never true.
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
}

impl From<AccountRow> for UserInfo {
    fn from(row: AccountRow) -> Self {
        let email = Some(row.account.email).filter(|email| !email.is_empty());
        Self {
            sub: row.account.id.to_string(),
            preferred_username: row.account.username,
            name: row.account.name,
            email_verified: email.is_some().then_some(false),
            email,
            locale: row.locale,
        }
    }
}

/// Who I am
///
/// Unlike the services, this endpoint also asks whether the token's session still lasts.
#[utoipa::path(
    get,
    path = "/auth/realms/thread/protocol/openid-connect/userinfo",
    tag = "identity",
    responses(
        (status = 200, description = "Who the bearer is", body = UserInfo),
        (status = 401, description = "No access token, or one that is no good"),
    )
)]
pub(super) async fn userinfo(
    State(issuer): Issuer,
    headers: HeaderMap,
) -> Result<Response, OAuthError> {
    answer(&issuer, &headers).await
}

/// Who I am, by POST
#[utoipa::path(
    post,
    path = "/auth/realms/thread/protocol/openid-connect/userinfo",
    tag = "identity",
    responses(
        (status = 200, description = "Who the bearer is", body = UserInfo),
        (status = 401, description = "No access token, or one that is no good"),
    )
)]
pub(super) async fn userinfo_by_post(
    State(issuer): Issuer,
    headers: HeaderMap,
) -> Result<Response, OAuthError> {
    answer(&issuer, &headers).await
}

async fn answer(issuer: &Embedded, headers: &HeaderMap) -> Result<Response, OAuthError> {
    let Some(token) = bearer(headers) else {
        return Ok(challenge("Bearer"));
    };
    let row = match issuer.verifier.authenticate(token).await {
        Ok(caller) => issuer.present(&caller).await?,
        Err(_) => None,
    };
    Ok(match row {
        Some(row) => {
            ([(header::CACHE_CONTROL, "no-store")], Json(UserInfo::from(row))).into_response()
        }
        None => challenge(r#"Bearer error="invalid_token""#),
    })
}

impl Embedded {
    /// The caller's account, if their session lasts.
    async fn present(&self, caller: &Caller) -> Result<Option<AccountRow>, crate::GrantError> {
        if let Some(session_id) = caller.session_id
            && self.store.session(session_id, self.ids.now()).await?.is_none()
        {
            return Ok(None);
        }
        Ok(self.store.account(caller.user_id).await?)
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
}

fn challenge(text: &'static str) -> Response {
    let mut response = StatusCode::UNAUTHORIZED.into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(text));
    response
}
