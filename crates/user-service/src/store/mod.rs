//! What is kept: a port. One method is one atomic change or one consistent read; a refusal is an
//! answer, an error means that nothing was changed.

mod connections;
mod logins;
mod notifications;
mod people;
pub mod sqlite;

#[cfg(test)]
mod laws;

use futures::future::BoxFuture;

pub use connections::{Blocks, ConnectionChanged, Connections, Ids as ConnectionIds};
pub use logins::Logins;
pub use notifications::{NoticeChange, Notifications, Notified, Reading};
pub use people::{People, Updated};

/// Everything that user-service keeps.
pub trait Store: People + Connections + Notifications + Logins {
    /// Whether it answers; the error is a sentence for the operator.
    fn check(&self) -> BoxFuture<'_, Result<(), String>>;
}

/// The answer of a store.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// A store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is overloaded, full or away; the same again may work later.
    #[error("the store is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It refused, which is a fault of ours.
    #[error("the store failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
