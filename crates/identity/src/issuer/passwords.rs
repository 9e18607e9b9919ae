//! Hashing passwords: Argon2id, away from the async runtime, two at a time.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use kernel::{Ids, Random, Secret};
use tokio::sync::Semaphore;

/// Hashes at a time: each takes 19 MiB and a core for some 30 ms.
const AT_ONCE: usize = 2;
/// Hashes that may wait; beyond that a caller is told to come back.
const WAITING: usize = 512;
/// OWASP's first choice: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HashError {
    /// Too many wait.
    #[error("more passwords are waiting than can be checked")]
    Busy,
    /// The program is ending.
    #[error("the program is ending")]
    Stopped,
    /// The hash function refused.
    #[error("the hash function refused: {0}")]
    Refused(String),
}

/// Hashes and compares passwords.
pub(crate) struct Hasher {
    random: Arc<dyn Random>,
    room: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// What the password of an unknown person is compared with, so that it takes as long.
    nobody: String,
}

/// Whether a password was the right one.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Right,
    Wrong,
}

impl Hasher {
    pub(crate) fn new(ids: &Ids) -> Self {
        let random = ids.random();
        let nobody = nobodys_hash(&*random);
        Self {
            random,
            room: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            nobody,
        }
    }

    /// The hash of a password, to be stored.
    pub(crate) async fn hash(&self, password: String) -> Result<String, HashError> {
        let salt = salt(&*self.random);
        self.run(move || hash(&password, &salt)).await
    }

    /// Whether the password is the one that was hashed; without a hash it is wrong, after the same
    /// work.
    pub(crate) async fn verify(
        &self,
        password: Secret,
        stored: Option<String>,
    ) -> Result<Verdict, HashError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let same = self
            .run(move || {
                let stored = PasswordHash::new(&stored).map_err(refused)?;
                // The parameters are those of the stored hash.
                Ok(argon2()?.verify_password(password.reveal().as_bytes(), &stored).is_ok())
            })
            .await?;
        Ok(if same && known { Verdict::Right } else { Verdict::Wrong })
    }

    async fn run<R: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<R, HashError> + Send + 'static,
    ) -> Result<R, HashError> {
        let queued = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| HashError::Busy)?;
        let place = Arc::clone(&self.room).acquire_owned().await.map_err(|_| HashError::Stopped)?;
        // The places go along: a caller that goes away does not free them early.
        tokio::task::spawn_blocking(move || {
            let _places = (queued, place);
            work()
        })
        .await
        .map_err(|_| HashError::Stopped)?
    }
}

/// A hash that no password has: made of chance, not of work, since a start should not take 19 MiB
/// for it. Comparing with it takes as long as with any other.
fn nobodys_hash(random: &dyn Random) -> String {
    let mut digest = [0; 32];
    random.fill(&mut digest);
    let (salt, digest) = (STANDARD_NO_PAD.encode(salt(random)), STANDARD_NO_PAD.encode(digest));
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${digest}")
}

fn salt(random: &dyn Random) -> [u8; 16] {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    salt
}

fn hash(password: &str, salt: &[u8]) -> Result<String, HashError> {
    argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(refused)
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(refused)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn refused(error: impl std::fmt::Display) -> HashError {
    HashError::Refused(error.to_string())
}
