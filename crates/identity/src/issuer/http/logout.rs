//! Signing out (OpenID Connect RP-Initiated Logout, and Keycloak's way with a refresh token).

use std::sync::Arc;

use axum::{
    extract::{
        Form, Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use kernel::Secret;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Issuer,
    answers::{page, redirect, with_header},
    browser::Browser,
    flow::{refused, unreadable},
    oauth_error::{OAuthError, OAuthErrorBody},
};
use crate::issuer::{
    Embedded,
    clients::client,
    pages::{self, Message, texts::Texts},
};

const LOGOUT: &str = "/auth/realms/thread/protocol/openid-connect/logout";
/// What the seal of the question is for.
const PURPOSE: &str = "sign-out";

/// Signing out.
#[derive(Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub(super) struct LogoutParams {
    /// An ID token of the session, run out or not. Without one the person is asked.
    id_token_hint: Option<Secret>,
    /// Where the browser goes afterwards: one of the client's, exactly.
    post_logout_redirect_uri: Option<String>,
    /// Comes back with the browser.
    state: Option<String>,
    /// Who asks.
    client_id: Option<String>,
    /// Languages of the page, best first.
    ui_locales: Option<String>,
    /// By POST: a refresh token of the session to end, with its `client_id` (no page; 204).
    refresh_token: Option<Secret>,
    /// By POST: the answer to the question.
    confirm: Option<String>,
}

/// Where the browser goes after signing out.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Afterwards {
    redirect_uri: Option<String>,
    state: Option<String>,
}

/// Sign out
///
/// With an `id_token_hint` the session ends, and with it the browser's sign-in; without one a page
/// asks first. An unknown `post_logout_redirect_uri` is told on a page, and nothing ends.
#[utoipa::path(
    get,
    path = "/auth/realms/thread/protocol/openid-connect/logout",
    tag = "identity",
    params(LogoutParams),
    responses(
        (status = 200, description = "Signed out, or the question", content_type = "text/html",
            body = String),
        (status = 302, description = "Signed out, on to `post_logout_redirect_uri`"),
        (status = 400, description = "Refused", content_type = "text/html", body = String),
    )
)]
pub(super) async fn logout(
    State(issuer): Issuer,
    headers: HeaderMap,
    params: Result<Query<LogoutParams>, QueryRejection>,
) -> Result<Response, OAuthError> {
    match params {
        Ok(Query(params)) => by_browser(&issuer, &headers, params).await,
        Err(_) => Ok(unreadable(&headers)),
    }
}

/// Sign out, by POST
#[utoipa::path(
    post,
    path = "/auth/realms/thread/protocol/openid-connect/logout",
    tag = "identity",
    request_body(content = LogoutParams, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Signed out, or the question", content_type = "text/html",
            body = String),
        (status = 204, description = "The refresh token's session is over"),
        (status = 303, description = "Signed out, on to `post_logout_redirect_uri`"),
        (status = 400, description = "Refused", body = OAuthErrorBody),
    )
)]
pub(super) async fn logout_by_post(
    State(issuer): Issuer,
    headers: HeaderMap,
    params: Result<Form<LogoutParams>, FormRejection>,
) -> Result<Response, OAuthError> {
    let Ok(Form(params)) = params else {
        return Ok(unreadable(&headers));
    };
    let Some(refresh_token) = &params.refresh_token else {
        return by_browser(&issuer, &headers, params).await;
    };
    let asker = issuer.asker(&headers, params.client_id.as_deref(), None).await?;
    issuer.sign_out_token(refresh_token.reveal(), Some(asker.client_id())).await?;
    Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response())
}

async fn by_browser(
    issuer: &Arc<Embedded>,
    headers: &HeaderMap,
    params: LogoutParams,
) -> Result<Response, OAuthError> {
    let browser = Browser::of(headers);
    let texts = browser.language(None, params.ui_locales.as_deref()).texts();
    if let Some(confirm) = &params.confirm {
        return confirmed(issuer, &browser, texts, confirm).await;
    }
    let hint = match &params.id_token_hint {
        None => None,
        Some(hint) => match issuer.verifier.id_token(hint.reveal()).await {
            Some(hint) => Some(hint),
            None => return Ok(refused(texts, texts.unreadable)),
        },
    };
    let client_id =
        params.client_id.as_deref().or(hint.as_ref().map(|hint| hint.client_id.as_str()));
    if hint.as_ref().is_some_and(|hint| Some(hint.client_id.as_str()) != client_id) {
        return Ok(refused(texts, texts.unknown_client));
    }
    let known = |uri: &String| {
        client_id
            .and_then(|id| client(&issuer.config, id))
            .is_some_and(|client| client.post_logout_redirect_uris.contains(uri))
    };
    if !params.post_logout_redirect_uri.as_ref().is_none_or(known) {
        return Ok(refused(texts, texts.unknown_redirect));
    }
    let afterwards =
        Afterwards { redirect_uri: params.post_logout_redirect_uri, state: params.state };
    let sign_in = issuer.sign_in_of(browser.sign_in_cookie()).await?;
    match (hint, sign_in) {
        (Some(hint), sign_in) => {
            issuer.sign_out(hint.session_id).await?;
            if let Some(sign_in) = sign_in.filter(|row| row.account_id == hint.user_id) {
                issuer.end_sign_in(sign_in.id).await?;
            }
            Ok(gone(issuer, texts, &afterwards, StatusCode::FOUND))
        }
        (None, None) => Ok(gone(issuer, texts, &afterwards, StatusCode::FOUND)),
        // Anybody can send a browser here: the person decides.
        (None, Some(_)) => Ok(question(issuer, &browser, texts, &afterwards)),
    }
}

fn question(
    issuer: &Embedded,
    browser: &Browser,
    texts: &'static Texts,
    afterwards: &Afterwards,
) -> Response {
    let cookie = browser.login_cookie().map_or_else(|| issuer.ids.token(), str::to_owned);
    let sealed = issuer.sealer.seal(PURPOSE, &cookie, afterwards);
    let html = pages::confirm_sign_out(texts, LOGOUT, &sealed);
    let form_to = afterwards.redirect_uri.as_deref().unwrap_or(issuer.config.public_url());
    let response = page(StatusCode::OK, html, Some(form_to));
    with_header(response, header::SET_COOKIE, &issuer.set_login_cookie(&cookie))
}

async fn confirmed(
    issuer: &Embedded,
    browser: &Browser,
    texts: &'static Texts,
    confirm: &str,
) -> Result<Response, OAuthError> {
    let afterwards = browser
        .login_cookie()
        .and_then(|cookie| issuer.sealer.open::<Afterwards>(PURPOSE, cookie, confirm));
    let Some(afterwards) = afterwards else {
        return Ok(refused(texts, texts.expired));
    };
    if let Some(sign_in) = issuer.sign_in_of(browser.sign_in_cookie()).await? {
        issuer.end_sign_in(sign_in.id).await?;
    }
    Ok(gone(issuer, texts, &afterwards, StatusCode::SEE_OTHER))
}

fn gone(
    issuer: &Embedded,
    texts: &'static Texts,
    afterwards: &Afterwards,
    status: StatusCode,
) -> Response {
    let response = match &afterwards.redirect_uri {
        Some(uri) => redirect(status, uri, &[("state", afterwards.state.as_deref())]),
        None => {
            let html = pages::message(&Message {
                texts,
                title: texts.signed_out_title,
                text: texts.signed_out_lead,
                link: ("/", texts.to_app),
            });
            page(StatusCode::OK, html, None)
        }
    };
    with_header(response, header::SET_COOKIE, &issuer.clear_sign_in_cookie())
}
