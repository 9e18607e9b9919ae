//! How a store fails, whichever engine it stands on.

use std::error::Error;

/// The store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreFailure {
    /// More is waiting than can be served; nothing was written.
    #[error("the store is busy")]
    Busy,
    /// There is no room left; nothing was written.
    #[error("the store is full")]
    Full,
    /// It is ending or away; whether it was written is unknown.
    #[error("the store has stopped")]
    Stopped,
    /// It refused; nothing was written.
    #[error("the store refused")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
}

impl From<kit::sqlite::StoreError> for StoreFailure {
    fn from(error: kit::sqlite::StoreError) -> Self {
        match error {
            kit::sqlite::StoreError::Busy => Self::Busy,
            kit::sqlite::StoreError::Full => Self::Full,
            kit::sqlite::StoreError::Stopped => Self::Stopped,
            error @ kit::sqlite::StoreError::Sqlite(_) => Self::Broken(Box::new(error)),
        }
    }
}
