//! Accounts of people and bots.

use kernel::{Timestamp, UserId};
use kit::sqlite::StoreError;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, named_params};

use super::{Store, account, hash, sessions};
use crate::{Account, issuer::crypto::Hash};

/// An account as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct AccountRow {
    pub(crate) account: Account,
    /// None for bots.
    pub(crate) password_hash: Option<String>,
    pub(crate) locale: Option<String>,
}

/// An account to be stored.
#[derive(Debug, Clone)]
pub(crate) struct NewRow {
    pub(crate) id: UserId,
    pub(crate) username: String,
    /// None for bots.
    pub(crate) email: Option<String>,
    pub(crate) name: String,
    /// None for bots.
    pub(crate) password_hash: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) created_at: Timestamp,
}

/// What became of an account to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Created {
    Account(Account),
    UsernameTaken,
    EmailTaken,
}

/// What became of a change of roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RoleChange {
    Changed,
    NoSuchAccount,
    LastAdmin,
}

const COLUMNS: &str = "id, username, email, name, password_hash, locale, roles, created_at";

fn account_row(row: &Row<'_>) -> Result<AccountRow, rusqlite::Error> {
    Ok(AccountRow {
        account: account(row)?,
        password_hash: row.get("password_hash")?,
        locale: row.get("locale")?,
    })
}

/// Inserts the account. Whether it is the first person, and so administers the installation, is
/// decided by the statement that inserts it.
fn insert(connection: &Connection, new: &NewRow) -> Result<Created, rusqlite::Error> {
    let kind = if new.password_hash.is_some() { "person" } else { "bot" };
    let mut statement = connection.prepare_cached(
        "INSERT INTO accounts
             (id, kind, username, email, name, password_hash, locale, roles, created_at)
         VALUES (:id, :kind, :username, :email, :name, :password_hash, :locale,
             CASE WHEN :kind = 'bot' OR EXISTS (SELECT 1 FROM accounts WHERE kind = 'person')
                 THEN 'member' ELSE 'admin member' END,
             :created_at)
         RETURNING id, username, email, name, roles, created_at",
    )?;
    let inserted = statement.query_row(
        named_params! {
            ":id": new.id.as_uuid(),
            ":kind": kind,
            ":username": new.username,
            ":email": new.email,
            ":name": new.name,
            ":password_hash": new.password_hash,
            ":locale": new.locale,
            ":created_at": new.created_at.as_millis(),
        },
        account,
    );
    match inserted {
        Ok(account) => Ok(Created::Account(account)),
        Err(error) => match refusal(&error) {
            // Which index trips first is SQLite's affair. Who repeats a registration is told of
            // the username.
            Some(Created::EmailTaken) if is_username(connection, &new.username)? => {
                Ok(Created::UsernameTaken)
            }
            Some(refused) => Ok(refused),
            None => Err(error),
        },
    }
}

fn is_username(connection: &Connection, username: &str) -> Result<bool, rusqlite::Error> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM accounts WHERE username = ?)")?
        .query_row([username], |row| row.get(0))
}

/// The unique index that refused, by name.
fn refusal(error: &rusqlite::Error) -> Option<Created> {
    if error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
        return None;
    }
    let text = error.to_string();
    if text.contains("accounts.username") {
        Some(Created::UsernameTaken)
    } else if text.contains("accounts.email") {
        Some(Created::EmailTaken)
    } else {
        None
    }
}

/// Whether that is still the person's password: what was verified a moment ago may have changed.
pub(super) fn has_password(
    connection: &Connection,
    id: UserId,
    password_hash: &str,
) -> Result<bool, rusqlite::Error> {
    connection
        .prepare_cached("SELECT 1 FROM accounts WHERE id = ? AND password_hash = ?")?
        .exists((id.as_uuid(), password_hash))
}

impl Store {
    /// Creates a person's account.
    pub(crate) async fn create_account(&self, new: NewRow) -> Result<Created, StoreError> {
        self.database.writer.write(move |connection, ()| insert(connection, &new)).await
    }

