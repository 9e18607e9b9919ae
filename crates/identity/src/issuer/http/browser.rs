//! What a browser brings along and takes away: cookies and languages.

use axum_extra::extract::CookieJar;
use http::{HeaderMap, header};

use crate::issuer::{Embedded, grants::SIGN_IN_LASTS, pages::texts::Language};

/// Binds the forms to the browser that they were shown to.
const LOGIN_COOKIE: &str = "thread_login";
/// Remembers that the browser is signed in.
const SIGN_IN_COOKIE: &str = "thread_sign_in";

/// What a browser brings along.
pub(super) struct Browser {
    jar: CookieJar,
    accept_language: Option<String>,
}

impl Browser {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self {
            jar: CookieJar::from_headers(headers),
            accept_language: headers
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
        }
    }

    /// The value that forms are bound to.
    pub(super) fn login_cookie(&self) -> Option<&str> {
        self.token(LOGIN_COOKIE)
    }

    /// The value that tells who is signed in.
    pub(super) fn sign_in_cookie(&self) -> Option<&str> {
        self.token(SIGN_IN_COOKIE)
    }

    /// The language for a request.
    pub(super) fn language(&self, kc_locale: Option<&str>, ui_locales: Option<&str>) -> Language {
        Language::choose(kc_locale, ui_locales, self.accept_language.as_deref())
    }

    fn token(&self, name: &str) -> Option<&str> {
        // 256 bits in base64: nothing else is one of ours.
        self.jar
            .get(name)
            .map(axum_extra::extract::cookie::Cookie::value)
            .filter(|value| value.len() == 43)
    }
}

impl Embedded {
    /// `Set-Cookie` for the value that forms are bound to; until the browser is closed.
    pub(super) fn set_login_cookie(&self, value: &str) -> String {
        self.cookie(LOGIN_COOKIE, value, None)
    }

    /// `Set-Cookie` for a browser that is signed in now.
    pub(super) fn set_sign_in_cookie(&self, value: &str) -> String {
        self.cookie(SIGN_IN_COOKIE, value, Some(SIGN_IN_LASTS.as_secs()))
    }

    /// `Set-Cookie` for a browser that is signed in no more.
    pub(super) fn clear_sign_in_cookie(&self) -> String {
        self.cookie(SIGN_IN_COOKIE, "", Some(0))
    }

    fn cookie(&self, name: &str, value: &str, max_age: Option<u64>) -> String {
        let secure = if self.config.is_https() { "; Secure" } else { "" };
        let max_age = max_age.map_or_else(String::new, |age| format!("; Max-Age={age}"));
        format!("{name}={value}; Path=/auth; HttpOnly; SameSite=Lax{secure}{max_age}")
    }
}
