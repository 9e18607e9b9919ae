//! The issuer's store: `identity.db` in the data directory. SQL is here and nowhere else.
//!
//! One method is one atomic change. The file holds private keys, so it is readable by its owner
//! only. Passwords and tokens are kept as hashes.

mod accounts;
mod codes;
mod keys;
mod sessions;
mod sign_ins;

use std::{
    io,
    path::{Path, PathBuf},
};

use kernel::{SessionId, Timestamp, UserId};
use kit::sqlite::{Database, Migration};
use rusqlite::{Connection, Row};
use uuid::Uuid;

use super::crypto::Hash;
use crate::Account;

pub(crate) use accounts::{AccountRow, Created, NewRow, RoleChange};
pub(crate) use codes::{CodeRow, Exchange};
pub(crate) use keys::{KeyRow, first as first_keys};
pub(crate) use sessions::{FreshToken, SessionRow};
pub(crate) use sign_ins::SignInRow;

const MIGRATIONS: &[Migration] =
    &[Migration { name: "accounts, sessions, keys", sql: include_str!("schema.sql") }];

/// The issuer's store.
pub(crate) struct Store {
    database: Database,
}

impl Store {
    /// Opens the store in that directory. `first` runs before anything else does.
    pub(crate) fn open(
        data_dir: &Path,
        first: impl FnOnce(&Connection) -> Result<(), rusqlite::Error>,
    ) -> Result<Self, StoreOpenError> {
        std::fs::create_dir_all(data_dir)
            .map_err(|source| StoreOpenError::File { path: data_dir.to_owned(), source })?;
        let path = data_dir.join("identity.db");
        keep_private(&path)
            .map_err(|source| StoreOpenError::File { path: path.clone(), source })?;
        let database = Database::open(&path, MIGRATIONS, first)?;
        Ok(Self { database })
    }

    /// Whether the file can be read.
    pub(crate) async fn check(&self) -> Result<(), kit::sqlite::StoreError> {
        self.database
            .readers
            .read(|connection| connection.query_row("SELECT 1", [], |_| Ok(())))
            .await
    }
}

/// The store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreOpenError {
    /// The file can't be made, or made private.
    #[error("{path} can't be made")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database refused.
    #[error(transparent)]
    Database(#[from] kit::sqlite::OpenError),
}

/// Makes the file with mode 0600, or takes others' rights away. SQLite gives the files beside it
/// (the WAL) the same mode.
fn keep_private(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        options.mode(0o600);
        let file = options.open(path)?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))
    }
    #[cfg(not(unix))]
    options.open(path).map(drop)
}

fn millis(row: &Row<'_>, column: &str) -> Result<Timestamp, rusqlite::Error> {
    row.get(column).map(Timestamp::from_millis)
}

fn user_id(row: &Row<'_>, column: &str) -> Result<UserId, rusqlite::Error> {
    row.get::<_, Uuid>(column).map(UserId::from_uuid)
}

fn session_id(row: &Row<'_>, column: &str) -> Result<SessionId, rusqlite::Error> {
    row.get::<_, Uuid>(column).map(SessionId::from_uuid)
}

fn hash(row: &Row<'_>, column: &str) -> Result<Hash, rusqlite::Error> {
    row.get(column)
}

fn account(row: &Row<'_>) -> Result<Account, rusqlite::Error> {
    let roles: String = row.get("roles")?;
    Ok(Account {
        id: user_id(row, "id")?,
        username: row.get("username")?,
        email: row.get::<_, Option<String>>("email")?.unwrap_or_default(),
        name: row.get("name")?,
        roles: roles.split_whitespace().map(str::to_owned).collect(),
        created_at: millis(row, "created_at")?,
    })
}
