//! Threads: reading and following.

use api::rest::messages::{ListThread, ThreadPage};
use axum::extract::State;
use http::StatusCode;
use kernel::{ChatId, MessageId};
use kit::http::{Caller, Failure, Json, Path, Query};

use super::{
    AMessage, App, messages,
    refusals::{Changing, Reading},
};

/// A thread: its root and replies in `seq` order
///
/// The id of a reply answers the thread that it is in.
#[utoipa::path(
    get, path = "/api/chats/{id}/messages/{message_id}/thread", tag = "chats",
    operation_id = "get_thread",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("message_id" = MessageId, Path, description = "The root"),
        ListThread
    ),
    security(("bearer_auth" = [])),
    responses((status = 200, description = "The thread", body = ThreadPage), Reading)
)]
pub(super) async fn get(
    State(chats): App,
    caller: Caller,
    Path((id, message)): AMessage,
    Query(query): Query<ListThread>,
) -> Result<Json<ThreadPage>, Failure> {
    let limit = messages::limit(query.limit)?;
    let after = query.after_seq.unwrap_or(0);
    Ok(Json(chats.thread(&caller, id, message, after, limit).await?))
}

/// Follow a thread: notify me of replies
#[utoipa::path(
    put, path = "/api/chats/{id}/messages/{message_id}/follow", tag = "chats",
    operation_id = "follow_thread",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("message_id" = MessageId, Path, description = "The root")
    ),
    security(("bearer_auth" = [])),
    responses((status = 204, description = "Followed"), Changing)
)]
pub(super) async fn follow(
    State(chats): App,
    caller: Caller,
    Path((id, message)): AMessage,
) -> Result<StatusCode, Failure> {
    chats.follow(&caller, id, message, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Follow a thread no longer
///
/// Mentions and replies of others do not bring it back; writing in it does.
#[utoipa::path(
    delete, path = "/api/chats/{id}/messages/{message_id}/follow", tag = "chats",
    operation_id = "unfollow_thread",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("message_id" = MessageId, Path, description = "The root")
    ),
    security(("bearer_auth" = [])),
    responses((status = 204, description = "Not followed"), Changing)
)]
pub(super) async fn unfollow(
    State(chats): App,
    caller: Caller,
    Path((id, message)): AMessage,
) -> Result<StatusCode, Failure> {
    chats.follow(&caller, id, message, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
