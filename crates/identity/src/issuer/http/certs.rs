//! The issuer's public keys.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;

use super::Issuer;

/// The keys that sign tokens
///
/// A JWKS document. The key that will sign next is in it already; one that signs no more stays for
/// a day.
#[utoipa::path(
    get,
    path = "/auth/realms/thread/protocol/openid-connect/certs",
    tag = "identity",
    responses((status = 200, description = "The keys", content_type = "application/json",
        body = Object))
)]
pub(super) async fn certs(State(issuer): Issuer) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=60")],
        issuer.keys.jwks().to_string(),
    )
        .into_response()
}
