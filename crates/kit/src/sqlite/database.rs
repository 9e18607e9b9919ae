//! Opening a database file.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{
    Readers, Writer,
    checkpoint::Checkpoints,
    migrate::{MigrateError, Migration, migrate},
    writer::Batch,
};

/// The oldest SQLite without the WAL-reset corruption (3.7.0 to 3.51.2 have it).
const OLDEST: i32 = 3_051_003;

/// A database file with its writer and readers. Dropping it ends the writer's thread after what
/// is queued.
pub struct Database<S: Batch = ()> {
    /// Writes.
    pub writer: Writer<S>,
    /// Reads.
    pub readers: Readers,
    _checkpoints: Checkpoints,
}

impl<S: Batch> Database<S> {
    /// Opens or creates the file, brings its schema up to date and starts the writer.
    ///
    /// # Errors
    /// The file can't be opened, is newer than this version, or SQLite is too old.
    pub fn open(
        path: &Path,
        migrations: &[Migration],
        state: impl FnOnce(&Connection) -> Result<S, rusqlite::Error>,
    ) -> Result<Self, OpenError> {
        let fail = |source| OpenError::Sqlite { path: path.to_owned(), source };
        if rusqlite::version_number() < OLDEST {
            return Err(OpenError::OldSqlite { version: rusqlite::version() });
        }
        let mut connection = Connection::open(path).map_err(fail)?;
        configure_writer(&connection).map_err(fail)?;
        migrate(&mut connection, migrations)
            .map_err(|source| OpenError::Migrate { path: path.to_owned(), source })?;
        let state = state(&connection).map_err(fail)?;
        let readers = Readers::open(path, reader_count()).map_err(fail)?;
        let checkpoints = Checkpoints::start(path)
            .map_err(|source| OpenError::Thread { path: path.to_owned(), source })?;
        let writer = Writer::start(path, connection, state)
            .map_err(|source| OpenError::Thread { path: path.to_owned(), source })?;
        Ok(Self { writer, readers, _checkpoints: checkpoints })
    }
}

fn reader_count() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(2, 8)
}

fn configure_writer(connection: &Connection) -> Result<(), rusqlite::Error> {
    // FULL: a commit has reached the disk before it is acknowledged, power loss included. The
    // checkpointer's thread empties the WAL; the writer does so itself only far beyond that. The
    // size limit is above what starts a checkpoint: the WAL is written over, not cut off and grown
    // anew.
    connection.execute_batch(
        "PRAGMA page_size = 4096;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA busy_timeout = 5000;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -32768;
         PRAGMA wal_autocheckpoint = 100000;
         PRAGMA journal_size_limit = 268435456;",
    )?;
    keep_plans(connection)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Opens a connection that can only read.
pub(super) fn open_reader(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch(
        "PRAGMA busy_timeout = 5000;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -8192;
         PRAGMA mmap_size = 268435456;
         PRAGMA query_only = ON;",
    )?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Keeps prepared statements prepared. Without this SQLite compiles a statement anew whenever a
/// bound value that it compared with a partial index has changed: five times the cost of a chat
/// in the list of chats.
fn keep_plans(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(|_| ())
}

/// The file could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The SQLite built in has a bug that loses data.
    #[error("SQLite {version} is too old: at least 3.51.3 is needed")]
    OldSqlite {
        /// Its version.
        version: &'static str,
    },
    /// SQLite refused.
    #[error("{path} can't be opened")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The schema could not be brought up to date.
    #[error("{path} can't be brought up to date")]
    Migrate {
        /// The file.
        path: PathBuf,
        /// Why.
        source: MigrateError,
    },
    /// No thread could be started.
    #[error("no thread could be started for {path}")]
    Thread {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
