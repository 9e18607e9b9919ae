//! Reactions.

use axum::extract::State;
use http::StatusCode;
use kernel::{ChatId, MessageId};
use kit::http::{Caller, Failure, Path};

use super::{App, refusals::Changing};

type AReaction = Path<(ChatId, MessageId, String)>;

/// Give a reaction
///
/// Given again, nothing changes. A message carries at most 50 different reactions.
#[utoipa::path(
    put, path = "/api/chats/{id}/messages/{message_id}/reactions/{emoji}", tag = "chats",
    operation_id = "add_reaction",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("message_id" = MessageId, Path, description = "The message"),
        ("emoji" = String, Path, description = "The emoji itself, at most 64 bytes")
    ),
    security(("bearer_auth" = [])),
    responses((status = 204, description = "The reaction is there"), Changing)
)]
pub(super) async fn add(
    State(chats): App,
    caller: Caller,
    Path((id, message, emoji)): AReaction,
) -> Result<StatusCode, Failure> {
    chats.add_reaction(&caller, id, message, emoji).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a reaction back
///
/// Taken back again, nothing changes.
#[utoipa::path(
    delete, path = "/api/chats/{id}/messages/{message_id}/reactions/{emoji}", tag = "chats",
    operation_id = "remove_reaction",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("message_id" = MessageId, Path, description = "The message"),
        ("emoji" = String, Path, description = "The emoji itself, at most 64 bytes")
    ),
    security(("bearer_auth" = [])),
    responses((status = 204, description = "The reaction is not there"), Changing)
)]
pub(super) async fn remove(
    State(chats): App,
    caller: Caller,
    Path((id, message, emoji)): AReaction,
) -> Result<StatusCode, Failure> {
    chats.remove_reaction(&caller, id, message, emoji).await?;
    Ok(StatusCode::NO_CONTENT)
}
