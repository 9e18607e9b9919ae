//! OpenID Connect Discovery.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use serde_json::json;

use super::Issuer;

/// What this issuer can do
///
/// The OpenID provider's metadata (OpenID Connect Discovery 1.0, RFC 8414).
#[utoipa::path(
    get,
    path = "/auth/realms/thread/.well-known/openid-configuration",
    tag = "identity",
    responses((status = 200, description = "The metadata", content_type = "application/json",
        body = Object))
)]
pub(super) async fn discovery(State(issuer): Issuer) -> Response {
    let base = issuer.issuer_url();
    let at = |name: &str| format!("{base}/protocol/openid-connect/{name}");
    let document = json!({
        "issuer": base,
        "authorization_endpoint": at("auth"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"),
        "jwks_uri": at("certs"),
        "end_session_endpoint": at("logout"),
        "revocation_endpoint": at("revoke"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "password", "client_credentials",
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": [
            "none", "client_secret_basic", "client_secret_post",
        ],
        "revocation_endpoint_auth_methods_supported": [
            "none", "client_secret_basic", "client_secret_post",
        ],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email"],
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "azp", "sid", "at_hash",
            "preferred_username", "name", "email", "email_verified", "locale",
        ],
        "prompt_values_supported": ["none", "login", "create"],
        "ui_locales_supported": ["en", "pt-BR"],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    });
    ([(header::CACHE_CONTROL, "public, max-age=60")], Json(document)).into_response()
}
