//! Migrations: numbered scripts, each run once, in one transaction.

use rusqlite::Connection;

/// A step of a schema: SQL that is never changed once it is released.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// What it does, in a few words.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

/// Brings the schema up to the last of the migrations. `user_version` counts those done.
pub(super) fn migrate(
    connection: &mut Connection,
    migrations: &[Migration],
) -> Result<(), MigrateError> {
    let done: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = done as usize;
    if done > migrations.len() {
        return Err(MigrateError::TooNew { done, known: migrations.len() });
    }
    for (index, migration) in migrations.iter().enumerate().skip(done) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration.sql)?;
        transaction.pragma_update(
            None,
            "user_version",
            u32::try_from(index + 1).unwrap_or(u32::MAX),
        )?;
        transaction.commit()?;
        tracing::debug!(name = migration.name, "migrated");
    }
    Ok(())
}

/// The schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer version of Thread wrote this file.
    #[error("the file was written by a newer version (schema {done}, this version knows {known})")]
    TooNew {
        /// Migrations done to the file.
        done: usize,
        /// Migrations that this version has.
        known: usize,
    },
    /// A statement failed.
    #[error("a migration failed")]
    Sql(#[from] rusqlite::Error),
}
