//! Sign-ins and signed-in devices.

use kernel::{LoginId, Secret, SessionId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{
    SqliteStore,
    row::{id, time},
};
use crate::{
    domain::sign_in::{Login, SignIn, TokenHash},
    store::{Answer, Logins},
};

const LOGIN: &str =
    "id, user_id, token, session_id, refresh_token, user_agent, created_at, last_seen_at";

impl Logins for SqliteStore {
    fn start_sign_in(&self, sign_in: SignIn, stale: Timestamp) -> Answer<'_, ()> {
        self.write(move |connection| {
            connection
                .prepare_cached("DELETE FROM sign_in WHERE created_at < ?")?
                .execute([stale.as_millis()])?;
            connection
                .prepare_cached(
                    "INSERT INTO sign_in (state, browser, nonce, verifier, return_to, created_at) \
                     VALUES (?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    sign_in.state,
                    sign_in.browser.0,
                    sign_in.nonce,
                    sign_in.verifier.reveal(),
                    sign_in.return_to,
                    sign_in.created_at.as_millis()
                ])?;
            Ok(())
        })
    }

    fn take_sign_in(
        &self,
        state: String,
        browser: TokenHash,
        since: Timestamp,
    ) -> Answer<'_, Option<SignIn>> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "DELETE FROM sign_in WHERE state = ? AND browser = ? AND created_at > ? \
                     RETURNING state, browser, nonce, verifier, return_to, created_at",
                )?
                .query_row(params![state, browser.0, since.as_millis()], |row| {
                    Ok(SignIn {
                        state: row.get(0)?,
                        browser: TokenHash(row.get(1)?),
                        nonce: row.get(2)?,
                        verifier: Secret::new(row.get::<_, String>(3)?),
                        return_to: row.get(4)?,
                        created_at: time(row, 5)?,
                    })
                })
                .optional()
        })
    }

    fn keep_login(&self, login: Login, replaces: Option<TokenHash>) -> Answer<'_, Option<Login>> {
        self.write(move |connection| {
            let replaced = match replaces {
                Some(token) => remove(connection, token)?,
                None => None,
            };
            connection
                .prepare_cached(&format!(
                    "INSERT INTO login ({LOGIN}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                ))?
                .execute(params![
                    login.id.as_uuid(),
                    login.user_id.as_uuid(),
                    login.token.0,
                    login.session_id.as_uuid(),
                    login.refresh_token.reveal(),
                    login.user_agent,
                    login.created_at.as_millis(),
                    login.last_seen_at.as_millis()
                ])?;
            Ok(replaced)
        })
    }

    fn login(&self, token: TokenHash, since: Timestamp) -> Answer<'_, Option<Login>> {
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {LOGIN} FROM login WHERE token = ? AND last_seen_at > ?"
                ))?
                .query_row(params![token.0, since.as_millis()], read_login)
                .optional()
        })
    }

    fn renew_login(
        &self,
        id: LoginId,
        refresh_token: Secret,
        session_id: SessionId,
        at: Timestamp,
    ) -> Answer<'_, bool> {
        self.write(move |connection| {
            let renewed = connection
                .prepare_cached(
                    "UPDATE login SET refresh_token = ?2, session_id = ?3, last_seen_at = ?4 \
                     WHERE id = ?1",
                )?
                .execute(params![
                    id.as_uuid(),
                    refresh_token.reveal(),
                    session_id.as_uuid(),
                    at.as_millis()
                ])?;
            Ok(renewed > 0)
        })
    }

    fn logins(&self, user_id: UserId, since: Timestamp) -> Answer<'_, Vec<Login>> {
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {LOGIN} FROM login WHERE user_id = ? AND last_seen_at > ? \
                     ORDER BY last_seen_at DESC, id DESC"
                ))?
                .query_map(params![user_id.as_uuid(), since.as_millis()], read_login)?
                .collect()
        })
    }

    fn end_login(&self, user_id: UserId, id: LoginId) -> Answer<'_, Option<Login>> {
        self.write(move |connection| {
            connection
                .prepare_cached(&format!(
                    "DELETE FROM login WHERE id = ? AND user_id = ? RETURNING {LOGIN}"
                ))?
                .query_row([id.as_uuid(), user_id.as_uuid()], read_login)
                .optional()
        })
    }

    fn end_login_of(&self, token: TokenHash) -> Answer<'_, Option<Login>> {
        self.write(move |connection| remove(connection, token))
    }

    fn end_logins(&self, session_id: SessionId) -> Answer<'_, Vec<LoginId>> {
        self.write(move |connection| {
            connection
                .prepare_cached("DELETE FROM login WHERE session_id = ? RETURNING id")?
                .query_map([session_id.as_uuid()], |row| id(row, 0))?
                .collect()
        })
    }

    fn forget_logins(&self, since: Timestamp) -> Answer<'_, u64> {
        self.write(move |connection| {
            let forgotten = connection
                .prepare_cached("DELETE FROM login WHERE last_seen_at <= ?")?
                .execute([since.as_millis()])?;
            Ok(u64::try_from(forgotten).unwrap_or(u64::MAX))
        })
    }
}

fn remove(connection: &Connection, token: TokenHash) -> Result<Option<Login>, rusqlite::Error> {
    connection
        .prepare_cached(&format!("DELETE FROM login WHERE token = ? RETURNING {LOGIN}"))?
        .query_row([token.0], read_login)
        .optional()
}

fn read_login(row: &Row<'_>) -> Result<Login, rusqlite::Error> {
    Ok(Login {
        id: id(row, 0)?,
        user_id: id(row, 1)?,
        token: TokenHash(row.get(2)?),
        session_id: id(row, 3)?,
        refresh_token: Secret::new(row.get::<_, String>(4)?),
        user_agent: row.get(5)?,
        created_at: time(row, 6)?,
        last_seen_at: time(row, 7)?,
    })
}
