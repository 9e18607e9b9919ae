//! Sessions: families of refresh tokens.
//!
//! A refresh token has two random parts: the family's, the same in all of a session's tokens, and
//! its own. A session keeps the hash of the family's part and of the own part of the one token
//! that is good. So a token of the family that is not the good one was used before: reuse is
//! recognised for ever without keeping every used token, and nobody who never held a token of the
//! family can end it.

use kernel::{SessionId, Timestamp, UserId};
use kit::sqlite::StoreError;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::{Store, accounts, millis, session_id, user_id};
use crate::issuer::crypto::{Hash, TokenHashes};

/// A session.
#[derive(Debug, Clone)]
pub(crate) struct SessionRow {
    pub(crate) id: SessionId,
    pub(crate) account_id: UserId,
    pub(crate) client_id: String,
    /// The browser's sign-in that it came from; programs have none.
    pub(crate) sign_in_id: Option<Uuid>,
    pub(crate) scope: String,
    pub(crate) auth_time: Timestamp,
    /// When it is over, however much it is used.
    pub(crate) expires_at: Timestamp,
}

/// The refresh token that is good from now on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FreshToken {
    pub(crate) hash: Hash,
    pub(crate) expires_at: Timestamp,
}

fn session(row: &Row<'_>) -> Result<SessionRow, rusqlite::Error> {
    Ok(SessionRow {
        id: session_id(row, "id")?,
        account_id: user_id(row, "account_id")?,
        client_id: row.get("client_id")?,
        sign_in_id: row.get("sign_in_id")?,
        scope: row.get("scope")?,
        auth_time: millis(row, "auth_time")?,
        expires_at: millis(row, "expires_at")?,
    })
}

pub(super) fn insert(
    connection: &Connection,
    session: &SessionRow,
    hashes: &TokenHashes,
    token_expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "INSERT INTO sessions (id, account_id, client_id, sign_in_id, scope, auth_time,
                 family_hash, token_hash, token_expires_at, created_at, expires_at)
             VALUES (:id, :account_id, :client_id, :sign_in_id, :scope, :auth_time,
                 :family_hash, :token_hash, :token_expires_at, :created_at, :expires_at)",
        )?
        .execute(named_params! {
            ":id": session.id.as_uuid(),
            ":account_id": session.account_id.as_uuid(),
            ":client_id": session.client_id,
            ":sign_in_id": session.sign_in_id,
            ":scope": session.scope,
            ":auth_time": session.auth_time.as_millis(),
            ":family_hash": hashes.family,
            ":token_hash": hashes.token,
            ":token_expires_at": token_expires_at.as_millis(),
            ":created_at": now.as_millis(),
            ":expires_at": session.expires_at.as_millis(),
        })
        .map(drop)
}

pub(super) fn end(
    connection: &Connection,
    id: SessionId,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL")?
        .execute((now.as_millis(), id.as_uuid()))
        .map(drop)
}

pub(super) fn end_of_account(
    connection: &Connection,
    id: UserId,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "UPDATE sessions SET ended_at = ? WHERE account_id = ? AND ended_at IS NULL",
        )?
        .execute((now.as_millis(), id.as_uuid()))
        .map(drop)
}

pub(super) fn end_of_sign_in(
    connection: &Connection,
    id: Uuid,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("UPDATE sign_ins SET ended_at = ? WHERE id = ? AND ended_at IS NULL")?
        .execute((now.as_millis(), id))?;
    connection
        .prepare_cached(
            "UPDATE sessions SET ended_at = ? WHERE sign_in_id = ? AND ended_at IS NULL",
        )?
        .execute((now.as_millis(), id))
        .map(drop)
}

