//! Connecting with people.

use api::rest::connections::{Connect, Connection, ListConnections, Respond};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use kernel::{ConnectionId, Page};
use kit::http::{Failure, Json, Path, Query, page};

use super::{
    extract::Me,
    refusals::{Always, Body, Id, Limited, NoConnection, NoUser, Params, SignedIn},
};
use crate::Users;

/// Ask to connect
///
/// If the other side had already asked, it is accepted at once.
#[utoipa::path(
    post, path = "/api/users/connect", tag = "users", operation_id = "connect",
    security(("bearer_auth" = [])),
    request_body = Connect,
    responses(
        (status = 201, description = "Asked, or accepted", body = Connection),
        (status = 403, description = "`forbidden`: you have blocked this person",
         body = api::Problem, content_type = "application/problem+json"),
        (status = 409, description = "`already_connected`: connected, or asked before",
         body = api::Problem, content_type = "application/problem+json"),
        Body, SignedIn, NoUser, Limited, Always
    )
)]
pub(super) async fn connect(
    State(users): State<Users>,
    Me(me): Me,
    Json(asked): Json<Connect>,
) -> Result<(StatusCode, Json<Connection>), Failure> {
    let connection = users.connect(me.user_id, asked.user_id).await?;
    Ok((StatusCode::CREATED, Json(connection)))
}

/// My connections
///
/// The latest asked for first.
#[utoipa::path(
    get, path = "/api/users/connections", tag = "users", operation_id = "connections",
    security(("bearer_auth" = [])),
    params(ListConnections),
    responses(
        (status = 200, description = "My connections", body = Page<Connection>),
        Params, SignedIn, Always
    )
)]
pub(super) async fn connections(
    State(users): State<Users>,
    Me(me): Me,
    Query(asked): Query<ListConnections>,
) -> Result<Json<Page<Connection>>, Failure> {
    let (limit, before) = page(asked.limit, asked.cursor.as_deref())?;
    let listed = users.connections(me.user_id, asked.status, before, limit);
    Ok(Json(listed.await?))
}

/// Answer somebody who asked
///
/// No removes the request: they may ask again.
#[utoipa::path(
    post, path = "/api/users/connections/{id}/respond", tag = "users", operation_id = "respond",
    security(("bearer_auth" = [])),
    params(("id" = ConnectionId, Path, description = "The connection")),
    request_body = Respond,
    responses(
        (status = 200, description = "Accepted", body = Connection),
        (status = 204, description = "Declined: the connection is gone"),
        (status = 403, description = "`forbidden`: only the person who was asked can answer",
         body = api::Problem, content_type = "application/problem+json"),
        (status = 409, description = "`already_answered`", body = api::Problem,
         content_type = "application/problem+json"),
        Body, SignedIn, NoConnection, Always
    )
)]
pub(super) async fn respond(
    State(users): State<Users>,
    Me(me): Me,
    Path(id): Path<ConnectionId>,
    Json(answer): Json<Respond>,
) -> Result<Response, Failure> {
    let connection = users.respond(me.user_id, id, answer.accept).await?;
    Ok(match connection {
        Some(connection) => Json(connection).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// End a connection
///
/// By either side; also takes back a request.
#[utoipa::path(
    delete, path = "/api/users/connections/{id}", tag = "users", operation_id = "disconnect",
    security(("bearer_auth" = [])),
    params(("id" = ConnectionId, Path, description = "The connection")),
    responses(
        (status = 204, description = "The connection is gone"),
        Id, SignedIn, NoConnection, Always
    )
)]
pub(super) async fn disconnect(
    State(users): State<Users>,
    Me(me): Me,
    Path(id): Path<ConnectionId>,
) -> Result<StatusCode, Failure> {
    users.disconnect(me.user_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
