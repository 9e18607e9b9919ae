//! Creating accounts and checking passwords.

use std::net::IpAddr;

use api::Problem;
use kernel::{Ids, Secret, UserId};
use kit::sqlite::StoreError;

use super::{
    Embedded, Flaw,
    config::{SIGN_IN_ACCOUNT, SIGN_IN_PEER, SIGN_UP_PEER},
    passwords::{HashError, Hasher, Verdict},
    rules::{self, check, may_be_password, normal_login, normal_password},
    store::{AccountRow, Created, NewRow, Store},
};
use crate::{GrantError, NewAccount, RegisterError};

/// An account was not created.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("some values are not allowed")]
    Flaws(Vec<Flaw>),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refused> for RegisterError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Flaws(flaws) => match flaws.as_slice() {
                [Flaw::UsernameTaken] => Self::UsernameTaken,
                [Flaw::EmailTaken] => Self::EmailTaken,
                flaws => Self::Invalid(flaws.iter().map(|flaw| flaw.error()).collect()),
            },
            Refused::Hash(error) => Self::Unavailable(error.into()),
            Refused::Store(error) => Self::Unavailable(error.into()),
        }
    }
}

impl From<HashError> for GrantError {
    fn from(error: HashError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<StoreError> for GrantError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Checks the fields, hashes the password, stores the account.
pub(crate) async fn create(
    store: &Store,
    hasher: &Hasher,
    ids: &Ids,
    new: &NewAccount,
) -> Result<AccountRow, Refused> {
    let fields = check(new).map_err(Refused::Flaws)?;
    let password_hash = hasher.hash(fields.password).await?;
    let row = NewRow {
        id: ids.make::<UserId>(),
        username: fields.username,
        email: Some(fields.email),
        name: fields.name,
        password_hash: Some(password_hash.clone()),
        locale: new.locale.clone(),
        created_at: ids.now(),
    };
    match store.create_account(row).await? {
        Created::Account(account) => Ok(AccountRow {
            account,
            password_hash: Some(password_hash),
            locale: new.locale.clone(),
        }),
        Created::UsernameTaken => Err(Refused::Flaws(vec![Flaw::UsernameTaken])),
        Created::EmailTaken => Err(Refused::Flaws(vec![Flaw::EmailTaken])),
    }
}

/// Checks a new password, hashes it, stores it and ends the person's sessions.
pub(crate) async fn set_password(
    store: &Store,
    hasher: &Hasher,
    ids: &Ids,
    row: &AccountRow,
    password: &Secret,
) -> Result<bool, Refused> {
    let password = normal_password(password.reveal());
    let account = &row.account;
    if let Some(flaw) = rules::password_flaw(&password, &account.username, &account.email) {
        return Err(Refused::Flaws(vec![flaw]));
    }
    let password_hash = hasher.hash(password).await?;
    Ok(store.set_password(account.id, password_hash, ids.now()).await?)
}

impl Embedded {
    /// The person of that username or e-mail address and password. For an unknown person it does
    /// the same work and answers the same.
    pub(crate) async fn check_password(
        &self,
        login: &str,
        password: &Secret,
        peer: IpAddr,
    ) -> Result<AccountRow, GrantError> {
        let login = normal_login(login);
        self.limits
            .take(SIGN_IN_PEER, &peer.to_string())
            .and_then(|()| self.limits.take(SIGN_IN_ACCOUNT, &login))
            .map_err(|problem| limited(&problem))?;
        if !may_be_password(password.reveal()) {
            return Err(GrantError::InvalidCredentials);
        }
        let password = Secret::new(normal_password(password.reveal()));
        let row = self.store.person(login).await?;
        let stored = row.as_ref().and_then(|row| row.password_hash.clone());
        match (self.hasher.verify(password, stored).await?, row) {
            (Verdict::Right, Some(row)) => Ok(row),
            _ => Err(GrantError::InvalidCredentials),
        }
    }

    /// Takes one of the sign-ups that an address may make.
    pub(crate) fn take_sign_up(&self, peer: IpAddr) -> Result<(), GrantError> {
        self.limits.take(SIGN_UP_PEER, &peer.to_string()).map_err(|problem| limited(&problem))
    }

    pub(crate) async fn create_account(&self, new: &NewAccount) -> Result<AccountRow, Refused> {
        create(&self.store, &self.hasher, &self.ids, new).await
    }
}

fn limited(problem: &Problem) -> GrantError {
    GrantError::RateLimited { retry_after: problem.retry_after.unwrap_or(1) }
}
