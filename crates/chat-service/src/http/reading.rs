//! Read positions.

use api::{events::ReadAcknowledged, rest::chats::MarkRead};
use axum::extract::State;
use kernel::ChatId;
use kit::http::{Caller, Failure, Json, Path};

use super::{App, refusals::Writing};

/// Up to where I have read
///
/// The position only rises, unless `force` is given (mark unread); beyond the newest event it
/// means the newest. Sending a message does not move it; one's own messages are never unread.
#[utoipa::path(
    put, path = "/api/chats/{id}/read", tag = "chats", operation_id = "mark_read",
    params(("id" = ChatId, Path, description = "The chat")), request_body = MarkRead,
    security(("bearer_auth" = [])),
    responses(
        (status = 200, description = "The position that stands, and the counts after it",
         body = ReadAcknowledged),
        Writing
    )
)]
pub(super) async fn mark_read(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
    Json(body): Json<MarkRead>,
) -> Result<Json<ReadAcknowledged>, Failure> {
    Ok(Json(chats.mark_read(&caller, id, body).await?))
}
