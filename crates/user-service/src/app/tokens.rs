//! Access tokens for browsers: one refresh at a time for each device, however many tabs ask.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use api::rest::sessions::AccessToken;
use identity::{GrantError, Tokens};
use kernel::{LoginId, Secret, Timestamp};
use tokio_util::sync::CancellationToken;

use super::{Users, limit, sessions::before, to_the_end};
use crate::{
    UserError,
    domain::sign_in::{Login, SESSION_TIME, TOKEN_RESERVE, TokenHash},
};

/// How often what is over is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);
/// How often keeping a new refresh token is tried at once.
const TRIES: u32 = 3;

/// Access tokens that are still good, and who is getting a new one.
#[derive(Default)]
pub(super) struct Cache(Mutex<HashMap<LoginId, Arc<tokio::sync::Mutex<Slot>>>>);

/// What is held for a device. Its lock is held while a new token is got.
#[derive(Default)]
struct Slot {
    held: Option<Held>,
    /// A refresh token that the store did not take: the one there is used up.
    unsaved: Option<Secret>,
}

struct Held {
    access_token: Secret,
    expires_at: Timestamp,
    renew_at: Timestamp,
}

impl Held {
    fn new(access_token: Secret, expires_in: u64, now: Timestamp) -> Self {
        let life = Duration::from_secs(expires_in);
        // Tokens shorter than the reserve would never be given twice.
        let reserve = TOKEN_RESERVE.min(life / 2);
        Self {
            access_token,
            expires_at: now.plus(life),
            renew_at: now.plus(life.saturating_sub(reserve)),
        }
    }

    fn answer(&self, now: Timestamp) -> AccessToken {
        AccessToken {
            access_token: self.access_token.reveal().to_owned(),
            expires_in: self.expires_at.since(now).as_secs(),
        }
    }
}

impl Slot {
    fn fresh(&self, now: Timestamp) -> Option<AccessToken> {
        let held = self.held.as_ref().filter(|held| now < held.renew_at)?;
        Some(held.answer(now))
    }
}

impl Cache {
    fn slot(&self, id: LoginId) -> Arc<tokio::sync::Mutex<Slot>> {
        Arc::clone(self.slots().entry(id).or_default())
    }

    pub(super) async fn put(&self, id: LoginId, token: &Secret, expires_in: u64, now: Timestamp) {
        let slot = self.slot(id);
        slot.lock().await.held = Some(Held::new(token.clone(), expires_in, now));
    }

    pub(super) fn drop_login(&self, id: LoginId) {
        self.slots().remove(&id);
    }

    /// Forgets tokens that nobody asked for since they ran out.
    fn forget(&self, now: Timestamp) {
        self.slots().retain(|_, slot| {
            let idle = slot.try_lock().is_ok_and(|slot| {
                slot.unsaved.is_none() && slot.held.as_ref().is_none_or(|h| h.expires_at <= now)
            });
            // One that somebody holds is in use, or about to be.
            !idle || Arc::strong_count(slot) > 1
        });
    }

    fn slots(&self) -> std::sync::MutexGuard<'_, HashMap<LoginId, Arc<tokio::sync::Mutex<Slot>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Users {
    /// An access token for the browser that holds that cookie.
    pub(crate) async fn access_token(
        &self,
        cookie: Option<String>,
    ) -> Result<AccessToken, UserError> {
        let token = TokenHash::of(&cookie.ok_or(UserError::SessionOver)?);
        let login = self.signed_in(token).await?;
        self.limit(limit::TOKEN, &login.id.to_string())?;
        let slot = self.0.tokens.slot(login.id);
        let held = slot.lock().await.fresh(self.now());
        if let Some(answer) = held {
            return Ok(answer);
        }
        let users = self.clone();
        to_the_end(async move {
            let mut slot = slot.lock().await;
            // Somebody else may have got one while this call waited.
            match slot.fresh(users.now()) {
                Some(answer) => Ok(answer),
                // And used up the refresh token that was read before.
                None => {
                    let login = users.signed_in(token).await?;
                    users.renew(login, &mut slot).await
                }
            }
        })
        .await
    }

    async fn signed_in(&self, token: TokenHash) -> Result<Login, UserError> {
        let since = before(self.now(), SESSION_TIME);
        let login = self.store().login(token, since).await?;
        login.ok_or(UserError::SessionOver)
    }

    async fn renew(&self, login: Login, slot: &mut Slot) -> Result<AccessToken, UserError> {
        let refresh_token = match &slot.unsaved {
            Some(token) => token,
            None => &login.refresh_token,
        };
        let tokens = match self.provider().refresh(refresh_token).await {
            Ok(tokens) => tokens,
            Err(GrantError::SessionOver | GrantError::InvalidCredentials) => {
                self.store().end_login(login.user_id, login.id).await?;
                self.end(login).await;
                return Err(UserError::SessionOver);
            }
            Err(error) => return Err(error.into()),
        };
        if !self.save(&login, &tokens, slot).await {
            // Signed out while the provider was asked: these tokens are nobody's.
            let ended = Login {
                refresh_token: tokens.refresh_token,
                session_id: tokens.session_id,
                ..login
            };
            self.end(ended).await;
            return Err(UserError::SessionOver);
        }
        let now = self.now();
        let held = Held::new(tokens.access_token, tokens.expires_in, now);
        let answer = held.answer(now);
        slot.held = Some(held);
        Ok(answer)
    }

    /// Keeps a new refresh token; `false` when the device is no longer signed in. Where the store
    /// does not take it, it is kept in memory until the next time.
    async fn save(&self, login: &Login, tokens: &Tokens, slot: &mut Slot) -> bool {
        for attempt in 1..=TRIES {
            let saved = self.store().renew_login(
                login.id,
                tokens.refresh_token.clone(),
                tokens.session_id,
                self.now(),
            );
            match saved.await {
                Ok(saved) => {
                    slot.unsaved = None;
                    return saved;
                }
                Err(error) => tracing::error!(
                    error = &error as &dyn std::error::Error,
                    attempt,
                    "a new refresh token is not kept yet"
                ),
            }
            tokio::time::sleep(Duration::from_millis(50) * attempt).await;
        }
        slot.unsaved = Some(tokens.refresh_token.clone());
        true
    }
}

/// Forgets devices and tokens that are over, until `stop`.
pub(crate) async fn forget(users: Users, stop: CancellationToken) {
    loop {
        let now = users.now();
        users.0.tokens.forget(now);
        let since = before(now, SESSION_TIME);
        match users.store().forget_logins(since).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "devices that were not used are forgotten"),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "devices that were not used are not forgotten yet"
            ),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(FORGET_EVERY) => {}
        }
    }
}
