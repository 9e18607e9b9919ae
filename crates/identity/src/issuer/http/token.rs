//! The token endpoint.

use std::net::IpAddr;

use axum::{
    Extension, Json,
    extract::{Form, State, rejection::FormRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header};
use kernel::Secret;
use kit::http::Peer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Issuer,
    client_auth::Asker,
    oauth_error::{OAuthError, OAuthErrorBody},
    peer_of,
    request::granted_scope,
};
use crate::issuer::{
    Embedded,
    grants::{Granted, Presented},
    tokens::ACCESS_SECONDS,
};

/// A request for tokens.
#[derive(Deserialize, ToSchema)]
pub(super) struct TokenRequest {
    /// `authorization_code`, `refresh_token`, `password` (client `thread-cli` only) or
    /// `client_credentials` (bots).
    grant_type: Option<String>,
    /// Who asks; or by HTTP's basic authentication.
    client_id: Option<String>,
    /// The secret of a bot's client.
    client_secret: Option<Secret>,
    /// The code that came back with the browser.
    code: Option<Secret>,
    /// The `redirect_uri` of the authorization request.
    redirect_uri: Option<String>,
    /// What the `code_challenge` was made of.
    code_verifier: Option<Secret>,
    /// The refresh token; it is used up.
    refresh_token: Option<Secret>,
    /// The username or e-mail address.
    username: Option<String>,
    /// The password.
    password: Option<Secret>,
    /// `openid profile email`.
    scope: Option<String>,
}

/// Tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenAnswer {
    /// The access token, a JWT.
    access_token: String,
    /// Seconds until it runs out.
    expires_in: u32,
    /// `Bearer`.
    token_type: &'static str,
    /// The next refresh token, good for one use.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Seconds until the refresh token runs out, if it is not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_expires_in: Option<u64>,
    /// The ID token, where the scope holds `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    /// The session (`sid`).
    #[serde(skip_serializing_if = "Option::is_none")]
    session_state: Option<String>,
    /// What was granted.
    scope: String,
}

impl From<Granted> for TokenAnswer {
    fn from(granted: Granted) -> Self {
        Self {
            access_token: granted.access_token.reveal().to_owned(),
            expires_in: ACCESS_SECONDS,
            token_type: "Bearer",
            refresh_token: Some(granted.refresh_token.reveal().to_owned()),
            refresh_expires_in: Some(granted.refresh_expires_in),
            id_token: granted.id_token.map(|token| token.reveal().to_owned()),
            session_state: Some(granted.session.id.to_string()),
            scope: granted.session.scope,
        }
    }
}

/// Get tokens
///
/// A refresh token is good for one use; using one again ends the whole session. A code is good for
/// one use; using it again ends the session that it began.
#[utoipa::path(
    post,
    path = "/auth/realms/thread/protocol/openid-connect/token",
    tag = "identity",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The tokens", body = TokenAnswer),
        (status = 400, description = "Refused (RFC 6749, 5.2)", body = OAuthErrorBody),
        (status = 401, description = "The client is not known", body = OAuthErrorBody),
        (status = 429, description = "Too many attempts", body = OAuthErrorBody),
    )
)]
pub(super) async fn token(
    State(issuer): Issuer,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> Result<Response, OAuthError> {
    let Form(form) = form.map_err(|_| {
        OAuthError::invalid_request("the body is no form, or a parameter comes twice")
    })?;
    let asker =
        issuer.asker(&headers, form.client_id.as_deref(), form.client_secret.as_ref()).await?;
    let answer = match form.grant_type.as_deref() {
        Some("authorization_code") => by_code(&issuer, &asker, &form).await?,
        Some("refresh_token") => by_refresh(&issuer, &asker, &form).await?,
        Some("password") => by_password(&issuer, &asker, &form, peer_of(peer)).await?,
        Some("client_credentials") => by_secret(&issuer, &asker, &form).await?,
        Some(_) => {
            return Err(OAuthError::new("unsupported_grant_type", "there is no such grant_type"));
        }
        None => return Err(OAuthError::invalid_request("grant_type is missing")),
    };
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")];
    Ok((headers, Json(answer)).into_response())
}

async fn by_code(
    issuer: &Embedded,
    asker: &Asker<'_>,
    form: &TokenRequest,
) -> Result<TokenAnswer, OAuthError> {
    let Asker::Public(client) = asker else {
        return Err(OAuthError::unauthorized_client("bots have no browser"));
    };
    if client.redirect_uris.is_empty() {
        return Err(OAuthError::unauthorized_client("this client gets no codes"));
    }
    let (Some(code), Some(redirect_uri), Some(verifier)) =
        (&form.code, &form.redirect_uri, &form.code_verifier)
    else {
        return Err(OAuthError::invalid_request("code, redirect_uri and code_verifier are needed"));
    };
    let granted = issuer
        .grant_code(Presented {
            code: code.reveal(),
            verifier: verifier.reveal(),
            redirect_uri,
            client_id: client.id,
        })
        .await?;
    Ok(granted.into())
}

async fn by_refresh(
    issuer: &Embedded,
    asker: &Asker<'_>,
    form: &TokenRequest,
) -> Result<TokenAnswer, OAuthError> {
    let Some(refresh_token) = &form.refresh_token else {
        return Err(OAuthError::invalid_request("refresh_token is missing"));
    };
    let granted = issuer.grant_refresh(refresh_token.reveal(), Some(asker.client_id())).await?;
    Ok(granted.into())
}

async fn by_password(
    issuer: &Embedded,
    asker: &Asker<'_>,
    form: &TokenRequest,
    peer: IpAddr,
) -> Result<TokenAnswer, OAuthError> {
    let client = match asker {
        Asker::Public(client) if client.password_grant => client,
        _ => {
            return Err(OAuthError::unauthorized_client("this client may not hand in passwords"));
        }
    };
    let (Some(username), Some(password)) = (&form.username, &form.password) else {
        return Err(OAuthError::invalid_request("username and password are needed"));
    };
    let scope = granted_scope(form.scope.as_deref());
    let granted = issuer.grant_password(username, password, peer, client.id, &scope).await?;
    Ok(granted.into())
}

async fn by_secret(
    issuer: &Embedded,
    asker: &Asker<'_>,
    form: &TokenRequest,
) -> Result<TokenAnswer, OAuthError> {
    let Asker::Bot { client_id, secret } = asker else {
        return Err(OAuthError::unauthorized_client("only bots have a secret"));
    };
    // There is no ID token without a person.
    let scope = granted_scope(form.scope.as_deref()).replace("openid", "");
    let scope = scope.trim().to_owned();
    let token = issuer
        .grant_bot(client_id, secret.reveal(), &scope)
        .await?
        .ok_or(OAuthError::invalid_client(false))?;
    Ok(TokenAnswer {
        access_token: token.reveal().to_owned(),
        expires_in: ACCESS_SECONDS,
        token_type: "Bearer",
        refresh_token: None,
        refresh_expires_in: None,
        id_token: None,
        session_state: None,
        scope,
    })
}
