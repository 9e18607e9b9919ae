//! The way of a browser through an authorization: the page, and back with a code.

use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};

use super::{
    answers::{page, redirect, with_header},
    browser::Browser,
    request::{AuthRequest, Params, Refusal},
};
use crate::{
    GrantError,
    issuer::{
        Embedded,
        pages::{
            self, Message, SignIn, SignInProblem, SignUp, SignUpProblem,
            texts::{Language, Texts},
        },
        store::{AccountRow, SignInRow},
    },
};

const AUTH: &str = "/auth/realms/thread/protocol/openid-connect/auth";
const REGISTRATIONS: &str = "/auth/realms/thread/protocol/openid-connect/registrations";
const AUTHENTICATE: &str = "/auth/realms/thread/login-actions/authenticate";
const REGISTRATION: &str = "/auth/realms/thread/login-actions/registration";
/// What the seal of a form is for.
const PURPOSE: &str = "authorization";
/// A form may be open for that many milliseconds: an hour.
const FORM_LASTS: i64 = 3_600_000;

/// Which page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Screen {
    SignIn,
    SignUp,
}

/// What a form carries.
#[derive(Serialize, Deserialize)]
struct Sealed {
    params: Params,
    until: i64,
}

/// A form that came back from the browser that it was shown to.
pub(super) struct Returned {
    pub(super) request: AuthRequest,
    pub(super) texts: &'static Texts,
    cookie: String,
}

/// What was typed, and why it did not do.
#[derive(Default)]
pub(super) struct Typed<'a> {
    pub(super) login: &'a str,
    pub(super) display_name: &'a str,
    pub(super) username: &'a str,
    pub(super) email: &'a str,
}

impl Embedded {
    /// Begins an authorization: a code at once for a browser that is signed in, else a page.
    pub(super) async fn begin(
        &self,
        headers: &HeaderMap,
        params: Params,
        screen: Screen,
    ) -> Response {
        let browser = Browser::of(headers);
        let texts =
            browser.language(params.kc_locale.as_deref(), params.ui_locales.as_deref()).texts();
        let request = match AuthRequest::check(&self.config, params) {
            Ok(request) => request,
            Err(refusal) => return self.refuse(texts, refusal),
        };
        let sign_up = screen == Screen::SignUp || request.prompts("create");
        let sign_in = match self.sign_in_of(browser.sign_in_cookie()).await {
            Ok(sign_in) => sign_in,
            Err(error) => return failed(texts, error),
        };
        let now = self.ids.now();
        if let Some(sign_in) = sign_in.filter(|sign_in| request.is_met_by(sign_in, now))
            && !sign_up
        {
            return self.finish(&request, &sign_in, StatusCode::FOUND, texts).await;
        }
        if request.prompts("none") {
            return self.back(
                &request.redirect_uri,
                request.params.state.as_deref(),
                "login_required",
                "nobody is signed in",
            );
        }
        let (cookie, fresh) = match browser.login_cookie() {
            Some(cookie) => (cookie.to_owned(), false),
            None => (self.ids.token(), true),
        };
        let login = request.params.login_hint.clone().unwrap_or_default();
        let form = Returned { request, texts, cookie };
        let typed = Typed { login: &login, ..Typed::default() };
        let response = if sign_up {
            self.sign_up_page(&form, StatusCode::OK, &typed, None)
        } else {
            self.sign_in_page(&form, StatusCode::OK, &typed, None)
        };
        if fresh {
            let cookie = self.set_login_cookie(&form.cookie);
            return with_header(response, header::SET_COOKIE, &cookie);
        }
        response
    }

    /// Takes a form back: only from the browser that it was shown to, only while it lasts.
    pub(super) fn take_back(
        &self,
        headers: &HeaderMap,
        sealed: Option<&str>,
    ) -> Result<Returned, Box<Response>> {
        let browser = Browser::of(headers);
        let expired = |language: Language, link: &str| {
            let texts = language.texts();
            Box::new(say(texts, texts.expired_title, texts.expired, (link, texts.start_again)))
        };
        let opened = browser.login_cookie().and_then(|cookie| {
            let sealed = self.sealer.open::<Sealed>(PURPOSE, cookie, sealed?)?;
            Some((cookie.to_owned(), sealed))
        });
        let Some((cookie, Sealed { params, until })) = opened else {
            return Err(expired(browser.language(None, None), "/"));
        };
        let language = browser.language(params.kc_locale.as_deref(), params.ui_locales.as_deref());
        if until < self.ids.now().as_millis() {
            return Err(expired(language, &format!("{AUTH}?{}", params.query())));
        }
        let texts = language.texts();
        match AuthRequest::check(&self.config, params) {
            Ok(request) => Ok(Returned { request, texts, cookie }),
            Err(refusal) => Err(Box::new(self.refuse(texts, refusal))),
        }
    }

    /// Signs the browser in and sends it back with a code.
    pub(super) async fn welcome(&self, form: &Returned, row: &AccountRow) -> Response {
        let (sign_in, cookie) = match self.begin_sign_in(row).await {
            Ok(begun) => begun,
            Err(error) => return failed(form.texts, error),
        };
        let response =
            self.finish(&form.request, &sign_in, StatusCode::SEE_OTHER, form.texts).await;
        with_header(response, header::SET_COOKIE, &self.set_sign_in_cookie(&cookie))
    }

