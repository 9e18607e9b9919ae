//! What is given for a password, a code, a refresh token: sessions and their tokens.

use std::{net::IpAddr, time::Duration};

use kernel::{Secret, SessionId, Timestamp};
use uuid::Uuid;

use super::{
    Embedded,
    crypto::{RefreshToken, sha256},
    keys::KeyError,
    store::{AccountRow, CodeRow, Exchange, FreshToken, SessionRow, SignInRow},
    tokens::ACCESS_SECONDS,
};
use crate::{GrantError, Tokens};

/// A code waits that long to be exchanged.
const CODE_LASTS: Duration = Duration::from_secs(60);
/// A refresh token that is not used for that long is over.
const SESSION_IDLE: Duration = Duration::from_secs(30 * 24 * 3_600);
/// A session is over after that long, however much it is used.
const SESSION_LASTS: Duration = Duration::from_secs(90 * 24 * 3_600);
/// A browser stays signed in here for that long.
pub(crate) const SIGN_IN_LASTS: Duration = Duration::from_secs(30 * 24 * 3_600);

/// What a client is given.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Secret,
    pub(crate) refresh_expires_in: u64,
    /// Where the scope holds `openid`.
    pub(crate) id_token: Option<Secret>,
    pub(crate) session: SessionRow,
    pub(crate) nonce: Option<String>,
}

impl From<Granted> for Tokens {
    fn from(granted: Granted) -> Self {
        Self {
            access_token: granted.access_token,
            refresh_token: granted.refresh_token,
            expires_in: u64::from(ACCESS_SECONDS),
            session_id: granted.session.id,
            user_id: granted.session.account_id,
            nonce: granted.nonce,
        }
    }
}

impl From<KeyError> for GrantError {
    fn from(error: KeyError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// What an authorization request asks a code for.
#[derive(Debug, Clone)]
pub(crate) struct CodeFor<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) challenge: [u8; 32],
    pub(crate) scope: &'a str,
    pub(crate) nonce: Option<&'a str>,
}

/// A code as a client presents it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Presented<'a> {
    pub(crate) code: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) client_id: &'a str,
}

impl Embedded {
    /// Remembers that this browser is signed in. Answers the sign-in and its cookie's value.
    pub(crate) async fn begin_sign_in(
        &self,
        row: &AccountRow,
    ) -> Result<(SignInRow, String), GrantError> {
        let now = self.ids.now();
        let cookie = self.ids.token();
        let sign_in = SignInRow {
            id: self.ids.make::<Uuid>(),
            account_id: row.account.id,
            auth_time: now,
            expires_at: now.plus(SIGN_IN_LASTS),
        };
        let verified = row.password_hash.clone().unwrap_or_default();
        let begun =
            self.store.create_sign_in(sign_in.clone(), sha256(cookie.as_bytes()), verified).await?;
        if begun { Ok((sign_in, cookie)) } else { Err(GrantError::InvalidCredentials) }
    }

    /// The sign-in of a browser's cookie, while it lasts.
    pub(crate) async fn sign_in_of(
        &self,
        cookie: Option<&str>,
    ) -> Result<Option<SignInRow>, GrantError> {
        match cookie {
            None => Ok(None),
            Some(cookie) => {
                Ok(self.store.sign_in(sha256(cookie.as_bytes()), self.ids.now()).await?)
            }
        }
    }

    /// A code for the person who is signed in.
    pub(crate) async fn give_code(
        &self,
        sign_in: &SignInRow,
        asked: CodeFor<'_>,
    ) -> Result<String, GrantError> {
        let code = self.ids.token();
        let row = CodeRow {
            hash: sha256(code.as_bytes()),
            client_id: asked.client_id.to_owned(),
            redirect_uri: asked.redirect_uri.to_owned(),
            challenge: asked.challenge,
            account_id: sign_in.account_id,
            sign_in_id: sign_in.id,
            scope: asked.scope.to_owned(),
            nonce: asked.nonce.map(str::to_owned),
            auth_time: sign_in.auth_time,
            expires_at: self.ids.now().plus(CODE_LASTS),
        };
        self.store.create_code(row).await?;
        Ok(code)
    }

    /// Trades a code for the tokens of a new session.
    pub(crate) async fn grant_code(&self, presented: Presented<'_>) -> Result<Granted, GrantError> {
        let now = self.ids.now();
        let refresh = RefreshToken::first(&self.ids);
        let exchange = Exchange {
            hash: sha256(presented.code.as_bytes()),
            client_id: presented.client_id.to_owned(),
            redirect_uri: presented.redirect_uri.to_owned(),
            challenge: sha256(presented.verifier.as_bytes()),
            session_id: self.ids.make::<SessionId>(),
            hashes: refresh.hashes,
            token_expires_at: now.plus(SESSION_IDLE),
            session_expires_at: now.plus(SESSION_LASTS),
        };
        let exchanged = self.store.exchange(exchange, now).await?;
        let Some(exchanged) = exchanged else {
            self.ended.notify_one();
            return Err(GrantError::SessionOver);
        };
        let row = self.holder(&exchanged.session).await?;
        self.granted(&row, exchanged.session, refresh, exchanged.nonce, now)
    }

