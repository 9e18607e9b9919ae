//! Verifying access tokens: one implementation for REST and sockets, in every service.

mod cache;
pub(crate) mod claims;
mod keys;

use std::{sync::Arc, time::Duration};

use api::{ErrorCode, Problem, told::Told};
use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::future::BoxFuture;
use jsonwebtoken::Algorithm;
use kernel::{Clock, Secret, SessionId, Timestamp, UserId};
use kit::{
    Task,
    bus::Bus,
    http::{Authenticator, Caller},
};
use tokio::sync::Mutex;

use self::{
    cache::{Cache, Fingerprint, Verified},
    claims::{Claims, Header, Refused},
};
pub use keys::{KeySet, KeySource, KeysUnavailable};

/// Bytes of a token at most.
const TOKEN_BYTES: usize = 8 * 1024;
/// An unknown key id asks the issuer for its keys at most this often.
const REFRESH_EVERY: Duration = Duration::from_secs(60);

/// Whose tokens are believed.
#[derive(Debug, Clone)]
pub struct VerifierConfig {
    /// `iss`, exactly.
    pub issuer: String,
    /// A name that `aud` must hold ...
    pub audience: String,
    /// ... unless the token was given to one of these clients (`azp`).
    pub authorized_parties: Vec<String>,
    /// How far this machine's clock may be off.
    pub leeway: Duration,
}

impl VerifierConfig {
    /// The tokens of that issuer that are meant for Thread: `thread` in `aud`, or given to one of
    /// its own clients; 5 seconds of leeway.
    #[must_use]
    pub fn for_issuer(issuer: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: crate::AUDIENCE.to_owned(),
            authorized_parties: vec![crate::WEB_CLIENT.to_owned(), crate::CLI_CLIENT.to_owned()],
            leeway: Duration::from_secs(5),
        }
    }
}

/// What an ID token names.
pub(crate) struct IdToken {
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    pub(crate) client_id: String,
}

/// Verifies access tokens.
///
/// The key decides the algorithm, never the token. Only keys of the configured issuer count.
/// Every claim that grants something is required. A token that was verified is remembered until
/// it runs out, its key is withdrawn or its session ends; a refusal is never remembered.
pub struct Verifier {
    keys: Arc<dyn KeySource>,
    config: VerifierConfig,
    clock: Arc<dyn Clock>,
    cache: Cache,
    refreshed_at: Mutex<Option<Timestamp>>,
}

impl Verifier {
    /// A verifier of what these keys signed.
    #[must_use]
    pub fn new(keys: Arc<dyn KeySource>, config: VerifierConfig, clock: Arc<dyn Clock>) -> Self {
        Self { keys, config, clock, cache: Cache::default(), refreshed_at: Mutex::new(None) }
    }

    /// From now on the session's access tokens are refused, though they have not run out.
    pub fn end_session(&self, session_id: SessionId) {
        self.cache.end(session_id, self.clock.now());
    }

    /// A task that hears on the bus which sessions end, and refuses their access tokens at once.
    #[must_use]
    pub fn task(self: &Arc<Self>, bus: &dyn Bus) -> Task {
        let verifier = Arc::clone(self);
        // Subscribed here, not when the task runs: nothing told in between is missed.
        let mut told = bus.fan_out();
        Task::new("ended sessions", move |stop| async move {
            while let Some(Some(told)) = stop.run_until_cancelled(told.recv()).await {
                if let Told::SessionEnded { session_id } = told {
                    verifier.end_session(session_id);
                }
            }
        })
    }

    /// What an ID token of this issuer names, run out or not; `None` when it is not one.
    pub(crate) async fn id_token(&self, token: &str) -> Option<IdToken> {
        if token.len() > TOKEN_BYTES {
            return None;
        }
        let (_, claims) = self.signed_claims(token).await.ok()?;
        let client_id = claims.azp?;
        let good = claims.iss == self.config.issuer
            && claims.typ.as_deref() == Some("ID")
            && claims.aud.contains(&client_id);
        good.then_some(IdToken {
            user_id: claims.sub.parse().ok()?,
            session_id: claims.sid?.parse().ok()?,
            client_id,
        })
    }

    /// The session and client of an access token that is good; `None` when it is not, or when it
    /// is a bot's.
    pub(crate) async fn session_of(&self, token: &str) -> Option<(SessionId, String)> {
        let session_id = self.verify(token).await.ok()?.session_id?;
        let (_, claims) = self.signed_claims(token).await.ok()?;
        Some((session_id, claims.azp?))
    }

