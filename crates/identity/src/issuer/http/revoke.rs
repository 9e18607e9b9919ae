//! Giving a token back (RFC 7009).

use axum::{
    extract::{Form, State, rejection::FormRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use kernel::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Issuer,
    oauth_error::{OAuthError, OAuthErrorBody},
};

/// A token to be given back.
#[derive(Deserialize, ToSchema)]
pub(super) struct RevokeRequest {
    /// A refresh token or an access token.
    token: Option<Secret>,
    /// Not needed.
    #[serde(rename = "token_type_hint")]
    _token_type_hint: Option<String>,
    /// Who asks; or by HTTP's basic authentication.
    client_id: Option<String>,
    /// The secret of a bot's client.
    client_secret: Option<Secret>,
}

/// Give a token back
///
/// Ends the session that the token belongs to. A token that is unknown, or another client's, is
/// answered as one that was given back.
#[utoipa::path(
    post,
    path = "/auth/realms/thread/protocol/openid-connect/revoke",
    tag = "identity",
    request_body(content = RevokeRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It is no good any more"),
        (status = 400, description = "Refused", body = OAuthErrorBody),
        (status = 401, description = "The client is not known", body = OAuthErrorBody),
    )
)]
pub(super) async fn revoke(
    State(issuer): Issuer,
    headers: HeaderMap,
    form: Result<Form<RevokeRequest>, FormRejection>,
) -> Result<Response, OAuthError> {
    let Form(form) = form.map_err(|_| {
        OAuthError::invalid_request("the body is no form, or a parameter comes twice")
    })?;
    let asker =
        issuer.asker(&headers, form.client_id.as_deref(), form.client_secret.as_ref()).await?;
    let token = form.token.ok_or(OAuthError::invalid_request("token is missing"))?;
    issuer.give_back(token.reveal(), asker.client_id()).await?;
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
}
