//! What the embedded issuer is told, and opening its store.

use std::{
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use kernel::Ids;
use kit::http::LimitName;
use url::Url;

use super::{
    REALM_PATH,
    keys::{self, KeyError},
    store::{KeyRow, Store, StoreOpenError, first_keys},
};

/// Guesses of one account's password.
pub(crate) const SIGN_IN_ACCOUNT: LimitName = "sign_in_account";
/// Guesses from one address.
pub(crate) const SIGN_IN_PEER: LimitName = "sign_in_peer";
/// Accounts made from one address.
pub(crate) const SIGN_UP_PEER: LimitName = "sign_up_peer";

/// The limits that the issuer takes from: name, how many at once, how many a minute after that.
pub const RATE_LIMITS: &[(LimitName, NonZeroU32, NonZeroU32)] =
    &[(SIGN_IN_ACCOUNT, TEN, TEN), (SIGN_IN_PEER, THIRTY, THIRTY), (SIGN_UP_PEER, TWENTY, TWENTY)];

const TEN: NonZeroU32 = at_least_one(10);
const TWENTY: NonZeroU32 = at_least_one(20);
const THIRTY: NonZeroU32 = at_least_one(30);

const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

/// What the embedded issuer is told.
#[derive(Debug, Clone)]
pub struct EmbeddedConfig {
    /// Where `identity.db` lies.
    pub data_dir: PathBuf,
    /// The issuer: the public URL and [`REALM_PATH`].
    pub issuer_url: String,
    /// Where the web app's client may be sent back to with a code; compared as text, exactly.
    pub redirect_uris: Vec<String>,
    /// Where it may be sent back to after signing out; compared as text, exactly.
    pub post_logout_redirect_uris: Vec<String>,
}

impl EmbeddedConfig {
    /// The configuration for an installation at that public URL.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>, public_url: &Url) -> Self {
        let public_url = public_url.as_str().trim_end_matches('/');
        Self {
            data_dir: data_dir.into(),
            issuer_url: format!("{public_url}{REALM_PATH}"),
            redirect_uris: vec![format!("{public_url}/api/users/session/callback")],
            post_logout_redirect_uris: vec![format!("{public_url}/"), public_url.to_owned()],
        }
    }

    pub(super) fn check(&self) -> Result<(), OpenError> {
        let refuse =
            |reason| Err(OpenError::Issuer { issuer_url: self.issuer_url.clone(), reason });
        let Ok(url) = Url::parse(&self.issuer_url) else {
            return refuse("it is no URL");
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("it must begin with http:// or https://");
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return refuse("it must have no query, fragment or user");
        }
        // The cookies are for this path, and the routes lie there.
        if url.path() != REALM_PATH {
            return refuse("its path must be /auth/realms/thread");
        }
        Ok(())
    }

    /// Whether browsers come by https, so that cookies are for https only.
    pub(super) fn is_https(&self) -> bool {
        self.issuer_url.starts_with("https://")
    }

    /// The public URL: the issuer without its path.
    pub(super) fn public_url(&self) -> &str {
        self.issuer_url.strip_suffix(REALM_PATH).unwrap_or(&self.issuer_url)
    }
}

/// The embedded issuer could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The issuer's URL can't be one.
    #[error("the issuer {issuer_url} can't be used: {reason}")]
    Issuer {
        /// The URL.
        issuer_url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The store can't be opened.
    #[error(transparent)]
    Store(#[from] StoreOpenError),
    /// The signing keys can't be made or used.
    #[error("the signing keys can't be used")]
    Keys(#[from] KeyError),
}

/// Opens the store. At the first start it makes the signing keys and the secret that seals forms.
pub(super) fn open_store(
    data_dir: &Path,
    ids: &Ids,
) -> Result<(Store, Vec<KeyRow>, Vec<u8>), OpenError> {
    let now = ids.now();
    let signing = KeyRow { activated_at: Some(now), ..keys::generate(now)? };
    let fresh = [signing, keys::generate(now)?];
    let mut seal = [0; 32];
    ids.random().fill(&mut seal);
    let mut stored = None;
    let store = Store::open(data_dir, |connection| {
        stored = Some(first_keys(connection, &fresh, &seal)?);
        Ok(())
    })?;
    let (keys, seal) = stored.ok_or(KeyError::Missing)?;
    Ok((store, keys, seal))
}
