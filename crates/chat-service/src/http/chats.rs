//! Chats: list, make, find, change, archive, settings.

use api::rest::chats::{Chat, ChatSettings, CreateChat, DiscoverChats, ListChats, UpdateChat};
use axum::extract::State;
use http::StatusCode;
use kernel::{ChatId, Page};
use kit::http::{Caller, Failure, Json, Path, Query, page};

use super::{
    App,
    refusals::{Changing, Reading, Writing},
};

/// My chats, the latest activity first
#[utoipa::path(
    get, path = "/api/chats", tag = "chats", operation_id = "list_chats",
    params(ListChats), security(("bearer_auth" = [])),
    responses((status = 200, description = "A page of my chats", body = Page<Chat>), Reading)
)]
pub(super) async fn list(
    State(chats): App,
    caller: Caller,
    Query(query): Query<ListChats>,
) -> Result<Json<Page<Chat>>, Failure> {
    let (limit, after) = page(query.limit, query.cursor.as_deref())?;
    Ok(Json(chats.list(&caller, limit, after).await?))
}

/// Make a chat
///
/// A second `direct` chat with the same person answers 200 with the first. A `group` is private. A
/// `channel` needs a name and is public unless said otherwise. Whoever makes a chat owns it.
#[utoipa::path(
    post, path = "/api/chats", tag = "chats", operation_id = "create_chat",
    request_body = CreateChat, security(("bearer_auth" = [])),
    responses(
        (status = 201, description = "The new chat", body = Chat),
        (status = 200, description = "The direct chat that was there", body = Chat),
        Writing
    )
)]
pub(super) async fn create(
    State(chats): App,
    caller: Caller,
    Json(body): Json<CreateChat>,
) -> Result<(StatusCode, Json<Chat>), Failure> {
    let created = chats.create(&caller, &body).await?;
    let status = if created.existed { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(created.chat)))
}

/// Find public channels
///
/// Those that are not archived and whose name or topic holds the text, accents and case ignored;
/// by name. `my` is `null` for channels that I am not in.
#[utoipa::path(
    get, path = "/api/chats/discover", tag = "chats", operation_id = "discover_chats",
    params(DiscoverChats), security(("bearer_auth" = [])),
    responses((status = 200, description = "A page of public channels", body = Page<Chat>), Reading)
)]
pub(super) async fn discover(
    State(chats): App,
    caller: Caller,
    Query(query): Query<DiscoverChats>,
) -> Result<Json<Page<Chat>>, Failure> {
    let (limit, after) = page(query.limit, query.cursor.as_deref())?;
    let text = query.query.unwrap_or_default();
    Ok(Json(chats.discover(&caller, &text, limit, after).await?))
}

/// One chat
///
/// A public channel also from outside: then `my` and `last_message` are `null` and
/// `participant_ids` is empty.
#[utoipa::path(
    get, path = "/api/chats/{id}", tag = "chats", operation_id = "get_chat",
    params(("id" = ChatId, Path, description = "The chat")), security(("bearer_auth" = [])),
    responses((status = 200, description = "The chat", body = Chat), Reading)
)]
pub(super) async fn get(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
) -> Result<Json<Chat>, Failure> {
    Ok(Json(chats.chat(&caller, id).await?))
}

/// Change name, topic or visibility (admins)
///
/// Only what differs is changed and told. A direct chat can't be changed.
#[utoipa::path(
    patch, path = "/api/chats/{id}", tag = "chats", operation_id = "update_chat",
    params(("id" = ChatId, Path, description = "The chat")), request_body = UpdateChat,
    security(("bearer_auth" = [])),
    responses((status = 200, description = "The chat as it is now", body = Chat), Writing)
)]
pub(super) async fn update(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
    Json(body): Json<UpdateChat>,
) -> Result<Json<Chat>, Failure> {
    Ok(Json(chats.update(&caller, id, &body).await?))
}

/// Archive (owners)
///
/// The chat stays readable and takes no more changes.
#[utoipa::path(
    delete, path = "/api/chats/{id}", tag = "chats", operation_id = "archive_chat",
    params(("id" = ChatId, Path, description = "The chat")), security(("bearer_auth" = [])),
    responses((status = 204, description = "Archived"), Changing)
)]
pub(super) async fn archive(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
) -> Result<StatusCode, Failure> {
    chats.archive(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What I want to be notified of
///
/// Mine alone: nobody is told.
#[utoipa::path(
    put, path = "/api/chats/{id}/settings", tag = "chats", operation_id = "set_chat_settings",
    params(("id" = ChatId, Path, description = "The chat")), request_body = ChatSettings,
    security(("bearer_auth" = [])),
    responses((status = 200, description = "The chat and my place in it", body = Chat), Writing)
)]
pub(super) async fn settings(
    State(chats): App,
    caller: Caller,
    Path(id): Path<ChatId>,
    Json(body): Json<ChatSettings>,
) -> Result<Json<Chat>, Failure> {
    Ok(Json(chats.set_notify(&caller, id, &body).await?))
}