impl Store {
    /// Begins the session of a person whose password was verified against `password_hash`. False
    /// when that is no longer their password.
    pub(crate) async fn create_session(
        &self,
        session: SessionRow,
        hashes: TokenHashes,
        token_expires_at: Timestamp,
        password_hash: String,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                if !accounts::has_password(connection, session.account_id, &password_hash)? {
                    return Ok(false);
                }
                insert(connection, &session, &hashes, token_expires_at, now)?;
                Ok(true)
            })
            .await
    }

    /// Replaces the good refresh token by a fresh one: by one statement, so that of many who try
    /// at once one succeeds. A token of the family that is not the good one ends the session.
    ///
    /// `client_id` is who asks; `None` for the program's own services.
    pub(crate) async fn rotate(
        &self,
        presented: TokenHashes,
        fresh: FreshToken,
        client_id: Option<String>,
        now: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                let rotated = connection
                    .prepare_cached(
                        "UPDATE sessions
                         SET token_hash = :fresh,
                             token_expires_at = min(:fresh_expires_at, expires_at)
                         WHERE family_hash = :family AND token_hash = :token
                             AND ended_at IS NULL AND token_expires_at > :now
                             AND expires_at > :now
                             AND (:client_id IS NULL OR client_id = :client_id)
                         RETURNING id, account_id, client_id, sign_in_id, scope, auth_time,
                             expires_at",
                    )?
                    .query_row(
                        named_params! {
                            ":fresh": fresh.hash,
                            ":fresh_expires_at": fresh.expires_at.as_millis(),
                            ":family": presented.family,
                            ":token": presented.token,
                            ":client_id": client_id,
                            ":now": now.as_millis(),
                        },
                        session,
                    )
                    .optional()?;
                if rotated.is_none() {
                    connection
                        .prepare_cached(
                            "UPDATE sessions SET ended_at = :now
                             WHERE family_hash = :family AND token_hash <> :token
                                 AND ended_at IS NULL",
                        )?
                        .execute(named_params! {
                            ":now": now.as_millis(),
                            ":family": presented.family,
                            ":token": presented.token,
                        })?;
                }
                Ok(rotated)
            })
            .await
    }

    /// The session that a refresh token belongs to, over or not.
    pub(crate) async fn session_of_token(
        &self,
        family: Hash,
    ) -> Result<Option<SessionRow>, StoreError> {
        self.database
            .readers
            .read(move |connection| {
                connection
                    .prepare_cached("SELECT * FROM sessions WHERE family_hash = ?")?
                    .query_row([family], session)
                    .optional()
            })
            .await
    }

    /// The session of that id, while it lasts.
    pub(crate) async fn session(
        &self,
        id: SessionId,
        now: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError> {
        self.database
            .readers
            .read(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT * FROM sessions
                         WHERE id = ? AND ended_at IS NULL AND expires_at > ?",
                    )?
                    .query_row((id.as_uuid(), now.as_millis()), session)
                    .optional()
            })
            .await
    }

    /// Ends a session, and with it the browser's sign-in that it came from.
    pub(crate) async fn sign_out(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                end(connection, id, now)?;
                let sign_in: Option<Option<Uuid>> = connection
                    .prepare_cached("SELECT sign_in_id FROM sessions WHERE id = ?")?
                    .query_row([id.as_uuid()], |row| row.get(0))
                    .optional()?;
                match sign_in.flatten() {
                    Some(sign_in) => end_of_sign_in(connection, sign_in, now),
                    None => Ok(()),
                }
            })
            .await
    }

    /// Ends a session alone.
    pub(crate) async fn end_session(
        &self,
        id: SessionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.database.writer.write(move |connection, ()| end(connection, id, now)).await
    }

    /// Sessions that ended and that nobody was told of, the first to end first.
    pub(crate) async fn untold(&self) -> Result<Vec<SessionId>, StoreError> {
        self.database
            .readers
            .read(|connection| {
                connection
                    .prepare_cached(
                        "SELECT id FROM sessions WHERE ended_at IS NOT NULL AND told_at IS NULL
                         ORDER BY ended_at LIMIT 500",
                    )?
                    .query_map([], |row| session_id(row, "id"))?
                    .collect()
            })
            .await
    }

    /// All were told that this session ended.
    pub(crate) async fn told(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                connection
                    .prepare_cached("UPDATE sessions SET told_at = ? WHERE id = ?")?
                    .execute((now.as_millis(), id.as_uuid()))
                    .map(drop)
            })
            .await
    }
}
