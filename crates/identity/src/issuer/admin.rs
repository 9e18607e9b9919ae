//! Administration of accounts, for the command line. It works on the file that a running server
//! uses; that one notices within a second which sessions were ended.

use std::{path::Path, sync::Arc};

use kernel::{Ids, Secret, UserId};
use kit::sqlite::StoreError;
use tokio::sync::Notify;

use super::{
    OpenError,
    accounts::{self, Refused},
    config::open_store,
    crypto::sha256,
    passwords::Hasher,
    rules::{normal_login, username_flaw},
    store::{AccountRow, Created, NewRow, RoleChange, Store},
};
use crate::{Account, Cause, NewAccount, RegisterError};

/// Administration of the accounts of the embedded issuer.
pub struct Admin {
    store: Arc<Store>,
    hasher: Arc<Hasher>,
    ids: Ids,
    ended: Arc<Notify>,
}

/// What a person may do in this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Uses it.
    Member,
    /// Uses and administers it.
    Admin,
}

/// A bot that was created.
#[derive(Debug, Clone)]
pub struct Bot {
    /// The client id that it signs in with; also its username.
    pub client_id: String,
    /// Its secret. It can't be shown again.
    pub client_secret: Secret,
    /// Who it is in the services (`sub`).
    pub user_id: UserId,
}

/// An administrator's command was refused.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// Nobody has that username or e-mail address.
    #[error("there is no such account")]
    NoSuchAccount,
    /// Somebody must administer the installation.
    #[error("the last administrator must stay one")]
    LastAdmin,
    /// A value is not allowed, or taken.
    #[error(transparent)]
    Refused(#[from] RegisterError),
    /// The store does not answer.
    #[error("identity.db can't be used")]
    Store(#[source] Cause),
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}

impl From<Refused> for AdminError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused.into())
    }
}

impl Admin {
    pub(super) fn new(
        store: Arc<Store>,
        hasher: Arc<Hasher>,
        ids: Ids,
        ended: Arc<Notify>,
    ) -> Self {
        Self { store, hasher, ids, ended }
    }

    /// Opens the accounts in that data directory, beside a server that may be running.
    ///
    /// # Errors
    /// The store can't be opened.
    pub fn open(data_dir: &Path, ids: Ids) -> Result<Self, OpenError> {
        let (store, _, _) = open_store(data_dir, &ids)?;
        let hasher = Hasher::new(&ids);
        Ok(Self::new(Arc::new(store), Arc::new(hasher), ids, Arc::new(Notify::new())))
    }

    /// Creates an account. The first one administers the installation.
    ///
    /// # Errors
    /// A value is not allowed or taken, or the store does not answer.
    pub async fn add(&self, account: NewAccount) -> Result<Account, AdminError> {
        let row = accounts::create(&self.store, &self.hasher, &self.ids, &account).await?;
        Ok(row.account)
    }

    /// Gives the account of that username or e-mail address another password and ends all of its
    /// sessions.
    ///
    /// # Errors
    /// There is no such account, or the password is not allowed.
    pub async fn set_password(&self, login: &str, password: &Secret) -> Result<(), AdminError> {
        let row = self.person(login).await?;
        let changed =
            accounts::set_password(&self.store, &self.hasher, &self.ids, &row, password).await?;
        self.ended.notify_one();
        if changed { Ok(()) } else { Err(AdminError::NoSuchAccount) }
    }

    /// Gives the account of that username or e-mail address another role and ends its sessions,
    /// whose tokens name the old one. Its browsers sign in again by themselves.
    ///
    /// # Errors
    /// There is no such account, or it is the last administrator's.
    pub async fn set_role(&self, login: &str, role: Role) -> Result<(), AdminError> {
        let row = self.person(login).await?;
        let changed =
            self.store.set_admin(row.account.id, role == Role::Admin, self.ids.now()).await?;
        self.ended.notify_one();
        match changed {
            RoleChange::Changed => Ok(()),
            RoleChange::NoSuchAccount => Err(AdminError::NoSuchAccount),
            RoleChange::LastAdmin => Err(AdminError::LastAdmin),
        }
    }

    /// All accounts, oldest first. Bots have no e-mail address.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn list(&self) -> Result<Vec<Account>, AdminError> {
        Ok(self.store.accounts().await?)
    }

    /// Creates a bot: an account without a password that signs in by `client_credentials`.
    ///
    /// # Errors
    /// The username is not allowed or taken, or the store does not answer.
    pub async fn create_bot(&self, username: &str, name: &str) -> Result<Bot, AdminError> {
        let username = username.trim().to_lowercase();
        if let Some(flaw) = username_flaw(&username) {
            return Err(Refused::Flaws(vec![flaw]).into());
        }
        // The programs' own clients are found first: a bot of that name could never sign in.
        if [crate::WEB_CLIENT, crate::CLI_CLIENT].contains(&username.as_str()) {
            return Err(RegisterError::UsernameTaken.into());
        }
        let client_secret = self.ids.token();
        let name = name.trim();
        let row = NewRow {
            id: self.ids.make(),
            name: if name.is_empty() { &username } else { name }.to_owned(),
            username: username.clone(),
            email: None,
            password_hash: None,
            locale: None,
            created_at: self.ids.now(),
        };
        let created = self.store.create_bot(row, sha256(client_secret.as_bytes())).await?;
        match created {
            Created::Account(account) => Ok(Bot {
                client_id: account.username,
                client_secret: Secret::new(client_secret),
                user_id: account.id,
            }),
            Created::UsernameTaken | Created::EmailTaken => {
                Err(RegisterError::UsernameTaken.into())
            }
        }
    }

    async fn person(&self, login: &str) -> Result<AccountRow, AdminError> {
        self.store.person(normal_login(login)).await?.ok_or(AdminError::NoSuchAccount)
    }
}

impl std::fmt::Debug for Admin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admin").finish_non_exhaustive()
    }
}
