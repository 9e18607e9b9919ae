//! The log.

use api::{
    Problem,
    rest::messages::{EventPage, ListEvents},
};
use axum::extract::State;
use kernel::{ChatId, Limit, limits::EVENTS_MAX};
use kit::http::{Caller, Failure, Json, Path, Query};

use super::{App, refusals::Reading};

/// Events when nothing is said.
const EVENTS_DEFAULT: u32 = 100;

/// A run of the chat's log
///
/// The events after `after_seq`, without a gap: a state as of `after_seq` and these events are
/// the present state. The texts of messages deleted since are empty here too.
#[utoipa::path(
    get, path = "/api/chats/{id}/events", tag = "chats", operation_id = "list_events",
    params(("id" = ChatId, Path, description = "The chat"), ListEvents),
    security(("bearer_auth" = [])),
    responses(
        (status = 200, description = "The events", body = EventPage),
        (status = 410, description = "`log_truncated`: an operator's retention has removed them",
         body = Problem, content_type = "application/problem+json"),
        Reading
    )
)]
pub(super) async fn list(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
    Query(query): Query<ListEvents>,
) -> Result<Json<EventPage>, Failure> {
    let limit = Limit::at_most(query.limit, EVENTS_DEFAULT, EVENTS_MAX)
        .ok_or_else(|| Problem::invalid_field("limit", "must be between 1 and 500"))?;
    Ok(Json(chats.events(&caller, id, query.after_seq.unwrap_or(0), limit).await?))
}
