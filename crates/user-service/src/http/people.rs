//! Other people.

use api::rest::users::{SearchUsers, User, Users as UserList, UsersById};
use axum::extract::State;
use kernel::{Page, UserId};
use kit::http::{Failure, Json, Path, Query, ids, page};

use super::{
    extract::Me,
    refusals::{Always, Id, Limited, NoUser, Params, SignedIn},
};
use crate::Users;

/// People by id
///
/// At most 100, in the order asked for; who is unknown is left out.
#[utoipa::path(
    get, path = "/api/users", tag = "users", operation_id = "users",
    security(("bearer_auth" = [])),
    params(UsersById),
    responses(
        (status = 200, description = "The people", body = UserList),
        Params, SignedIn, Always
    )
)]
pub(super) async fn users(
    State(users): State<Users>,
    Me(me): Me,
    Query(asked): Query<UsersById>,
) -> Result<Json<UserList>, Failure> {
    let items = users.users(me.user_id, ids(&asked.ids)?).await?;
    Ok(Json(UserList { items }))
}

/// Search people
///
/// By username and display name; accents and case are ignored. What begins with the query comes
/// first, then what has a word that does, then what holds it, then what is nearly it. People who
/// have blocked me are left out.
#[utoipa::path(
    get, path = "/api/users/search", tag = "users", operation_id = "search_users",
    security(("bearer_auth" = [])),
    params(SearchUsers),
    responses(
        (status = 200, description = "The people, best first", body = Page<User>),
        Params, SignedIn, Limited, Always
    )
)]
pub(super) async fn search(
    State(users): State<Users>,
    Me(me): Me,
    Query(asked): Query<SearchUsers>,
) -> Result<Json<Page<User>>, Failure> {
    let (limit, after) = page(asked.limit, asked.cursor.as_deref())?;
    let found = users.search(me.user_id, &asked.query, after, limit);
    Ok(Json(found.await?))
}

/// A person
///
/// The e-mail address is told to accepted connections only.
#[utoipa::path(
    get, path = "/api/users/{id}", tag = "users", operation_id = "user",
    security(("bearer_auth" = [])),
    params(("id" = UserId, Path, description = "The person")),
    responses(
        (status = 200, description = "The person", body = User),
        Id, SignedIn, NoUser, Always
    )
)]
pub(super) async fn user(
    State(users): State<Users>,
    Me(me): Me,
    Path(id): Path<UserId>,
) -> Result<Json<User>, Failure> {
    Ok(Json(users.user(me.user_id, id).await?))
}
