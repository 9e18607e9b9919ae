//! Authorization codes.

use kernel::{SessionId, Timestamp, UserId};
use kit::sqlite::StoreError;
use rusqlite::{Connection, OptionalExtension, named_params};
use uuid::Uuid;

use super::{SessionRow, Store, hash, millis, sessions, user_id};
use crate::issuer::crypto::{Hash, TokenHashes};

/// A code to be stored: what an authorization request was granted.
#[derive(Debug, Clone)]
pub(crate) struct CodeRow {
    pub(crate) hash: Hash,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    /// SHA-256 of the code verifier.
    pub(crate) challenge: Hash,
    pub(crate) account_id: UserId,
    pub(crate) sign_in_id: Uuid,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    pub(crate) auth_time: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// Who presents a code, and the session to begin where all is well.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) hash: Hash,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Hash,
    pub(crate) session_id: SessionId,
    pub(crate) hashes: TokenHashes,
    pub(crate) token_expires_at: Timestamp,
    pub(crate) session_expires_at: Timestamp,
}

/// A session that began, and the request's nonce.
#[derive(Debug, Clone)]
pub(crate) struct Exchanged {
    pub(crate) session: SessionRow,
    pub(crate) nonce: Option<String>,
}

impl Store {
    /// Stores a code.
    pub(crate) async fn create_code(&self, code: CodeRow) -> Result<(), StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                connection
                    .prepare_cached(
                        "INSERT INTO codes (hash, client_id, redirect_uri, challenge, account_id,
                             sign_in_id, scope, nonce, auth_time, expires_at)
                         VALUES (:hash, :client_id, :redirect_uri, :challenge, :account_id,
                             :sign_in_id, :scope, :nonce, :auth_time, :expires_at)",
                    )?
                    .execute(named_params! {
                        ":hash": code.hash,
                        ":client_id": code.client_id,
                        ":redirect_uri": code.redirect_uri,
                        ":challenge": code.challenge,
                        ":account_id": code.account_id.as_uuid(),
                        ":sign_in_id": code.sign_in_id,
                        ":scope": code.scope,
                        ":nonce": code.nonce,
                        ":auth_time": code.auth_time.as_millis(),
                        ":expires_at": code.expires_at.as_millis(),
                    })
                    .map(drop)
            })
            .await
    }

    /// Uses a code up and begins its session. Whoever presents a code uses it up, rightly or not;
    /// a second time ends the session that the first began.
    pub(crate) async fn exchange(
        &self,
        exchange: Exchange,
        now: Timestamp,
    ) -> Result<Option<Exchanged>, StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                let Some(code) = use_up(connection, exchange.hash, now)? else {
                    end_replayed(connection, exchange.hash, now)?;
                    return Ok(None);
                };
                // The comparison need not be in constant time: what is compared are hashes and
                // public values, and the code is gone whatever comes out.
                let good = code.expires_at > now
                    && code.client_id == exchange.client_id
                    && code.redirect_uri == exchange.redirect_uri
                    && code.challenge == exchange.challenge
                    && sign_in_lasts(connection, code.sign_in_id)?;
                if !good {
                    return Ok(None);
                }
                let session = SessionRow {
                    id: exchange.session_id,
                    account_id: code.account_id,
                    client_id: code.client_id,
                    sign_in_id: Some(code.sign_in_id),
                    scope: code.scope,
                    auth_time: code.auth_time,
                    expires_at: exchange.session_expires_at,
                };
                sessions::insert(
                    connection,
                    &session,
                    &exchange.hashes,
                    exchange.token_expires_at,
                    now,
                )?;
                connection
                    .prepare_cached("UPDATE codes SET session_id = ? WHERE hash = ?")?
                    .execute((exchange.session_id.as_uuid(), exchange.hash))?;
                Ok(Some(Exchanged { session, nonce: code.nonce }))
            })
            .await
    }
}

fn use_up(
    connection: &Connection,
    code: Hash,
    now: Timestamp,
) -> Result<Option<CodeRow>, rusqlite::Error> {
    connection
        .prepare_cached(
            "UPDATE codes SET used_at = ? WHERE hash = ? AND used_at IS NULL
             RETURNING hash, client_id, redirect_uri, challenge, account_id, sign_in_id, scope,
                 nonce, auth_time, expires_at",
        )?
        .query_row((now.as_millis(), code), |row| {
            Ok(CodeRow {
                hash: hash(row, "hash")?,
                client_id: row.get("client_id")?,
                redirect_uri: row.get("redirect_uri")?,
                challenge: hash(row, "challenge")?,
                account_id: user_id(row, "account_id")?,
                sign_in_id: row.get("sign_in_id")?,
                scope: row.get("scope")?,
                nonce: row.get("nonce")?,
                auth_time: millis(row, "auth_time")?,
                expires_at: millis(row, "expires_at")?,
            })
        })
        .optional()
}

fn end_replayed(
    connection: &Connection,
    code: Hash,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    let session: Option<Option<Uuid>> = connection
        .prepare_cached("SELECT session_id FROM codes WHERE hash = ?")?
        .query_row([code], |row| row.get(0))
        .optional()?;
    match session.flatten() {
        Some(id) => sessions::end(connection, SessionId::from_uuid(id), now),
        None => Ok(()),
    }
}

/// A password changed, or the browser signed out, since the code was given.
fn sign_in_lasts(connection: &Connection, id: Uuid) -> Result<bool, rusqlite::Error> {
    connection
        .prepare_cached("SELECT 1 FROM sign_ins WHERE id = ? AND ended_at IS NULL")?
        .exists([id])
}
