//! Signing a browser in: what it may come back to, what it proves, which origin it asks from.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{LoginId, Secret, SessionId, Timestamp, UserId};
use url::Url;

/// How long a sign-in may take from start to callback.
pub const SIGN_IN_TIME: Duration = Duration::from_secs(10 * 60);
/// How long a session lasts since it was last used.
pub const SESSION_TIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// What an access token must still be good for to be given once more.
pub const TOKEN_RESERVE: Duration = Duration::from_secs(60);
/// Bytes of a path to come back to.
const RETURN_TO_BYTES: usize = 2_048;
/// Characters of a browser's name for itself that are kept.
const USER_AGENT_CHARS: usize = 256;

/// SHA-256 of a cookie: what is stored, so that a stolen store signs nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash of a cookie's value.
    #[must_use]
    pub fn of(token: &str) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(hash)
    }
}

/// The challenge of a PKCE verifier (RFC 7636, S256).
#[must_use]
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// A sign-in that was started, and not yet finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Comes back with the browser.
    pub state: String,
    /// The browser that started it.
    pub browser: TokenHash,
    /// Comes back in the tokens.
    pub nonce: String,
    /// The PKCE verifier.
    pub verifier: Secret,
    /// Where to go afterwards.
    pub return_to: String,
    /// When it was started.
    pub created_at: Timestamp,
}

/// A signed-in device: the browser holds the cookie, this service the tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The session.
    pub id: LoginId,
    /// Whose.
    pub user_id: UserId,
    /// The cookie.
    pub token: TokenHash,
    /// The session at the identity provider.
    pub session_id: SessionId,
    /// The refresh token, good for one use.
    pub refresh_token: Secret,
    /// The browser and system, as they named themselves.
    pub user_agent: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it last got a new token.
    pub last_seen_at: Timestamp,
}

/// What a browser calls itself, as far as it is kept.
#[must_use]
pub fn user_agent(header: Option<&str>) -> String {
    header.unwrap_or_default().chars().filter(|c| !c.is_control()).take(USER_AGENT_CHARS).collect()
}

/// Where this installation is, as browsers see it.
#[derive(Debug, Clone)]
pub struct Site {
    public_url: Url,
    origin: String,
}

impl Site {
    /// The site at that URL.
    #[must_use]
    pub fn new(public_url: Url) -> Self {
        let origin = public_url.origin().ascii_serialization();
        Self { public_url, origin }
    }

    /// Whether it is reached over TLS, so that cookies can be bound to that.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Where the identity provider sends a browser back to.
    #[must_use]
    pub fn callback(&self) -> String {
        format!("{}/api/users/session/callback", self.origin)
    }

    /// A path of this origin to come back to, in the form in which it goes into `Location`;
    /// `None` for anything that could lead elsewhere.
    #[must_use]
    pub fn return_to(&self, asked: &str) -> Option<String> {
        let path = asked.split(['?', '#']).next().unwrap_or_default();
        let plain = asked.len() <= RETURN_TO_BYTES
            && path.starts_with('/')
            && !path.contains("//")
            && !asked.contains('\\')
            && !asked.chars().any(|c| c.is_control() || c.is_whitespace());
        if !plain {
            return None;
        }
        let url = Url::parse(&self.origin).ok()?.join(asked).ok()?;
        let stays = url.origin().ascii_serialization() == self.origin
            && url.path().starts_with('/')
            && !url.path().starts_with("//");
        stays.then(|| url[url::Position::BeforePath..].to_owned())
    }

    /// Whether a request comes from a page of this origin: the public one, or the one under which
    /// the browser itself reached this server (another name for it, such as `127.0.0.1`).
    #[must_use]
    pub fn is_own(&self, origin: &str, host: Option<&str>) -> bool {
        if origin.eq_ignore_ascii_case(&self.origin) {
            return true;
        }
        let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        match (authority, host) {
            (Some(authority), Some(host)) => {
                let other_name = !authority.eq_ignore_ascii_case(self.authority());
                other_name && !authority.is_empty() && authority.eq_ignore_ascii_case(host)
            }
            _ => false,
        }
    }

    fn authority(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, authority)| authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(url: &str) -> Site {
        Site::new(Url::parse(url).unwrap())
    }

    #[test]
    fn one_comes_back_to_this_origin_only() {
        let site = site("https://chat.example");
        for path in ["/", "/chats/1?at=2#m", "/a/b", "/?next=https://x.example//y"] {
            assert_eq!(site.return_to(path).as_deref(), Some(path));
        }
        assert_eq!(site.return_to("/salão").as_deref(), Some("/sal%C3%A3o"));
        for bad in [
            "",
            "chats",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "/a//evil.example",
            "/..//evil.example",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x=y",
            "/a b",
            " /a",
            "javascript:alert(1)",
            "@evil.example",
        ] {
            assert_eq!(site.return_to(bad), None, "{bad:?}");
        }
        assert_eq!(site.return_to(&format!("/{}", "a".repeat(2_048))), None);
    }

    #[test]
    fn dots_do_not_lead_elsewhere() {
        let site = site("https://chat.example");
        assert_eq!(site.return_to("/.//evil.example"), None);
        assert_eq!(site.return_to("/a/../b").as_deref(), Some("/b"));
        assert_eq!(site.return_to("/%2e/%2e/evil").as_deref(), Some("/evil"));
    }

    #[test]
    fn only_pages_of_this_origin_may_ask() {
        let site = site("https://chat.example");
        let host = Some("chat.example");
        assert!(site.is_own("https://chat.example", host));
        for foreign in [
            "null",
            "",
            "http://chat.example",
            "https://chat.example:8443",
            "https://chat.example.evil.example",
            "https://evilchat.example",
            "https://chat.example/",
            "file://",
            "://chat.example",
        ] {
            assert!(!site.is_own(foreign, host), "{foreign:?}");
        }
    }

    #[test]
    fn another_name_of_this_server_is_its_origin_too() {
        let site = site("http://localhost:8080");
        assert!(site.is_own("http://127.0.0.1:8080", Some("127.0.0.1:8080")));
        assert!(!site.is_own("http://127.0.0.1:9090", Some("127.0.0.1:8080")));
        assert!(!site.is_own("https://localhost:8080", Some("localhost:8080")));
        assert!(!site.is_own("http://evil.example", Some("127.0.0.1:8080")));
        assert!(!site.is_own("http://127.0.0.1:8080", None));
    }

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn a_browsers_name_is_cut_and_cleaned() {
        assert_eq!(user_agent(Some("a\tb\u{1b}[31m")), "ab[31m");
        assert_eq!(user_agent(Some(&"x".repeat(999))).len(), 256);
        assert_eq!(user_agent(None), "");
    }
}
