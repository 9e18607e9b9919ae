//! The two cookies: the session, and the short-lived one that binds a sign-in to its browser.
//! Scripts can't read either; other sites can't send them with a request that changes something.

use std::time::Duration;

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::{
    Users,
    domain::sign_in::{SESSION_TIME, SIGN_IN_TIME},
};

/// The session cookie's name without TLS.
pub(super) const SESSION: &str = "thread_session";
const SECURE_SESSION: &str = "__Host-thread_session";
const DEPARTURE: &str = "thread_departure";
const SECURE_DEPARTURE: &str = "__Host-thread_departure";

/// The cookies of this installation.
#[derive(Clone, Copy)]
pub(super) struct Cookies {
    secure: bool,
}

impl Cookies {
    /// On https the names begin with `__Host-`: browsers take those from this very host only.
    pub(super) fn of(users: &Users) -> Self {
        Self { secure: users.site().is_secure() }
    }

    /// The session that the browser holds.
    pub(super) fn session(self, jar: &CookieJar) -> Option<String> {
        value(jar, self.session_name())
    }

    /// The sign-in that the browser left with.
    pub(super) fn departure(self, jar: &CookieJar) -> Option<String> {
        value(jar, self.departure_name())
    }

    /// Gives the browser a session, or more time for the one it has.
    pub(super) fn give_session(self, token: String) -> Cookie<'static> {
        self.cookie(self.session_name(), token, SESSION_TIME)
    }

    /// Takes the session away.
    pub(super) fn take_session(self) -> Cookie<'static> {
        self.cookie(self.session_name(), String::new(), Duration::ZERO)
    }

    /// Lets the browser leave for the identity provider.
    pub(super) fn give_departure(self, browser: String) -> Cookie<'static> {
        self.cookie(self.departure_name(), browser, SIGN_IN_TIME)
    }

    const fn session_name(self) -> &'static str {
        if self.secure { SECURE_SESSION } else { SESSION }
    }

    const fn departure_name(self) -> &'static str {
        if self.secure { SECURE_DEPARTURE } else { DEPARTURE }
    }

    fn cookie(self, name: &'static str, value: String, life: Duration) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(life.try_into().unwrap_or_default())
            .build()
    }
}

fn value(jar: &CookieJar, name: &str) -> Option<String> {
    let value = jar.get(name)?.value();
    (!value.is_empty()).then(|| value.to_owned())
}
