//! Participants: join, leave, list, add, roles, remove.

use api::rest::chats::{AddParticipants, ChangeRole, Chat, ListChats, Participant};
use axum::extract::State;
use http::StatusCode;
use kernel::{ChatId, Page, UserId};
use kit::http::{Caller, Failure, Json, Path, Query, page};

use super::{
    App,
    refusals::{Changing, Reading, Writing},
};

/// Join a public channel
///
/// Who is in it already stays as they are. Who joins a channel that everybody has left owns it.
#[utoipa::path(
    post, path = "/api/chats/{id}/join", tag = "chats", operation_id = "join_chat",
    params(("id" = ChatId, Path, description = "The channel")), security(("bearer_auth" = [])),
    responses((status = 200, description = "The channel and my place in it", body = Chat), Changing)
)]
pub(super) async fn join(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
) -> Result<Json<Chat>, Failure> {
    Ok(Json(chats.join(&caller, id).await?))
}

/// Leave
///
/// Not a direct chat, and not the only owner while others remain (409 `last_owner`).
#[utoipa::path(
    post, path = "/api/chats/{id}/leave", tag = "chats", operation_id = "leave_chat",
    params(("id" = ChatId, Path, description = "The chat")), security(("bearer_auth" = [])),
    responses((status = 204, description = "Left"), Changing)
)]
pub(super) async fn leave(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
) -> Result<StatusCode, Failure> {
    chats.leave(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who takes part, in the order of joining
#[utoipa::path(
    get, path = "/api/chats/{id}/participants", tag = "chats", operation_id = "list_participants",
    params(("id" = ChatId, Path, description = "The chat"), ListChats),
    security(("bearer_auth" = [])),
    responses((status = 200, description = "A page of participants", body = Page<Participant>), Reading)
)]
pub(super) async fn list(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
    Query(query): Query<ListChats>,
) -> Result<Json<Page<Participant>>, Failure> {
    let (limit, after) = page(query.limit, query.cursor.as_deref())?;
    Ok(Json(chats.participants(&caller, id, limit, after).await?))
}

/// Add people
///
/// Everybody in a group or public channel may; in a private channel admins. Who is there already
/// stays as they are. The answer holds all that were named.
#[utoipa::path(
    post, path = "/api/chats/{id}/participants", tag = "chats", operation_id = "add_participants",
    params(("id" = ChatId, Path, description = "The chat")), request_body = AddParticipants,
    security(("bearer_auth" = [])),
    responses(
        (status = 200, description = "Those named, as they take part now", body = Page<Participant>),
        Writing
    )
)]
pub(super) async fn add(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
    Json(body): Json<AddParticipants>,
) -> Result<Json<Page<Participant>>, Failure> {
    let items = chats.add_participants(&caller, id, &body.user_ids).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Change a role (owners)
///
/// The only owner can't step down (409 `last_owner`).
#[utoipa::path(
    patch, path = "/api/chats/{id}/participants/{user_id}", tag = "chats",
    operation_id = "change_role",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("user_id" = UserId, Path, description = "The person")
    ),
    request_body = ChangeRole, security(("bearer_auth" = [])),
    responses((status = 200, description = "The participant as they are now", body = Participant), Writing)
)]
pub(super) async fn change_role(
    State(chats): App,
    caller: Caller,
    Path((id, user)): Path<(ChatId, UserId)>,
    Json(body): Json<ChangeRole>,
) -> Result<Json<Participant>, Failure> {
    Ok(Json(chats.change_role(&caller, id, user, body.role).await?))
}

/// Remove a person (admins)
///
/// An admin can't remove an owner. To remove oneself means leaving.
#[utoipa::path(
    delete, path = "/api/chats/{id}/participants/{user_id}", tag = "chats",
    operation_id = "remove_participant",
    params(
        ("id" = ChatId, Path, description = "The chat"),
        ("user_id" = UserId, Path, description = "The person")
    ),
    security(("bearer_auth" = [])),
    responses((status = 204, description = "Removed"), Changing)
)]
pub(super) async fn remove(
    State(chats): App,
    caller: Caller,
    Path((id, user)): Path<(ChatId, UserId)>,
) -> Result<StatusCode, Failure> {
    chats.remove_participant(&caller, id, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
