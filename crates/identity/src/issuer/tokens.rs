//! What tokens say, in Keycloak's claims.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Ids, SessionId, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use super::{
    keys::{KeyError, KeyRing},
    store::{AccountRow, SessionRow},
};

/// Seconds that an access token (and an ID token) lasts.
pub(crate) const ACCESS_SECONDS: u32 = 300;

#[derive(Serialize)]
struct RealmAccess<'a> {
    roles: &'a [String],
}

#[derive(Serialize)]
struct AccessClaims<'a> {
    iss: &'a str,
    sub: String,
    aud: [&'a str; 2],
    azp: &'a str,
    exp: i64,
    iat: i64,
    jti: String,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    scope: &'a str,
    preferred_username: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    realm_access: RealmAccess<'a>,
}

#[derive(Serialize)]
struct IdClaims<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    azp: &'a str,
    exp: i64,
    iat: i64,
    auth_time: i64,
    jti: String,
    typ: &'static str,
    sid: String,
    at_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    preferred_username: &'a str,
    name: &'a str,
    email: &'a str,
    email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
}

/// Makes tokens.
pub(crate) struct Mint<'a> {
    pub(crate) keys: &'a KeyRing,
    pub(crate) issuer: &'a str,
    pub(crate) ids: &'a Ids,
}

impl Mint<'_> {
    /// An access token. Bots have no session.
    pub(crate) fn access(
        &self,
        row: &AccountRow,
        client_id: &str,
        scope: &str,
        session_id: Option<SessionId>,
    ) -> Result<String, KeyError> {
        let account = &row.account;
        let now = self.ids.now();
        self.keys.sign(&AccessClaims {
            iss: self.issuer,
            sub: account.id.to_string(),
            aud: [crate::AUDIENCE, "account"],
            azp: client_id,
            exp: expiry(now),
            iat: now.as_seconds(),
            jti: self.ids.make::<Uuid>().to_string(),
            typ: "Bearer",
            sid: session_id.map(|id| id.to_string()),
            scope,
            preferred_username: &account.username,
            name: &account.name,
            email: (!account.email.is_empty()).then_some(&account.email),
            realm_access: RealmAccess { roles: &account.roles },
        })
    }

    /// The ID token that goes with that access token.
    pub(crate) fn id(
        &self,
        row: &AccountRow,
        session: &SessionRow,
        access_token: &str,
        nonce: Option<&str>,
    ) -> Result<String, KeyError> {
        let account = &row.account;
        let now = self.ids.now();
        self.keys.sign(&IdClaims {
            iss: self.issuer,
            sub: account.id.to_string(),
            aud: &session.client_id,
            azp: &session.client_id,
            exp: expiry(now),
            iat: now.as_seconds(),
            auth_time: session.auth_time.as_seconds(),
            jti: self.ids.make::<Uuid>().to_string(),
            typ: "ID",
            sid: session.id.to_string(),
            at_hash: at_hash(access_token),
            nonce,
            preferred_username: &account.username,
            name: &account.name,
            email: &account.email,
            // Nobody has sent a message there.
            email_verified: false,
            locale: row.locale.as_deref(),
        })
    }
}

fn expiry(now: Timestamp) -> i64 {
    now.as_seconds() + i64::from(ACCESS_SECONDS)
}

/// The left half of the access token's hash (OpenID Connect Core, 3.1.3.6).
fn at_hash(access_token: &str) -> String {
    let hash = digest::digest(&digest::SHA256, access_token.as_bytes());
    let half = hash.as_ref().get(..16).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(half)
}
