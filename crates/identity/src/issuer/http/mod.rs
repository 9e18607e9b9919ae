//! The issuer over HTTP: one endpoint a file. Handlers translate; what is given for what is decided
//! in `grants.rs` and the store.

mod answers;
mod authenticate;
mod authorize;
mod browser;
mod certs;
mod client_auth;
mod discovery;
mod flow;
mod logout;
mod oauth_error;
mod registration;
mod registrations;
mod request;
mod resources;
mod revoke;
mod token;
mod userinfo;

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use axum::{
    Extension,
    extract::{DefaultBodyLimit, State},
};
use kit::http::Peer;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Embedded;

/// The issuer as handlers get it.
type Issuer = State<Arc<Embedded>>;

/// Bytes of a form at most.
const FORM_BYTES: usize = 64 * 1024;

/// All routes, each with its full path.
pub(super) fn routes(issuer: Arc<Embedded>) -> OpenApiRouter {
    described()
        .route("/auth/resources/{version}/login.css", axum::routing::get(resources::style))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .with_state(issuer)
}

/// The description alone.
#[must_use]
pub fn routes_description() -> utoipa::openapi::OpenApi {
    described().into_openapi()
}

fn described() -> OpenApiRouter<Arc<Embedded>> {
    OpenApiRouter::new()
        .routes(routes!(discovery::discovery))
        .routes(routes!(certs::certs))
        .routes(routes!(authorize::authorize, authorize::authorize_by_post))
        .routes(routes!(registrations::registrations))
        .routes(routes!(authenticate::authenticate))
        .routes(routes!(registration::registration))
        .routes(routes!(token::token))
        .routes(routes!(userinfo::userinfo, userinfo::userinfo_by_post))
        .routes(routes!(logout::logout, logout::logout_by_post))
        .routes(routes!(revoke::revoke))
}

/// The address of the other end. Without a server that tells it, all share one.
fn peer_of(peer: Option<Extension<Peer>>) -> IpAddr {
    peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(Peer(ip))| ip)
}
