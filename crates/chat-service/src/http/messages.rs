//! Messages: the timeline, posting, editing, deleting, history.

use api::{
    Problem,
    rest::messages::{
        EditMessage, ListMessages, MessageAnswer, MessagePage, MessageVersion, PostMessage,
    },
};
use axum::extract::State;
use http::StatusCode;
use kernel::{ChatId, Limit, MessageId, Page};
use kit::http::{Caller, Failure, Json, Path, Query};

use super::{
    AMessage, App,
    refusals::{Changing, Reading, Writing},
};
use crate::store::Window;

/// A page of the timeline, in `seq` order, in its present state
///
/// Give one of `before_seq`, `after_seq`, `around_seq`, or none for the newest messages. Deleted
/// messages are there as tombstones without text. Replies in threads are there only if they were
/// posted with `also_in_chat`. Apply the events after `as_of_seq`.
#[utoipa::path(
    get, path = "/api/chats/{id}/messages", tag = "chats", operation_id = "list_messages",
    params(("id" = ChatId, Path, description = "The chat"), ListMessages),
    security(("bearer_auth" = [])),
    responses((status = 200, description = "The page", body = MessagePage), Reading)
)]
pub(super) async fn list(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
    Query(query): Query<ListMessages>,
) -> Result<Json<MessagePage>, Failure> {
    let limit = limit(query.limit)?;
    let window = match (query.before_seq, query.after_seq, query.around_seq) {
        (None, None, None) => Window::Newest,
        (Some(seq), None, None) => Window::Before(seq),
        (None, Some(seq), None) => Window::After(seq),
        (None, None, Some(seq)) => Window::Around(seq),
        _ => {
            let field = "before_seq";
            let why = "goes with neither after_seq nor around_seq: give one of the three";
            return Err(Problem::invalid_field(field, why).into());
        }
    };
    Ok(Json(chats.messages(&caller, id, window, limit).await?))
}

/// The page size asked for.
pub(super) fn limit(asked: Option<u32>) -> Result<Limit, Problem> {
    Limit::new(asked).ok_or_else(|| Problem::invalid_field("limit", "must be between 1 and 100"))
}

/// Post a message
///
/// The same `client_id` again answers 200 with the same message in its present state, for ever;
/// another body under it, 409 `client_id_reused`. `reply_to` names any message of the chat,
/// `thread_root_id` one of its timeline that is in no thread. Writing in a thread follows it.
#[utoipa::path(
    post, path = "/api/chats/{id}/messages", tag = "chats", operation_id = "post_message",
    params(("id" = ChatId, Path, description = "The chat")), request_body = PostMessage,
    security(("bearer_auth" = [])),
    responses(
        (status = 201, description = "Posted, and on disk", body = MessageAnswer),
        (status = 200, description = "Was posted before under this `client_id`", body = MessageAnswer),
        Writing
    )
)]
pub(super) async fn post(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
    Json(body): Json<PostMessage>,
) -> Result<(StatusCode, Json<MessageAnswer>), Failure> {
    let posted = chats.post_message(&caller, id, body).await?;
    let status = if posted.repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(MessageAnswer { message: posted.message })))
}

/// One message in its present state
#[utoipa::path(
    get, path = "/api/chats/{id}/messages/{message_id}", tag = "chats",
    operation_id = "get_message",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("message_id" = MessageId, Path, description = "The message")
    ),
    security(("bearer_auth" = [])),
    responses((status = 200, description = "The message", body = MessageAnswer), Reading)
)]
pub(super) async fn get(
    State(chats): App,
    caller: Caller,
    Path((id, message)): AMessage,
) -> Result<Json<MessageAnswer>, Failure> {
    let message = chats.message(&caller, id, message).await?;
    Ok(Json(MessageAnswer { message }))
}

/// Edit a message (its sender)
///
/// The texts before are kept in its history. The same text changes nothing.
#[utoipa::path(
    patch, path = "/api/chats/{id}/messages/{message_id}", tag = "chats",
    operation_id = "edit_message",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("message_id" = MessageId, Path, description = "The message")
    ),
    request_body = EditMessage, security(("bearer_auth" = [])),
    responses((status = 200, description = "The message as it is now", body = MessageAnswer), Writing)
)]
pub(super) async fn edit(
    State(chats): App,
    caller: Caller,
    Path((id, message)): AMessage,
    Json(body): Json<EditMessage>,
) -> Result<Json<MessageAnswer>, Failure> {
    let message = chats.edit_message(&caller, id, message, body.text).await?;
    Ok(Json(MessageAnswer { message }))
}

/// Delete a message (its sender, or admins)
///
/// A tombstone stays. Its texts are erased from the log and its history, its reactions and
/// mentions are gone. Deleted again, it stays deleted.
#[utoipa::path(
    delete, path = "/api/chats/{id}/messages/{message_id}", tag = "chats",
    operation_id = "delete_message",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("message_id" = MessageId, Path, description = "The message")
    ),
    security(("bearer_auth" = [])),
    responses((status = 204, description = "Deleted"), Changing)
)]
pub(super) async fn delete(
    State(chats): App,
    caller: Caller,
    Path((id, message)): AMessage,
) -> Result<StatusCode, Failure> {
    chats.delete_message(&caller, id, message).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The texts that a message had, the first first
///
/// Of a deleted message there are none.
#[utoipa::path(
    get, path = "/api/chats/{id}/messages/{message_id}/history", tag = "chats",
    operation_id = "get_message_history",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("message_id" = MessageId, Path, description = "The message")
    ),
    security(("bearer_auth" = [])),
    responses((status = 200, description = "Its versions", body = Page<MessageVersion>), Reading)
)]
pub(super) async fn history(
    State(chats): App,
    caller: Caller,
    Path((id, message)): AMessage,
) -> Result<Json<Page<MessageVersion>>, Failure> {
    let items = chats.history(&caller, id, message).await?;
    Ok(Json(Page { items, next_cursor: None }))
}
