//! What a token says, and whether it may be believed: pure functions of their input.

use std::time::Duration;

use kernel::{SessionId, Timestamp, UserId};
use serde::Deserialize;

use super::VerifierConfig;

/// A token's header. Whatever names a key in it other than `kid` (`jku`, `x5u`, `jwk`, `x5c`) is
/// not even read.
#[derive(Debug, Deserialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) kid: Option<String>,
    pub(crate) crit: Option<serde_json::Value>,
}

/// The claims of an access token.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    #[serde(default)]
    pub(crate) aud: Audience,
    pub(crate) azp: Option<String>,
    pub(crate) exp: i64,
    pub(crate) nbf: Option<i64>,
    pub(crate) typ: Option<String>,
    pub(crate) sid: Option<String>,
    pub(crate) preferred_username: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    #[serde(default)]
    pub(crate) realm_access: RealmAccess,
}

/// `aud`: one name or several.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    #[default]
    Nobody,
    One(String),
    Many(Vec<String>),
}

impl Audience {
    pub(crate) fn contains(&self, name: &str) -> bool {
        match self {
            Self::Nobody => false,
            Self::One(one) => one == name,
            Self::Many(many) => many.iter().any(|one| one == name),
        }
    }
}

/// `realm_access`: where Keycloak puts roles.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RealmAccess {
    #[serde(default)]
    pub(crate) roles: Vec<String>,
}

/// Why a token is refused. For the debug log only: a caller learns that it is, not why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("longer than a token of ours can be")]
    TooLong,
    #[error("not a signed token")]
    NotAToken,
    #[error("carries critical headers")]
    CriticalHeader,
    #[error("signed with a key that the issuer does not have")]
    UnknownKey,
    #[error("its algorithm is not its key's")]
    WrongAlgorithm,
    #[error("its signature is wrong")]
    WrongSignature,
    #[error("its claims can't be read")]
    UnreadableClaims,
    #[error("from another issuer")]
    WrongIssuer,
    #[error("meant for somebody else")]
    WrongAudience,
    #[error("no access token")]
    WrongType,
    #[error("run out")]
    Expired,
    #[error("not valid yet")]
    NotYet,
    #[error("its subject or session is no UUID")]
    NoSubject,
    #[error("its session is over")]
    SessionEnded,
}

/// Whether a token that runs out at `expires_at` still counts.
pub(crate) fn is_current(expires_at: Timestamp, now: Timestamp, leeway: Duration) -> bool {
    now < expires_at.plus(leeway)
}

/// Checks every claim of a token whose signature is good.
pub(crate) fn check(
    claims: &Claims,
    config: &VerifierConfig,
    now: Timestamp,
) -> Result<(UserId, Option<SessionId>, Timestamp), Refused> {
    if claims.iss != config.issuer {
        return Err(Refused::WrongIssuer);
    }
    // ID tokens say "ID", refresh tokens "Refresh" or "Offline".
    if claims.typ.as_deref() != Some("Bearer") {
        return Err(Refused::WrongType);
    }
    let by_client = claims.azp.as_ref().is_some_and(|azp| config.authorized_parties.contains(azp));
    if !claims.aud.contains(&config.audience) && !by_client {
        return Err(Refused::WrongAudience);
    }
    let expires_at = Timestamp::from_millis(claims.exp.saturating_mul(1000));
    if !is_current(expires_at, now, config.leeway) {
        return Err(Refused::Expired);
    }
    let not_before = Timestamp::from_millis(claims.nbf.unwrap_or(0).saturating_mul(1000));
    if not_before > now.plus(config.leeway) {
        return Err(Refused::NotYet);
    }
    let user_id = claims.sub.parse().map_err(|_| Refused::NoSubject)?;
    let session_id = match &claims.sid {
        None => None,
        Some(sid) => Some(sid.parse().map_err(|_| Refused::NoSubject)?),
    };
    Ok((user_id, session_id, expires_at))
}