    async fn verify(&self, token: &str) -> Result<Caller, Refused> {
        // Before any work: what is too long is not even hashed.
        if token.len() > TOKEN_BYTES {
            return Err(Refused::TooLong);
        }
        let now = self.clock.now();
        let fingerprint = fingerprint(token);
        let caller = match self.remembered(&fingerprint, now) {
            Some(caller) => caller,
            None => self.verify_anew(token, fingerprint, now).await?,
        };
        match caller.session_id {
            Some(session_id) if self.cache.has_ended(session_id) => Err(Refused::SessionEnded),
            _ => Ok(caller),
        }
    }

    fn remembered(&self, fingerprint: &Fingerprint, now: Timestamp) -> Option<Caller> {
        let kept = self.cache.get(fingerprint)?;
        let current = claims::is_current(kept.caller.expires_at, now, self.config.leeway);
        if current && self.keys.current().contains(&kept.kid) {
            return Some(kept.caller);
        }
        self.cache.forget(fingerprint);
        None
    }

    async fn verify_anew(
        &self,
        token: &str,
        fingerprint: Fingerprint,
        now: Timestamp,
    ) -> Result<Caller, Refused> {
        let (kid, claims) = self.signed_claims(token).await?;
        let (user_id, session_id, expires_at) = claims::check(&claims, &self.config, now)?;
        let caller = Caller {
            user_id,
            session_id,
            username: claims.preferred_username.unwrap_or_default(),
            name: claims.name,
            email: claims.email,
            roles: claims.realm_access.roles,
            expires_at,
            token: Secret::new(token),
        };
        let verified = Verified { kid, caller: caller.clone() };
        self.cache.put(fingerprint, verified, now);
        Ok(caller)
    }

    /// The claims of a token whose signature is good, with the id of the key that made it.
    async fn signed_claims(&self, token: &str) -> Result<(String, Claims), Refused> {
        let (message, signature) = token.rsplit_once('.').ok_or(Refused::NotAToken)?;
        let (header, payload) = message.split_once('.').ok_or(Refused::NotAToken)?;
        let header: Header = part(header).ok_or(Refused::NotAToken)?;
        if header.crit.is_some() {
            return Err(Refused::CriticalHeader);
        }
        let kid = header.kid.ok_or(Refused::UnknownKey)?;
        let keys = self.keys_with(&kid).await;
        let key = keys.get(&kid).ok_or(Refused::UnknownKey)?;
        if header.alg != name_of(key.algorithm) {
            return Err(Refused::WrongAlgorithm);
        }
        let good =
            jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.key, key.algorithm);
        if !matches!(good, Ok(true)) {
            return Err(Refused::WrongSignature);
        }
        let claims = part(payload).ok_or(Refused::UnreadableClaims)?;
        Ok((kid, claims))
    }

    /// The keys, asked for anew where that one is unknown and the last time was long enough ago.
    async fn keys_with(&self, kid: &str) -> Arc<KeySet> {
        let known = self.keys.current();
        if known.contains(kid) {
            return known;
        }
        // One at a time: who waited here finds what the one before fetched.
        let mut refreshed_at = self.refreshed_at.lock().await;
        let known = self.keys.current();
        let now = self.clock.now();
        let too_soon = refreshed_at.is_some_and(|at| now.since(at) < REFRESH_EVERY);
        if known.contains(kid) || too_soon {
            return known;
        }
        *refreshed_at = Some(now);
        if let Err(error) = self.keys.refresh().await {
            let cause: &(dyn std::error::Error + 'static) = &error;
            tracing::warn!(error = cause, "the known keys stay in use");
        }
        self.keys.current()
    }
}

impl Authenticator for Verifier {
    fn authenticate<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Caller, Problem>> {
        Box::pin(async move {
            self.verify(token).await.map_err(|refused| {
                tracing::debug!(reason = %refused, "an access token was refused");
                ErrorCode::Unauthenticated.into()
            })
        })
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier").field("config", &self.config).finish_non_exhaustive()
    }
}

/// One part of a token: JSON in URL-safe base64.
fn part<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&bytes).ok()
}

fn name_of(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::ES256 => "ES256",
        Algorithm::RS256 => "RS256",
        // No key set holds keys for others.
        _ => "",
    }
}

fn fingerprint(token: &str) -> Fingerprint {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    bytes
}