    /// Trades a username and password for the tokens of a new session.
    pub(crate) async fn grant_password(
        &self,
        login: &str,
        password: &Secret,
        peer: IpAddr,
        client_id: &str,
        scope: &str,
    ) -> Result<Granted, GrantError> {
        let row = self.check_password(login, password, peer).await?;
        let now = self.ids.now();
        let refresh = RefreshToken::first(&self.ids);
        let session = SessionRow {
            id: self.ids.make::<SessionId>(),
            account_id: row.account.id,
            client_id: client_id.to_owned(),
            sign_in_id: None,
            scope: scope.to_owned(),
            auth_time: now,
            expires_at: now.plus(SESSION_LASTS),
        };
        let begun = self
            .store
            .create_session(
                session.clone(),
                refresh.hashes,
                now.plus(SESSION_IDLE),
                row.password_hash.clone().unwrap_or_default(),
                now,
            )
            .await?;
        if !begun {
            return Err(GrantError::InvalidCredentials);
        }
        self.granted(&row, session, refresh, None, now)
    }

    /// Trades a refresh token for the next tokens of its session. `client_id` is who asks; `None`
    /// for the program's own services.
    pub(crate) async fn grant_refresh(
        &self,
        refresh_token: &str,
        client_id: Option<&str>,
    ) -> Result<Granted, GrantError> {
        let now = self.ids.now();
        let presented = RefreshToken::parse(refresh_token).ok_or(GrantError::SessionOver)?;
        let next = presented.next(&self.ids);
        let fresh = FreshToken { hash: next.hashes.token, expires_at: now.plus(SESSION_IDLE) };
        let client_id = client_id.map(str::to_owned);
        let rotated = self.store.rotate(presented.hashes, fresh, client_id, now).await?;
        let Some(session) = rotated else {
            self.ended.notify_one();
            return Err(GrantError::SessionOver);
        };
        let row = self.holder(&session).await?;
        self.granted(&row, session, next, None, now)
    }

    /// An access token for a bot, who has no session. `None` when the secret is wrong.
    pub(crate) async fn grant_bot(
        &self,
        client_id: &str,
        secret: &str,
        scope: &str,
    ) -> Result<Option<Secret>, GrantError> {
        let Some(row) = self.bot(client_id, secret).await? else {
            return Ok(None);
        };
        let token = self.mint().access(&row, client_id, scope, None)?;
        Ok(Some(Secret::new(token)))
    }

    /// The bot of that client, if the secret is right.
    pub(crate) async fn bot(
        &self,
        client_id: &str,
        secret: &str,
    ) -> Result<Option<AccountRow>, GrantError> {
        // Hashes of 256 random bits are compared: their comparison's time tells nothing of use.
        let presented = sha256(secret.as_bytes());
        let bot = self.store.bot(client_id.to_owned()).await?;
        Ok(bot.and_then(|(row, stored)| (stored == presented).then_some(row)))
    }

    /// Ends the session of a refresh token, whichever of its tokens it is. `client_id` is who
    /// asks; `None` for the program's own services.
    pub(crate) async fn sign_out_token(
        &self,
        refresh_token: &str,
        client_id: Option<&str>,
    ) -> Result<(), GrantError> {
        let Some(presented) = RefreshToken::parse(refresh_token) else {
            return Ok(());
        };
        let session = self
            .store
            .session_of_token(presented.hashes.family)
            .await?
            .filter(|session| client_id.is_none_or(|id| id == session.client_id));
        match session {
            Some(session) => self.sign_out(session.id).await,
            None => Ok(()),
        }
    }

    /// Ends the session of a refresh or access token that a client gives back.
    pub(crate) async fn give_back(&self, token: &str, client_id: &str) -> Result<(), GrantError> {
        let of_refresh = match RefreshToken::parse(token) {
            Some(presented) => self
                .store
                .session_of_token(presented.hashes.family)
                .await?
                .map(|session| (session.id, session.client_id)),
            None => None,
        };
        let found = match of_refresh {
            Some(found) => Some(found),
            None => self.verifier.session_of(token).await,
        };
        if let Some((session_id, _)) = found.filter(|(_, of)| of == client_id) {
            self.store.end_session(session_id, self.ids.now()).await?;
            self.ended.notify_one();
        }
        Ok(())
    }

    /// Ends a session and the browser's sign-in behind it.
    pub(crate) async fn sign_out(&self, session_id: SessionId) -> Result<(), GrantError> {
        self.store.sign_out(session_id, self.ids.now()).await?;
        self.ended.notify_one();
        Ok(())
    }

    /// Ends a browser's sign-in and the sessions that came from it.
    pub(crate) async fn end_sign_in(&self, id: Uuid) -> Result<(), GrantError> {
        self.store.end_sign_in(id, self.ids.now()).await?;
        self.ended.notify_one();
        Ok(())
    }

    async fn holder(&self, session: &SessionRow) -> Result<AccountRow, GrantError> {
        self.store.account(session.account_id).await?.ok_or(GrantError::SessionOver)
    }

    fn granted(
        &self,
        row: &AccountRow,
        session: SessionRow,
        refresh: RefreshToken,
        nonce: Option<String>,
        now: Timestamp,
    ) -> Result<Granted, GrantError> {
        let mint = self.mint();
        let access_token =
            mint.access(row, &session.client_id, &session.scope, Some(session.id))?;
        let wants_id = session.scope.split(' ').any(|scope| scope == "openid");
        let id_token = wants_id
            .then(|| mint.id(row, &session, &access_token, nonce.as_deref()))
            .transpose()?;
        let idle = now.plus(SESSION_IDLE).min(session.expires_at).since(now);
        Ok(Granted {
            access_token: Secret::new(access_token),
            refresh_token: refresh.text,
            refresh_expires_in: idle.as_secs(),
            id_token: id_token.map(Secret::new),
            session,
            nonce,
        })
    }
}
