//! What the rest of Thread needs of an identity provider: a port. The embedded issuer is one
//! adapter; Keycloak is another.

use std::net::IpAddr;

use api::{ErrorCode, FieldError, Problem};
use futures::future::BoxFuture;
use kernel::{Secret, SessionId, Timestamp, UserId};

/// Why something else failed, for logs.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The identity provider, as user-service sees it.
pub trait Provider: Send + Sync + 'static {
    /// Creates an account. The first one of an empty installation administers it.
    fn register(&self, account: NewAccount) -> BoxFuture<'_, Result<Account, RegisterError>>;

    /// Signs a program in by username or e-mail and password.
    fn password_grant<'a>(
        &'a self,
        login: &'a str,
        password: &'a Secret,
        peer: IpAddr,
    ) -> BoxFuture<'a, Result<Tokens, GrantError>>;

    /// Trades a refresh token for new tokens. The old one is used up; using it again ends the
    /// session.
    fn refresh<'a>(
        &'a self,
        refresh_token: &'a Secret,
    ) -> BoxFuture<'a, Result<Tokens, GrantError>>;

    /// Trades the code of an authorization for tokens, as the web app's client.
    fn exchange_code<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<Tokens, GrantError>>;

    /// Ends the session of a refresh token, and the browser's sign-in behind it. One that is over
    /// already is no error.
    fn end_session<'a>(
        &'a self,
        refresh_token: &'a Secret,
    ) -> BoxFuture<'a, Result<(), GrantError>>;

    /// Where a browser is sent to sign in for the web app's client.
    fn authorization_url(&self, request: AuthorizationRequest<'_>) -> String;

    /// Whether the provider answers; the error is a sentence for the operator.
    fn check(&self) -> BoxFuture<'_, Result<(), String>>;
}

/// An account to be created.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The username, in any case.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// The name shown to others; the username when nothing is said.
    pub display_name: Option<String>,
    /// The language, such as `pt-BR`.
    pub locale: Option<String>,
}

/// An account at the identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The person, in tokens (`sub`) and in every service.
    pub id: UserId,
    /// The username, in lower case.
    pub username: String,
    /// The e-mail address, in lower case.
    pub email: String,
    /// The name shown to others.
    pub name: String,
    /// `admin`, `member`.
    pub roles: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A code to be traded for tokens.
#[derive(Debug, Clone)]
pub struct CodeExchange<'a> {
    /// The code that came back with the browser.
    pub code: &'a Secret,
    /// The verifier whose challenge went out with the browser.
    pub code_verifier: &'a Secret,
    /// The redirect URI of the authorization request.
    pub redirect_uri: &'a str,
}

/// What an authorization URL is made of.
#[derive(Debug, Clone, Copy)]
pub struct AuthorizationRequest<'a> {
    /// Comes back with the code.
    pub state: &'a str,
    /// Comes back in the tokens ([`Tokens::nonce`]).
    pub nonce: &'a str,
    /// SHA-256 of the code verifier, in URL-safe base64 (PKCE, S256).
    pub code_challenge: &'a str,
    /// Where the browser comes back to.
    pub redirect_uri: &'a str,
    /// `login` asks for the password again, `create` shows the sign-up page.
    pub prompt: Option<&'a str>,
    /// The languages of the pages, best first, separated by spaces.
    pub ui_locales: Option<&'a str>,
}

/// The tokens of a session.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The access token, a JWT.
    pub access_token: Secret,
    /// The refresh token, good for one use.
    pub refresh_token: Secret,
    /// Seconds until the access token runs out.
    pub expires_in: u64,
    /// The session at the identity provider (`sid`).
    pub session_id: SessionId,
    /// Whose tokens they are (`sub`).
    pub user_id: UserId,
    /// The nonce of the authorization request, where a code was exchanged.
    pub nonce: Option<String>,
}

/// An account was not created.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The username belongs to somebody.
    #[error("the username is taken")]
    UsernameTaken,
    /// The e-mail address belongs to somebody.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// Some fields are not allowed: `username`, `email`, `password`, `display_name`.
    #[error("some values are not allowed")]
    Invalid(Vec<FieldError>),
    /// Too many from there.
    #[error("too many sign-ups")]
    RateLimited {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The provider can't be asked.
    #[error("the identity provider is not available")]
    Unavailable(#[source] Cause),
}

/// Tokens were not given.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The username, e-mail or password is wrong; which one is not told.
    #[error("the username or password is wrong")]
    InvalidCredentials,
    /// The refresh token or code is unknown, used up, run out or revoked.
    #[error("the session is over")]
    SessionOver,
    /// Too many attempts.
    #[error("too many attempts")]
    RateLimited {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The provider can't be asked.
    #[error("the identity provider is not available")]
    Unavailable(#[source] Cause),
}

/// Seconds after which to ask an absent provider again.
const COME_BACK: u64 = 5;

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::UsernameTaken => ErrorCode::UsernameTaken.into(),
            RegisterError::EmailTaken => ErrorCode::EmailTaken.into(),
            RegisterError::Invalid(errors) => Self::invalid(errors),
            RegisterError::RateLimited { retry_after } => {
                Self::new(ErrorCode::RateLimited).retry_after(retry_after)
            }
            RegisterError::Unavailable(cause) => unavailable(cause.as_ref()),
        }
    }
}

impl From<GrantError> for Problem {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::InvalidCredentials => ErrorCode::InvalidCredentials.into(),
            GrantError::SessionOver => ErrorCode::SessionOver.into(),
            GrantError::RateLimited { retry_after } => {
                Self::new(ErrorCode::RateLimited).retry_after(retry_after)
            }
            GrantError::Unavailable(cause) => unavailable(cause.as_ref()),
        }
    }
}

fn unavailable(cause: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::error!(error = cause, "the identity provider does not answer");
    Problem::new(ErrorCode::Unavailable).retry_after(COME_BACK)
}
