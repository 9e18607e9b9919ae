//! Why something was not done, and the one place where that becomes an answer.

use api::{ErrorCode, FieldError, Problem};
use identity::{GrantError, RegisterError};
use kit::http::Failure;

use crate::{domain::connection::Refusal, store::StoreError};

/// Seconds after which an overloaded store may be asked again.
const COME_BACK: u64 = 2;

/// Something was not done.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// No such person, or they are hidden from who asks.
    #[error("there is no such person")]
    UserNotFound,
    /// No such signed-in device of who asks.
    #[error("there is no such signed-in device")]
    SessionNotFound,
    /// The session is over.
    #[error("the session is over")]
    SessionOver,
    /// Known, but not allowed.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// The request comes from a page of another origin.
    #[error("the request comes from a page of another origin")]
    ForeignOrigin,
    /// The request can't be read.
    #[error("the request can't be read: {0}")]
    Malformed(&'static str),
    /// Some values break a rule.
    #[error("some values are not allowed")]
    Invalid(Vec<FieldError>),
    /// Too often.
    #[error("too often")]
    RateLimited {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// A step between two people that is not to be taken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The identity provider created no account.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The identity provider gave no tokens.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The program is ending; whether it was done is unknown.
    #[error("the program is ending")]
    Ending,
}

impl UserError {
    /// One field breaks a rule.
    pub(crate) fn field(field: &str, message: &str) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }
}

impl From<UserError> for Problem {
    fn from(error: UserError) -> Self {
        match error {
            UserError::UserNotFound => ErrorCode::UserNotFound.into(),
            UserError::SessionNotFound => ErrorCode::SessionNotFound.into(),
            UserError::SessionOver => ErrorCode::SessionOver.into(),
            UserError::Forbidden(why) => Self::new(ErrorCode::Forbidden).detail(why),
            UserError::ForeignOrigin => ErrorCode::ForeignOrigin.into(),
            UserError::Malformed(what) => Self::new(ErrorCode::Malformed).detail(what),
            UserError::Invalid(errors) => Self::invalid(errors),
            UserError::RateLimited { retry_after } => {
                Self::new(ErrorCode::RateLimited).retry_after(retry_after)
            }
            UserError::Refused(refusal) => refused(refusal),
            UserError::Register(error) => error.into(),
            UserError::Grant(error) => error.into(),
            UserError::Store(error) => store_failed(&error),
            UserError::Ending => Self::new(ErrorCode::Unavailable).retry_after(COME_BACK),
        }
    }
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Oneself => Problem::invalid_field("user_id", "must be somebody else"),
        Refusal::NoSuchPerson => ErrorCode::UserNotFound.into(),
        Refusal::Blocking => {
            Problem::new(ErrorCode::Forbidden).detail("you have blocked this person")
        }
        Refusal::AlreadyConnected => ErrorCode::AlreadyConnected.into(),
        Refusal::NoSuchConnection => ErrorCode::ConnectionNotFound.into(),
        Refusal::NotAsked => {
            Problem::new(ErrorCode::Forbidden).detail("only the person who was asked can answer")
        }
        Refusal::AlreadyAnswered => ErrorCode::AlreadyAnswered.into(),
    }
}

fn store_failed(error: &StoreError) -> Problem {
    match error {
        StoreError::Unavailable(cause) => {
            tracing::warn!(
                error = cause.as_ref() as &dyn std::error::Error,
                "the store is not available"
            );
            Problem::new(ErrorCode::Unavailable).retry_after(COME_BACK)
        }
        StoreError::Failed(cause) => {
            tracing::error!(error = cause.as_ref() as &dyn std::error::Error, "the store failed");
            ErrorCode::Internal.into()
        }
    }
}

impl From<UserError> for Failure {
    fn from(error: UserError) -> Self {
        Problem::from(error).into()
    }
}