    /// The sign-in page.
    pub(super) fn sign_in_page(
        &self,
        form: &Returned,
        status: StatusCode,
        typed: &Typed<'_>,
        problem: Option<SignInProblem>,
    ) -> Response {
        let links = Links::of(&form.request.params, form.texts, AUTH);
        let html = pages::sign_in(&SignIn {
            texts: form.texts,
            action: AUTHENTICATE,
            sealed: &self.seal(form),
            login: typed.login,
            problem,
            sign_up: &links.sign_up,
            switch: (links.other, &links.switch),
        });
        page(status, html, Some(&form.request.redirect_uri))
    }

    /// The sign-up page.
    pub(super) fn sign_up_page(
        &self,
        form: &Returned,
        status: StatusCode,
        typed: &Typed<'_>,
        problem: Option<SignUpProblem>,
    ) -> Response {
        let links = Links::of(&form.request.params, form.texts, REGISTRATIONS);
        let html = pages::sign_up(&SignUp {
            texts: form.texts,
            action: REGISTRATION,
            sealed: &self.seal(form),
            display_name: typed.display_name,
            username: typed.username,
            email: typed.email,
            problem,
            sign_in: &links.sign_in,
            switch: (links.other, &links.switch),
        });
        page(status, html, Some(&form.request.redirect_uri))
    }

    fn seal(&self, form: &Returned) -> String {
        let sealed = Sealed {
            params: form.request.params.clone(),
            until: self.ids.now().as_millis().saturating_add(FORM_LASTS),
        };
        self.sealer.seal(PURPOSE, &form.cookie, &sealed)
    }

    async fn finish(
        &self,
        request: &AuthRequest,
        sign_in: &SignInRow,
        status: StatusCode,
        texts: &'static Texts,
    ) -> Response {
        match self.give_code(sign_in, request.code_for()).await {
            Ok(code) => redirect(
                status,
                &request.redirect_uri,
                &[
                    ("state", request.params.state.as_deref()),
                    ("iss", Some(self.issuer_url())),
                    ("code", Some(&code)),
                ],
            ),
            Err(error) => failed(texts, error),
        }
    }

    fn refuse(&self, texts: &'static Texts, refusal: Refusal) -> Response {
        let text = match refusal {
            Refusal::UnknownClient => texts.unknown_client,
            Refusal::UnknownRedirect => texts.unknown_redirect,
            Refusal::Unreadable => texts.unreadable,
            Refusal::Back { redirect_uri, state, error, description } => {
                return self.back(&redirect_uri, state.as_deref(), error, description);
            }
        };
        refused(texts, text)
    }

    fn back(
        &self,
        redirect_uri: &str,
        state: Option<&str>,
        error: &str,
        description: &str,
    ) -> Response {
        redirect(
            StatusCode::FOUND,
            redirect_uri,
            &[
                ("state", state),
                ("iss", Some(self.issuer_url())),
                ("error", Some(error)),
                ("error_description", Some(description)),
            ],
        )
    }
}

/// Where a page leads.
struct Links {
    sign_in: String,
    sign_up: String,
    other: &'static Texts,
    switch: String,
}

impl Links {
    fn of(params: &Params, texts: &'static Texts, here: &str) -> Self {
        let mut params = params.clone();
        // The page itself says which one it is.
        params.prompt = params.prompt.take().filter(|prompt| prompt != "create");
        let query = params.query();
        let other = Language::ALL
            .into_iter()
            .find(|language| *language != texts.language)
            .unwrap_or(texts.language);
        params.kc_locale = Some(other.tag().to_owned());
        Self {
            sign_in: format!("{AUTH}?{query}"),
            sign_up: format!("{REGISTRATIONS}?{query}"),
            other: other.texts(),
            switch: format!("{here}?{}", params.query()),
        }
    }
}

/// A page that says why it does not go on.
pub(super) fn refused(texts: &'static Texts, text: &str) -> Response {
    say(texts, texts.refused_title, text, ("/", texts.to_app))
}

/// The page for a request whose parameters can't be read.
pub(super) fn unreadable(headers: &HeaderMap) -> Response {
    let texts = Browser::of(headers).language(None, None).texts();
    refused(texts, texts.unreadable)
}

/// A page for a fault of ours.
fn failed(texts: &'static Texts, error: GrantError) -> Response {
    let error: crate::Cause = error.into();
    tracing::error!(error = &*error, "somebody could not be signed in");
    let html = pages::message(&Message {
        texts,
        title: texts.problem,
        text: texts.unavailable,
        link: ("/", texts.to_app),
    });
    let response = page(StatusCode::SERVICE_UNAVAILABLE, html, None);
    with_header(response, header::RETRY_AFTER, "5")
}

fn say(texts: &'static Texts, title: &str, text: &str, link: (&str, &str)) -> Response {
    let html = pages::message(&Message { texts, title, text, link });
    page(StatusCode::BAD_REQUEST, html, None)
}
