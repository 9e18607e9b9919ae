//! The store in a SQLite file.

mod blocks;
mod connections;
mod logins;
mod notifications;
mod people;
mod row;
mod schema;
mod search;

use std::{path::Path, sync::Arc};

use futures::future::BoxFuture;
use kit::sqlite::{Database, OpenError, StoreError as SqliteError};
use rusqlite::Connection;

use super::{Answer, Store, StoreError};

/// The name of the file in the data directory.
pub const FILE_NAME: &str = "users.db";

/// The store in a SQLite file. Clones share it.
#[derive(Clone)]
pub struct SqliteStore(Arc<Database>);

impl SqliteStore {
    /// Opens the store of a data directory, or creates it.
    ///
    /// # Errors
    /// The file can't be opened, or was written by a newer version.
    pub fn open(data_dir: &Path) -> Result<Self, OpenError> {
        let path = data_dir.join(FILE_NAME);
        let database = Database::open(&path, schema::MIGRATIONS, |_| Ok(()))?;
        Ok(Self(Arc::new(database)))
    }

    /// One atomic change. `work` may be run twice: see [`kit::sqlite::Writer::write`].
    fn write<R, F>(&self, mut work: F) -> Answer<'_, R>
    where
        R: Send + 'static,
        F: FnMut(&Connection) -> Result<R, rusqlite::Error> + Send + 'static,
    {
        Box::pin(async move {
            let done = self.0.writer.write(move |connection, ()| work(connection));
            Ok(done.await?)
        })
    }

    /// One consistent read.
    fn read<R, F>(&self, work: F) -> Answer<'_, R>
    where
        R: Send + 'static,
        F: FnOnce(&Connection) -> Result<R, rusqlite::Error> + Send + 'static,
    {
        Box::pin(async move { Ok(self.0.readers.read(work).await?) })
    }
}

impl Store for SqliteStore {
    fn check(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async move {
            self.read(|connection| {
                connection.prepare_cached("SELECT 1 FROM person LIMIT 1")?.exists([])
            })
            .await
            .map(drop)
            .map_err(|_| format!("{FILE_NAME} can't be read"))
        })
    }
}

impl From<SqliteError> for StoreError {
    fn from(error: SqliteError) -> Self {
        match error {
            SqliteError::Busy | SqliteError::Stopped | SqliteError::Full => {
                Self::Unavailable(Box::new(error))
            }
            SqliteError::Sqlite(_) => Self::Failed(Box::new(error)),
        }
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
