//! The embedded OpenID Connect issuer.

mod accounts;
mod admin;
mod clients;
mod common_passwords;
mod config;
mod crypto;
mod grants;
mod http;
mod keys;
mod pages;
mod passwords;
mod provider;
mod rules;
mod store;
mod tasks;
mod tokens;

use std::sync::Arc;

use kernel::Ids;
use kit::{Check, Module, bus::Bus, http::RateLimits};
use tokio::sync::Notify;

use self::{
    crypto::Sealer, keys::KeyRing, passwords::Hasher, rules::Flaw, store::Store, tokens::Mint,
};
use crate::{KeySource, Provider, Verifier, VerifierConfig};

pub use admin::{Admin, AdminError, Bot, Role};
pub use config::{EmbeddedConfig, OpenError, RATE_LIMITS};
pub use http::routes_description;
pub use keys::KeyError;
pub use store::StoreOpenError;

/// Where the issuer's paths begin, as Keycloak's do for a realm of that name.
pub const REALM_PATH: &str = "/auth/realms/thread";

/// The embedded issuer.
///
/// What it tells the bus (sessions that end) and what it does by itself (new keys, forgetting old
/// rows) is done by the tasks of its [`Module`].
pub struct Embedded {
    config: EmbeddedConfig,
    store: Arc<Store>,
    keys: Arc<KeyRing>,
    hasher: Arc<Hasher>,
    sealer: Sealer,
    ids: Ids,
    bus: Arc<dyn Bus>,
    limits: Arc<RateLimits>,
    verifier: Verifier,
    ended: Arc<Notify>,
}

impl Embedded {
    /// Opens the issuer's store in the data directory and reads its keys; makes both at the first
    /// start. It blocks shortly: call it before serving.
    ///
    /// # Errors
    /// The configuration or the data directory can't be used.
    pub fn open(
        config: EmbeddedConfig,
        ids: Ids,
        bus: Arc<dyn Bus>,
        limits: Arc<RateLimits>,
    ) -> Result<Arc<Self>, OpenError> {
        config.check()?;
        let now = ids.now();
        let (store, keys, seal) = config::open_store(&config.data_dir, &ids)?;
        let keys = Arc::new(KeyRing::new(&keys, now)?);
        let hasher = Hasher::new(&ids);
        let source: Arc<dyn KeySource> = Arc::<KeyRing>::clone(&keys);
        let verifier =
            Verifier::new(source, VerifierConfig::for_issuer(&config.issuer_url), ids.clock());
        Ok(Arc::new(Self {
            config,
            store: Arc::new(store),
            keys,
            hasher: Arc::new(hasher),
            sealer: Sealer::new(&seal),
            ids,
            bus,
            limits,
            verifier,
            ended: Arc::new(Notify::new()),
        }))
    }

    /// The routes under [`REALM_PATH`], the tasks and the readiness check.
    #[must_use]
    pub fn module(self: &Arc<Self>) -> Module {
        let issuer = Arc::clone(self);
        Module {
            routes: http::routes(Arc::clone(self)),
            tasks: tasks::tasks(self),
            readiness: vec![Check::new("identity", move || {
                let issuer = Arc::clone(&issuer);
                async move { issuer.check().await }
            })],
        }
    }

    /// The public keys, for the [`Verifier`] of services in this process.
    #[must_use]
    pub fn keys(&self) -> Arc<dyn KeySource> {
        Arc::<KeyRing>::clone(&self.keys)
    }

    /// Administration of the accounts.
    #[must_use]
    pub fn admin(&self) -> Admin {
        Admin::new(
            Arc::clone(&self.store),
            Arc::clone(&self.hasher),
            self.ids.clone(),
            Arc::clone(&self.ended),
        )
    }

    /// The issuer (`iss`).
    #[must_use]
    pub fn issuer_url(&self) -> &str {
        &self.config.issuer_url
    }

    fn mint(&self) -> Mint<'_> {
        Mint { keys: &self.keys, issuer: &self.config.issuer_url, ids: &self.ids }
    }
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").field("config", &self.config).finish_non_exhaustive()
    }
}
