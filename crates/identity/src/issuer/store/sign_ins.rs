//! Browsers that are signed in here.

use kernel::{Timestamp, UserId};
use kit::sqlite::StoreError;
use rusqlite::{OptionalExtension, named_params};
use uuid::Uuid;

use super::{Store, accounts, millis, sessions, user_id};
use crate::issuer::crypto::Hash;

/// A browser that is signed in here.
#[derive(Debug, Clone)]
pub(crate) struct SignInRow {
    pub(crate) id: Uuid,
    pub(crate) account_id: UserId,
    pub(crate) auth_time: Timestamp,
    pub(crate) expires_at: Timestamp,
}

impl Store {
    /// Remembers, by the hash of its cookie, the browser of a person whose password was verified
    /// against `password_hash`. False when that is no longer their password.
    pub(crate) async fn create_sign_in(
        &self,
        row: SignInRow,
        cookie_hash: Hash,
        password_hash: String,
    ) -> Result<bool, StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                if !accounts::has_password(connection, row.account_id, &password_hash)? {
                    return Ok(false);
                }
                connection
                    .prepare_cached(
                        "INSERT INTO sign_ins (id, cookie_hash, account_id, auth_time, expires_at)
                         VALUES (?, ?, ?, ?, ?)",
                    )?
                    .execute((
                        row.id,
                        cookie_hash,
                        row.account_id.as_uuid(),
                        row.auth_time.as_millis(),
                        row.expires_at.as_millis(),
                    ))?;
                Ok(true)
            })
            .await
    }

    /// The sign-in of that cookie, while it lasts.
    pub(crate) async fn sign_in(
        &self,
        cookie_hash: Hash,
        now: Timestamp,
    ) -> Result<Option<SignInRow>, StoreError> {
        self.database
            .readers
            .read(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT id, account_id, auth_time, expires_at FROM sign_ins
                         WHERE cookie_hash = ? AND ended_at IS NULL AND expires_at > ?",
                    )?
                    .query_row((cookie_hash, now.as_millis()), |row| {
                        Ok(SignInRow {
                            id: row.get("id")?,
                            account_id: user_id(row, "account_id")?,
                            auth_time: millis(row, "auth_time")?,
                            expires_at: millis(row, "expires_at")?,
                        })
                    })
                    .optional()
            })
            .await
    }

    /// Ends a browser's sign-in with every session that came from it.
    pub(crate) async fn end_sign_in(&self, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        self.database
            .writer
            .write(move |connection, ()| sessions::end_of_sign_in(connection, id, now))
            .await
    }

    /// Forgets what nobody will ask for again.
    pub(crate) async fn forget(&self, before: Timestamp) -> Result<(), StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                for statement in [
                    "DELETE FROM codes WHERE expires_at < :before",
                    "DELETE FROM sessions WHERE told_at < :before",
                    // One that ended is still to be told of.
                    "DELETE FROM sessions WHERE ended_at IS NULL
                         AND (token_expires_at < :before OR expires_at < :before)",
                    "DELETE FROM sign_ins WHERE (ended_at < :before OR expires_at < :before)
                         AND id NOT IN (SELECT sign_in_id FROM codes)",
                    "DELETE FROM signing_keys WHERE retired_at < :before",
                ] {
                    connection
                        .prepare_cached(statement)?
                        .execute(named_params! { ":before": before.as_millis() })?;
                }
                Ok(())
            })
            .await
    }
}
