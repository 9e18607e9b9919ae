//! The REST calls under `/api/chats`. A handler translates; the application decides.

mod chats;
mod events;
mod messages;
mod participants;
mod reactions;
mod reading;
mod refusals;
#[cfg(test)]
mod tests;
mod threads;

use std::sync::Arc;

use kernel::{ChatId, MessageId};
use kit::http::Path;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Chats;

/// What every handler is given.
type App = axum::extract::State<Arc<Chats>>;
/// `/{id}/messages/{message_id}`.
type AMessage = Path<(ChatId, MessageId)>;

/// The routes with their description, each with its full path.
pub fn routes(chats: Arc<Chats>) -> OpenApiRouter {
    described().with_state(chats)
}

/// The description alone.
#[must_use]
pub fn routes_description() -> utoipa::openapi::OpenApi {
    described().into_openapi()
}

fn described() -> OpenApiRouter<Arc<Chats>> {
    OpenApiRouter::new()
        .routes(routes!(chats::list, chats::create))
        .routes(routes!(chats::discover))
        .routes(routes!(chats::get, chats::update, chats::archive))
        .routes(routes!(chats::settings))
        .routes(routes!(participants::join))
        .routes(routes!(participants::leave))
        .routes(routes!(participants::list, participants::add))
        .routes(routes!(participants::change_role, participants::remove))
        .routes(routes!(messages::list, messages::post))
        .routes(routes!(messages::get, messages::edit, messages::delete))
        .routes(routes!(messages::history))
        .routes(routes!(threads::get))
        .routes(routes!(threads::follow, threads::unfollow))
        .routes(routes!(reactions::add, reactions::remove))
        .routes(routes!(reading::mark_read))
        .routes(routes!(events::list))
}
