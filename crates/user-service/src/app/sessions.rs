//! The web app's sessions: signing a browser in by the identity provider's page, the signed-in
//! devices, signing out.

use std::net::IpAddr;

use api::{
    rest::sessions::{Session, SessionCallback, StartSession},
    told::Told,
};
use identity::{AuthorizationRequest, CodeExchange, Tokens};
use kernel::{LoginId, Secret, Timestamp};
use kit::http::{Authenticator, Caller};

use super::{Users, limit, to_the_end};
use crate::{
    UserError,
    domain::sign_in::{Login, SESSION_TIME, SIGN_IN_TIME, SignIn, TokenHash, challenge},
};

/// Characters of a token that [`kernel::Ids::token`] makes.
const TOKEN_CHARS: usize = 43;
/// Characters of a list of languages.
const LANGUAGES_CHARS: usize = 64;

/// A browser that leaves for the identity provider.
pub(crate) struct Departure {
    /// Where it goes.
    pub(crate) url: String,
    /// The cookie that it will come back with.
    pub(crate) browser: String,
}

/// A browser that came back signed in.
pub(crate) struct Arrival {
    /// Where it goes.
    pub(crate) return_to: String,
    /// Its session cookie.
    pub(crate) session: String,
}

/// A browser that came back, as it presents itself.
pub(crate) struct Comer {
    /// The cookie that it left with.
    pub(crate) browser: Option<String>,
    /// The session cookie that it has, of an earlier sign-in.
    pub(crate) session: Option<String>,
    /// What it calls itself.
    pub(crate) user_agent: String,
}

/// Why a sign-in came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInFailed {
    #[error("no sign-in of that state was started by that browser in the last ten minutes")]
    NotStarted,
    #[error("the identity provider refused")]
    Refused,
    #[error("the tokens are not for this sign-in")]
    OtherTokens,
    #[error("the access token is refused: {0}")]
    BadToken(api::ErrorCode),
    #[error(transparent)]
    User(#[from] UserError),
}

impl Users {
    /// Starts to sign a browser in. A browser that started before keeps its cookie, so that two
    /// tabs can sign in at once.
    pub(crate) async fn start_session(
        &self,
        asked: StartSession,
        browser: Option<String>,
        peer: IpAddr,
    ) -> Result<Departure, UserError> {
        let return_to = self
            .site()
            .return_to(asked.return_to.as_deref().unwrap_or("/"))
            .ok_or(UserError::Malformed("`return_to` must be a path of this origin"))?;
        let prompt = prompt(asked.prompt)?;
        let ui_locales = languages(asked.ui_locales)?;
        self.limit_peer(limit::START, peer)?;
        let browser =
            browser.filter(|cookie| is_token(cookie)).unwrap_or_else(|| self.ids().token());
        let now = self.now();
        let sign_in = SignIn {
            state: self.ids().token(),
            browser: TokenHash::of(&browser),
            nonce: self.ids().token(),
            verifier: Secret::new(self.ids().token()),
            return_to,
            created_at: now,
        };
        let url = self.provider().authorization_url(AuthorizationRequest {
            state: &sign_in.state,
            nonce: &sign_in.nonce,
            code_challenge: &challenge(sign_in.verifier.reveal()),
            redirect_uri: &self.site().callback(),
            prompt: prompt.as_deref(),
            ui_locales: ui_locales.as_deref(),
        });
        let stale = before(now, SIGN_IN_TIME);
        self.store().start_sign_in(sign_in, stale).await?;
        Ok(Departure { url, browser })
    }

    /// Signs in a browser that came back from the identity provider: the state must be one that
    /// this very browser left with, and can be used once.
    pub(crate) async fn finish_session(
        &self,
        callback: SessionCallback,
        comer: Comer,
        authenticator: &dyn Authenticator,
    ) -> Result<Arrival, SignInFailed> {
        let (Some(state), Some(browser)) = (callback.state, comer.browser) else {
            return Err(SignInFailed::NotStarted);
        };
        let since = before(self.now(), SIGN_IN_TIME);
        let sign_in = self
            .store()
            .take_sign_in(state, TokenHash::of(&browser), since)
            .await
            .map_err(UserError::from)?
            .ok_or(SignInFailed::NotStarted)?;
        let code = callback.code.filter(|_| callback.error.is_none());
        let tokens = self
            .provider()
            .exchange_code(CodeExchange {
                code: &Secret::new(code.ok_or(SignInFailed::Refused)?),
                code_verifier: &sign_in.verifier,
                redirect_uri: &self.site().callback(),
            })
            .await
            .map_err(UserError::from)?;
        if tokens.nonce.as_ref() != Some(&sign_in.nonce) {
            return Err(SignInFailed::OtherTokens);
        }
        let caller = authenticator
            .authenticate(tokens.access_token.reveal())
            .await
            .map_err(|problem| SignInFailed::BadToken(problem.code))?;
        if caller.user_id != tokens.user_id {
            return Err(SignInFailed::OtherTokens);
        }
        self.meet(&caller).await?;
        let session = self.keep_login(tokens, comer.user_agent, comer.session).await?;
        Ok(Arrival { return_to: sign_in.return_to, session })
    }

