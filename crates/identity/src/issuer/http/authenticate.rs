//! The form of the sign-in page.

use axum::{
    Extension,
    extract::{Form, State, rejection::FormRejection},
    response::Response,
};
use http::{HeaderMap, StatusCode, header};
use kernel::Secret;
use kit::http::Peer;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Issuer,
    answers::with_header,
    flow::{Typed, unreadable},
    peer_of,
};
use crate::{GrantError, issuer::pages::SignInProblem};

/// The form of the sign-in page.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignInForm {
    /// What the page was given: the authorization request, sealed for this browser.
    request: Option<String>,
    /// The username or e-mail address.
    #[serde(default)]
    username: String,
    /// The password.
    password: Option<Secret>,
}

/// The form of the sign-in page
///
/// It is taken only from the browser that the page was shown to.
#[utoipa::path(
    post,
    path = "/auth/realms/thread/login-actions/authenticate",
    tag = "identity",
    request_body(content = SignInForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "Back to the client, with `code`"),
        (status = 400, description = "The page has expired, or is another browser's",
            content_type = "text/html", body = String),
        (status = 401, description = "The username or password is wrong: the page again",
            content_type = "text/html", body = String),
        (status = 429, description = "Too many attempts", content_type = "text/html", body = String),
    )
)]
pub(super) async fn authenticate(
    State(issuer): Issuer,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Response {
    let Ok(Form(typed)) = form else {
        return unreadable(&headers);
    };
    let form = match issuer.take_back(&headers, typed.request.as_deref()) {
        Ok(form) => form,
        Err(response) => return *response,
    };
    let password = typed.password.unwrap_or_else(|| Secret::new(""));
    let checked = issuer.check_password(&typed.username, &password, peer_of(peer)).await;
    let (status, problem, retry_after) = match checked {
        Ok(row) => return issuer.welcome(&form, &row).await,
        Err(GrantError::RateLimited { retry_after }) => {
            (StatusCode::TOO_MANY_REQUESTS, SignInProblem::TooMany, Some(retry_after))
        }
        Err(GrantError::Unavailable(cause)) => {
            tracing::error!(error = &*cause, "a password could not be checked");
            let problem = SignInProblem::Unavailable;
            (StatusCode::SERVICE_UNAVAILABLE, problem, Some(5))
        }
        Err(GrantError::InvalidCredentials | GrantError::SessionOver) => {
            let problem = SignInProblem::WrongCredentials;
            (StatusCode::UNAUTHORIZED, problem, None)
        }
    };
    let typed = Typed { login: &typed.username, ..Typed::default() };
    let response = issuer.sign_in_page(&form, status, &typed, Some(problem));
    match retry_after {
        Some(seconds) => with_header(response, header::RETRY_AFTER, &seconds.to_string()),
        None => response,
    }
}