    /// Creates a bot: its account and the client that it signs in as, whose id is its username.
    pub(crate) async fn create_bot(
        &self,
        new: NewRow,
        secret_hash: Hash,
    ) -> Result<Created, StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                let created = insert(connection, &new)?;
                if let Created::Account(account) = &created {
                    connection
                        .prepare_cached(
                            "INSERT INTO clients (id, account_id, secret_hash, created_at)
                             VALUES (?, ?, ?, ?)",
                        )?
                        .execute((
                            &account.username,
                            account.id.as_uuid(),
                            secret_hash,
                            new.created_at.as_millis(),
                        ))?;
                }
                Ok(created)
            })
            .await
    }

    /// The bot that signs in as that client, and the hash of its secret.
    pub(crate) async fn bot(
        &self,
        client_id: String,
    ) -> Result<Option<(AccountRow, Hash)>, StoreError> {
        self.database
            .readers
            .read(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT a.id, a.username, a.email, a.name, a.password_hash, a.locale,
                             a.roles, a.created_at, c.secret_hash
                         FROM clients c JOIN accounts a ON a.id = c.account_id
                         WHERE c.id = ?",
                    )?
                    .query_row([client_id], |row| {
                        Ok((account_row(row)?, hash(row, "secret_hash")?))
                    })
                    .optional()
            })
            .await
    }

    /// The person of that username or e-mail address, both in lower case.
    pub(crate) async fn person(&self, login: String) -> Result<Option<AccountRow>, StoreError> {
        self.database
            .readers
            .read(move |connection| {
                // A username has no @, so one text is never both.
                let column = if login.contains('@') { "email" } else { "username" };
                connection
                    .prepare_cached(&format!(
                        "SELECT {COLUMNS} FROM accounts WHERE {column} = ? AND kind = 'person'"
                    ))?
                    .query_row([login], account_row)
                    .optional()
            })
            .await
    }

    /// The account of that id.
    pub(crate) async fn account(&self, id: UserId) -> Result<Option<AccountRow>, StoreError> {
        self.database
            .readers
            .read(move |connection| {
                connection
                    .prepare_cached(&format!("SELECT {COLUMNS} FROM accounts WHERE id = ?"))?
                    .query_row([id.as_uuid()], account_row)
                    .optional()
            })
            .await
    }

    /// All accounts, oldest first, bots too.
    pub(crate) async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.database
            .readers
            .read(|connection| {
                connection
                    .prepare_cached(&format!("SELECT {COLUMNS} FROM accounts ORDER BY id"))?
                    .query_map([], account)?
                    .collect()
            })
            .await
    }

    /// Gives a person another password and ends all their sessions and sign-ins. False when there
    /// is no such person.
    pub(crate) async fn set_password(
        &self,
        id: UserId,
        password_hash: String,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                let changed = connection
                    .prepare_cached(
                        "UPDATE accounts SET password_hash = ? WHERE id = ? AND kind = 'person'",
                    )?
                    .execute((&password_hash, id.as_uuid()))?;
                if changed == 0 {
                    return Ok(false);
                }
                connection
                    .prepare_cached(
                        "UPDATE sign_ins SET ended_at = ? WHERE account_id = ? AND ended_at IS NULL",
                    )?
                    .execute((now.as_millis(), id.as_uuid()))?;
                sessions::end_of_account(connection, id, now)?;
                Ok(true)
            })
            .await
    }

    /// Gives a person other roles and ends their sessions, whose tokens name the old ones. The
    /// last administrator stays one.
    pub(crate) async fn set_admin(
        &self,
        id: UserId,
        admin: bool,
        now: Timestamp,
    ) -> Result<RoleChange, StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                let roles = if admin { "admin member" } else { "member" };
                let changed = connection
                    .prepare_cached(
                        "UPDATE accounts SET roles = :roles
                         WHERE id = :id AND kind = 'person' AND (:admin OR EXISTS (
                             SELECT 1 FROM accounts
                             WHERE roles = 'admin member' AND kind = 'person' AND id <> :id))",
                    )?
                    .execute(named_params! {
                        ":roles": roles, ":id": id.as_uuid(), ":admin": admin,
                    })?;
                if changed > 0 {
                    sessions::end_of_account(connection, id, now)?;
                    return Ok(RoleChange::Changed);
                }
                let exists = connection
                    .prepare_cached("SELECT 1 FROM accounts WHERE id = ? AND kind = 'person'")?
                    .exists([id.as_uuid()])?;
                Ok(if exists { RoleChange::LastAdmin } else { RoleChange::NoSuchAccount })
            })
            .await
    }
}