    /// Keeps the device of new tokens; answers its cookie. What the browser had before is over.
    async fn keep_login(
        &self,
        tokens: Tokens,
        user_agent: String,
        earlier: Option<String>,
    ) -> Result<String, UserError> {
        let (cookie, now) = (self.ids().token(), self.now());
        let login = Login {
            id: self.ids().make(),
            user_id: tokens.user_id,
            token: TokenHash::of(&cookie),
            session_id: tokens.session_id,
            refresh_token: tokens.refresh_token.clone(),
            user_agent,
            created_at: now,
            last_seen_at: now,
        };
        let (id, user_id) = (login.id, login.user_id);
        let replaces = earlier.as_deref().map(TokenHash::of);
        let replaced = self.store().keep_login(login, replaces).await?;
        self.0.tokens.put(id, &tokens.access_token, tokens.expires_in, now).await;
        match replaced {
            // The same person again: at the provider both sessions hang on one sign-in of the
            // browser's, which must go on. The old one runs out unused.
            Some(old) if old.user_id == user_id => self.0.tokens.drop_login(old.id),
            Some(old) => self.end(old).await,
            None => {}
        }
        Ok(cookie)
    }

    /// The caller's signed-in devices, the latest used first.
    pub(crate) async fn sessions(&self, caller: &Caller) -> Result<Vec<Session>, UserError> {
        let since = before(self.now(), SESSION_TIME);
        let logins = self.store().logins(caller.user_id, since).await?;
        let sessions = logins.into_iter().map(|login| Session {
            current: caller.session_id == Some(login.session_id),
            id: login.id,
            user_agent: login.user_agent,
            created_at: login.created_at,
            last_seen_at: login.last_seen_at,
        });
        Ok(sessions.collect())
    }

    /// Signs one of the caller's devices out.
    pub(crate) async fn end_session(&self, caller: &Caller, id: LoginId) -> Result<(), UserError> {
        let (users, user_id) = (self.clone(), caller.user_id);
        to_the_end(async move {
            let ended = users.store().end_login(user_id, id).await?;
            users.end(ended.ok_or(UserError::SessionNotFound)?).await;
            Ok(())
        })
        .await
    }

    /// Signs out the browser that holds that cookie. That it is signed out already is no error.
    pub(crate) async fn sign_out(&self, cookie: Option<String>) -> Result<(), UserError> {
        let Some(cookie) = cookie else { return Ok(()) };
        let users = self.clone();
        to_the_end(async move {
            let ended = users.store().end_login_of(TokenHash::of(&cookie)).await?;
            if let Some(login) = ended {
                users.end(login).await;
            }
            Ok(())
        })
        .await
    }

    /// After a device was signed out here: its sockets are closed, and the provider ends its
    /// session.
    pub(super) async fn end(&self, login: Login) {
        self.0.tokens.drop_login(login.id);
        self.tell(Told::SessionEnded { session_id: login.session_id }).await;
        if let Err(error) = self.provider().end_session(&login.refresh_token).await {
            // The device holds nothing any more; the session runs out at the provider unused.
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                session_id = %login.session_id,
                "a session could not be ended at the identity provider"
            );
        }
        tracing::info!(user_id = %login.user_id, login_id = %login.id, "a device was signed out");
    }
}

/// That long before that moment.
pub(super) fn before(now: Timestamp, time: std::time::Duration) -> Timestamp {
    let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_sub(millis))
}

fn is_token(cookie: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    cookie.len() == TOKEN_CHARS && cookie.bytes().all(fits)
}

fn prompt(asked: Option<String>) -> Result<Option<String>, UserError> {
    match asked.as_deref() {
        None | Some("") => Ok(None),
        Some("create" | "login") => Ok(asked),
        Some(_) => Err(UserError::field("prompt", "must be `create` or `login`")),
    }
}

fn languages(asked: Option<String>) -> Result<Option<String>, UserError> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b' ';
    match asked {
        None => Ok(None),
        Some(tags) if tags.is_empty() => Ok(None),
        Some(tags) if tags.len() <= LANGUAGES_CHARS && tags.bytes().all(fits) => Ok(Some(tags)),
        Some(_) => Err(UserError::field("ui_locales", "must be language tags")),
    }
}
