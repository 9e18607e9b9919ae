//! The form of the sign-up page.

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
use crate::{
    Cause, GrantError, NewAccount,
    issuer::{accounts::Refused, pages::SignUpProblem},
};

/// The form of the sign-up page.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignUpForm {
    /// What the page was given: the authorization request, sealed for this browser.
    request: Option<String>,
    /// The name shown to others.
    display_name: Option<String>,
    /// The username.
    #[serde(default)]
    username: String,
    /// The e-mail address.
    #[serde(default)]
    email: String,
    /// The password.
    password: Option<Secret>,
}

/// The form of the sign-up page
///
/// It is taken only from the browser that the page was shown to. The new person is signed in.
#[utoipa::path(
    post,
    path = "/auth/realms/thread/login-actions/registration",
    tag = "identity",
    request_body(content = SignUpForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "Back to the client, with `code`"),
        (status = 400, description = "The page has expired, or is another browser's",
            content_type = "text/html", body = String),
        (status = 409, description = "The username or e-mail address is taken: the page again",
            content_type = "text/html", body = String),
        (status = 422, description = "Some fields are not allowed: the page again",
            content_type = "text/html", body = String),
        (status = 429, description = "Too many sign-ups", content_type = "text/html", body = String),
    )
)]
pub(super) async fn registration(
    State(issuer): Issuer,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    form: Result<Form<SignUpForm>, FormRejection>,
) -> Response {
    let Ok(Form(typed)) = form else {
        return unreadable(&headers);
    };
    let form = match issuer.take_back(&headers, typed.request.as_deref()) {
        Ok(form) => form,
        Err(response) => return *response,
    };
    let account = NewAccount {
        username: typed.username,
        email: typed.email,
        password: typed.password.unwrap_or_else(|| Secret::new("")),
        display_name: typed.display_name,
        locale: Some(form.texts.language.tag().to_owned()),
    };
    let (status, problem, retry_after) = match issuer.take_sign_up(peer_of(peer)) {
        Err(error) => limited(error),
        Ok(()) => match issuer.create_account(&account).await {
            Ok(row) => return issuer.welcome(&form, &row).await,
            Err(refused) => explained(refused),
        },
    };
    let typed = Typed {
        login: "",
        display_name: account.display_name.as_deref().unwrap_or_default(),
        username: &account.username,
        email: &account.email,
    };
    let response = issuer.sign_up_page(&form, status, &typed, Some(problem));
    match retry_after {
        Some(seconds) => with_header(response, header::RETRY_AFTER, &seconds.to_string()),
        None => response,
    }
}

type Explained = (StatusCode, SignUpProblem, Option<u64>);

fn limited(error: GrantError) -> Explained {
    match error {
        GrantError::RateLimited { retry_after } => {
            (StatusCode::TOO_MANY_REQUESTS, SignUpProblem::TooMany, Some(retry_after))
        }
        other => unavailable(other.into()),
    }
}

fn explained(refused: Refused) -> Explained {
    match refused {
        Refused::Flaws(flaws) => {
            let taken = flaws.iter().all(|flaw| flaw.is_taken());
            let status =
                if taken { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            (status, SignUpProblem::Flaws(flaws), None)
        }
        other => unavailable(other.into()),
    }
}

fn unavailable(cause: Cause) -> Explained {
    tracing::error!(error = &*cause, "an account could not be created");
    let problem = SignUpProblem::Unavailable;
    (StatusCode::SERVICE_UNAVAILABLE, problem, Some(5))
}
