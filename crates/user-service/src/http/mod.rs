//! `/api/users`: each call reads top to bottom in one file, its description above it.

mod accounts;
mod blocks;
mod connections;
mod cookies;
mod extract;
mod notifications;
mod people;
mod presence;
mod profile;
mod refusals;
mod session;
mod sessions;

use axum::extract::DefaultBodyLimit;
use kernel::limits::BODY_BYTES;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Users;

/// The routes with their description.
pub(crate) fn routes(users: Users) -> OpenApiRouter {
    described().layer(DefaultBodyLimit::max(BODY_BYTES)).with_state(users)
}

/// The description alone.
#[must_use]
pub fn routes_description() -> Document {
    described().into_openapi()
}

fn described() -> OpenApiRouter<Users> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(accounts::register))
        .routes(routes!(accounts::login))
        .routes(routes!(accounts::refresh))
        .routes(routes!(accounts::logout))
        .routes(routes!(profile::profile, profile::update_profile))
        .routes(routes!(people::users))
        .routes(routes!(people::search))
        .routes(routes!(people::user))
        .routes(routes!(connections::connect))
        .routes(routes!(connections::connections))
        .routes(routes!(connections::respond))
        .routes(routes!(connections::disconnect))
        .routes(routes!(blocks::blocks))
        .routes(routes!(blocks::block, blocks::unblock))
        .routes(routes!(notifications::notifications, notifications::create))
        .routes(routes!(notifications::read))
        .routes(routes!(presence::presence))
        .routes(routes!(session::start))
        .routes(routes!(session::callback))
        .routes(routes!(session::token))
        .routes(routes!(session::sign_out))
        .routes(routes!(sessions::sessions))
        .routes(routes!(sessions::end))
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Thread: people",
        description = "Accounts, profiles, search, connections, blocks, notifications, presence, \
                       and the web app's sessions. Errors are `application/problem+json` \
                       (RFC 9457) with a stable `code`. Lists take `limit` (1 to 100, 50 when \
                       absent) and `cursor`, and answer `items` and `next_cursor`. Fields that a \
                       call does not name are ignored."
    ),
    tags((name = "users", description = "People: `/api/users`")),
    components(schemas(api::Problem, api::FieldError, api::ErrorCode)),
    modifiers(&Security)
)]
struct Description;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "bearer_auth",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .bearer_format("JWT")
                    .description(Some("An access token of the identity provider"))
                    .build(),
            ),
        );
        components.add_security_scheme(
            "session_cookie",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                cookies::SESSION,
                "The web app's session; `__Host-thread_session` on https",
            ))),
        );
    }
}
