//! Signing keys and the secret that seals forms.

use kernel::Timestamp;
use kit::sqlite::StoreError;
use rusqlite::{Connection, Row};

use super::{Store, millis};

/// A signing key.
#[derive(Clone)]
pub(crate) struct KeyRow {
    pub(crate) kid: String,
    pub(crate) pkcs8: Vec<u8>,
    pub(crate) created_at: Timestamp,
    /// None: published, but not signing yet.
    pub(crate) activated_at: Option<Timestamp>,
    /// Set: signs no more.
    pub(crate) retired_at: Option<Timestamp>,
}

fn key(row: &Row<'_>) -> Result<KeyRow, rusqlite::Error> {
    let moment =
        |column| row.get::<_, Option<i64>>(column).map(|at| at.map(Timestamp::from_millis));
    Ok(KeyRow {
        kid: row.get("kid")?,
        pkcs8: row.get("pkcs8")?,
        created_at: millis(row, "created_at")?,
        activated_at: moment("activated_at")?,
        retired_at: moment("retired_at")?,
    })
}

fn insert(connection: &Connection, key: &KeyRow) -> Result<(), rusqlite::Error> {
    let moment = |at: Option<Timestamp>| at.map(Timestamp::as_millis);
    connection
        .prepare_cached(
            "INSERT INTO signing_keys (kid, pkcs8, created_at, activated_at, retired_at)
             VALUES (?, ?, ?, ?, ?)",
        )?
        .execute((
            &key.kid,
            &key.pkcs8,
            key.created_at.as_millis(),
            moment(key.activated_at),
            moment(key.retired_at),
        ))
        .map(drop)
}

/// All keys, oldest first. Inside the first transaction: keys are made where there are none.
pub(crate) fn all(connection: &Connection) -> Result<Vec<KeyRow>, rusqlite::Error> {
    connection
        .prepare_cached("SELECT * FROM signing_keys ORDER BY created_at, kid")?
        .query_map([], key)?
        .collect()
}

/// The first start: stores the keys, unless another process did so a moment ago, and answers
/// those that are stored.
pub(crate) fn first(
    connection: &Connection,
    keys: &[KeyRow],
    seal: &[u8],
) -> Result<(Vec<KeyRow>, Vec<u8>), rusqlite::Error> {
    let transaction =
        rusqlite::Transaction::new_unchecked(connection, rusqlite::TransactionBehavior::Immediate)?;
    if all(&transaction)?.is_empty() {
        for key in keys {
            insert(&transaction, key)?;
        }
    }
    transaction.execute(
        "INSERT INTO secrets (name, value) VALUES ('seal', ?) ON CONFLICT DO NOTHING",
        [seal],
    )?;
    let seal =
        transaction
            .query_row("SELECT value FROM secrets WHERE name = 'seal'", [], |row| row.get(0))?;
    let keys = all(&transaction)?;
    transaction.commit()?;
    Ok((keys, seal))
}

impl Store {
    /// The key that waits begins to sign, the one that signed retires, and `next` waits.
    pub(crate) async fn rotate_keys(
        &self,
        next: KeyRow,
        now: Timestamp,
    ) -> Result<Vec<KeyRow>, StoreError> {
        self.database
            .writer
            .write(move |connection, ()| {
                connection
                    .prepare_cached(
                        "UPDATE signing_keys SET retired_at = ?
                         WHERE activated_at IS NOT NULL AND retired_at IS NULL",
                    )?
                    .execute([now.as_millis()])?;
                connection
                    .prepare_cached(
                        "UPDATE signing_keys SET activated_at = ? WHERE activated_at IS NULL",
                    )?
                    .execute([now.as_millis()])?;
                insert(connection, &next)?;
                all(connection)
            })
            .await
    }

    /// All keys, oldest first.
    pub(crate) async fn keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        self.database.readers.read(all).await
    }
}
