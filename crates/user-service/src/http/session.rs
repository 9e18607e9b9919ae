//! The web app's session. The browser holds a cookie that scripts can't read, and gets access
//! tokens for it; this service holds the refresh token.

use std::sync::Arc;

use api::rest::sessions::{AccessToken, SessionCallback, StartSession};
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::CookieJar;
use http::{HeaderMap, StatusCode, header};
use kit::http::{Authenticator, Failure, Json, Query};

use super::{
    cookies::Cookies,
    extract::From,
    refusals::{Always, Limited, Params},
};
use crate::{
    UserError, Users,
    app::{Arrival, Comer, Departure},
    domain::sign_in::user_agent,
};

/// Where a browser goes whose sign-in came to nothing.
const FAILED: &str = "/?sign_in=failed";

/// Sign a browser in
///
/// Sends it to the identity provider, from which it comes back to the callback.
#[utoipa::path(
    get, path = "/api/users/session/start", tag = "users", operation_id = "start_session",
    params(StartSession),
    responses(
        (status = 302, description = "To the identity provider",
         headers(("Location" = String), ("Set-Cookie" = String))),
        Params, Limited, Always
    )
)]
pub(super) async fn start(
    State(users): State<Users>,
    From(peer): From,
    jar: CookieJar,
    Query(asked): Query<StartSession>,
) -> Result<(CookieJar, Response), Failure> {
    let cookies = Cookies::of(&users);
    let Departure { url, browser } =
        users.start_session(asked, cookies.departure(&jar), peer).await?;
    Ok((jar.add(cookies.give_departure(browser)), found(url)))
}

/// Come back from the identity provider
///
/// Sets the session cookie: `thread_session`, or `__Host-thread_session` on https; `HttpOnly`,
/// `SameSite=Lax`. Only for the browser that started, once, within ten minutes.
#[utoipa::path(
    get, path = "/api/users/session/callback", tag = "users", operation_id = "finish_session",
    params(SessionCallback),
    responses(
        (status = 302, description = "To where the browser wanted to go, or to \
         `/?sign_in=failed`", headers(("Location" = String), ("Set-Cookie" = String))),
        (status = 400, description = "`malformed`: a parameter can't be read",
         body = api::Problem, content_type = "application/problem+json"),
        Always
    )
)]
pub(super) async fn callback(
    State(users): State<Users>,
    Extension(authenticator): Extension<Arc<dyn Authenticator>>,
    jar: CookieJar,
    headers: HeaderMap,
    Query(callback): Query<SessionCallback>,
) -> (CookieJar, Response) {
    let cookies = Cookies::of(&users);
    let comer = Comer {
        browser: cookies.departure(&jar),
        session: cookies.session(&jar),
        user_agent: user_agent(text(&headers, &header::USER_AGENT)),
    };
    let finished = users.finish_session(callback, comer, authenticator.as_ref());
    match finished.await {
        Ok(Arrival { return_to, session }) => {
            (jar.add(cookies.give_session(session)), found(return_to))
        }
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a browser could not be signed in"
            );
            (jar, found(FAILED.to_owned()))
        }
    }
}

/// Get an access token
///
/// For the browser that holds the session cookie, asked by a page of this origin. It is to be kept
/// in memory only.
#[utoipa::path(
    post, path = "/api/users/session/token", tag = "users", operation_id = "session_token",
    security(("session_cookie" = [])),
    params(("Origin" = String, Header, description = "This origin; browsers set it")),
    responses(
        (status = 200, description = "The token", body = AccessToken,
         headers(("Set-Cookie" = String))),
        (status = 401, description = "`session_over`: sign in again", body = api::Problem,
         content_type = "application/problem+json"),
        (status = 403, description = "`foreign_origin`: not asked by a page of this origin",
         body = api::Problem, content_type = "application/problem+json"),
        Limited, Always
    )
)]
pub(super) async fn token(
    State(users): State<Users>,
    jar: CookieJar,
    headers: HeaderMap,
) -> Result<(CookieJar, Json<AccessToken>), (CookieJar, Failure)> {
    let cookies = Cookies::of(&users);
    if !is_own_page(&users, &headers) {
        return Err((jar, UserError::ForeignOrigin.into()));
    }
    let session = cookies.session(&jar);
    match (users.access_token(session.clone()).await, session) {
        (Ok(token), Some(session)) => Ok((jar.add(cookies.give_session(session)), Json(token))),
        (Err(UserError::SessionOver), Some(_)) => {
            Err((jar.add(cookies.take_session()), UserError::SessionOver.into()))
        }
        (Err(error), _) => Err((jar, error.into())),
        (Ok(_), None) => Err((jar, UserError::SessionOver.into())),
    }
}

/// Sign this browser out
///
/// Here and at the identity provider. That it is signed out already is no error.
#[utoipa::path(
    delete, path = "/api/users/session", tag = "users", operation_id = "sign_out",
    security(("session_cookie" = [])),
    responses(
        (status = 204, description = "Signed out; the cookie is removed",
         headers(("Set-Cookie" = String))),
        (status = 403, description = "`foreign_origin`: asked by a page of another origin",
         body = api::Problem, content_type = "application/problem+json"),
        Always
    )
)]
pub(super) async fn sign_out(
    State(users): State<Users>,
    jar: CookieJar,
    headers: HeaderMap,
) -> Result<(CookieJar, StatusCode), Failure> {
    let cookies = Cookies::of(&users);
    // Browsers name the origin with every DELETE; what names none is a program.
    if headers.contains_key(header::ORIGIN) && !is_own_page(&users, &headers) {
        return Err(UserError::ForeignOrigin.into());
    }
    users.sign_out(cookies.session(&jar)).await?;
    Ok((jar.add(cookies.take_session()), StatusCode::NO_CONTENT))
}

fn is_own_page(users: &Users, headers: &HeaderMap) -> bool {
    text(headers, &header::ORIGIN)
        .is_some_and(|origin| users.site().is_own(origin, text(headers, &header::HOST)))
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn found(location: String) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}
