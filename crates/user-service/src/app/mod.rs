//! What the service does: the operations behind the calls, and what others may ask in-process.

mod accounts;
mod blocks;
mod connections;
mod hearing;
mod links;
mod notifications;
mod people;
mod presence;
mod sessions;
mod telling;
mod tokens;

use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    future::Future,
    hash::{Hash as _, Hasher as _},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use api::told::Told;
use identity::Provider;
use kernel::{Ids, Timestamp, UserId};
use kit::{
    bus::Bus,
    http::{Caller, LimitName, RateLimits},
    presence::Presence,
};
use tokio::sync::mpsc;
use tracing::Instrument as _;

use crate::{
    Deps, UserError,
    domain::{
        person::NewPerson,
        profile::{DEFAULT_LOCALE, display_name_or},
        sign_in::Site,
    },
    store::Store,
};

pub(crate) use hearing::hear;
pub(crate) use sessions::{Arrival, Comer, Departure};
pub(crate) use telling::tell;
pub(crate) use tokens::forget;

/// Names of rate limits.
pub(crate) mod limit {
    use kit::http::LimitName;

    pub(crate) const SEARCH: LimitName = "people_search";
    pub(crate) const CONNECT: LimitName = "connect";
    pub(crate) const REGISTER: LimitName = "register_peer";
    pub(crate) const START: LimitName = "session_start_peer";
    pub(crate) const TOKEN: LimitName = "session_token";
    pub(crate) const PROFILE: LimitName = "profile";
}

/// People whose names are remembered, to ask the store only for new ones.
const REMEMBERED: usize = 100_000;

/// People, and all that the service does for them. Clones share it.
#[derive(Clone)]
pub struct Users(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    ids: Ids,
    bus: Arc<dyn Bus>,
    provider: Arc<dyn Provider>,
    presence: Arc<dyn Presence>,
    limits: Arc<RateLimits>,
    site: Site,
    outbox: mpsc::Sender<Told>,
    /// Whom the store knows under which name: a hash of what the identity provider says of them.
    met: Mutex<HashMap<UserId, u64>>,
    tokens: tokens::Cache,
}

impl Users {
    pub(crate) fn new(deps: Deps) -> (Self, mpsc::Receiver<Told>) {
        let (outbox, told) = telling::outbox();
        let inner = Inner {
            store: deps.store,
            ids: deps.ids,
            bus: deps.bus,
            provider: deps.provider,
            presence: deps.presence,
            limits: deps.limits,
            site: Site::new(deps.public_url),
            outbox,
            met: Mutex::default(),
            tokens: tokens::Cache::default(),
        };
        (Self(Arc::new(inner)), told)
    }

    /// Where this installation is.
    pub(crate) fn site(&self) -> &Site {
        &self.0.site
    }

    fn store(&self) -> &dyn Store {
        self.0.store.as_ref()
    }

    fn provider(&self) -> &dyn Provider {
        self.0.provider.as_ref()
    }

    fn ids(&self) -> &Ids {
        &self.0.ids
    }

    fn now(&self) -> Timestamp {
        self.0.ids.now()
    }

    /// Makes sure that the caller has a profile: who signed up at the identity provider has none
    /// until they come here. What the provider calls them is taken over when it changes.
    pub(crate) async fn meet(&self, caller: &Caller) -> Result<(), UserError> {
        let username = if caller.username.is_empty() {
            caller.user_id.to_string()
        } else {
            caller.username.to_lowercase()
        };
        self.keep(NewPerson {
            id: caller.user_id,
            display_name: display_name_or(caller.name.as_deref(), &username),
            email: caller.email.clone().unwrap_or_default(),
            locale: DEFAULT_LOCALE.to_owned(),
            created_at: self.now(),
            username,
        })
        .await
    }

    async fn keep(&self, person: NewPerson) -> Result<(), UserError> {
        let mut hasher = DefaultHasher::new();
        (&person.username, &person.email).hash(&mut hasher);
        let (id, named) = (person.id, hasher.finish());
        if self.met().get(&id) == Some(&named) {
            return Ok(());
        }
        if self.store().keep_person(person).await? {
            tracing::info!(user_id = %id, "a person is new, or renamed");
        }
        let mut met = self.met();
        if met.len() >= REMEMBERED {
            met.clear();
        }
        met.insert(id, named);
        Ok(())
    }

    fn met(&self) -> std::sync::MutexGuard<'_, HashMap<UserId, u64>> {
        self.0.met.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn limit(&self, name: LimitName, key: &str) -> Result<(), UserError> {
        self.0.limits.take(name, key).map_err(|problem| UserError::RateLimited {
            retry_after: problem.retry_after.unwrap_or(1),
        })
    }

    fn limit_person(&self, name: LimitName, id: UserId) -> Result<(), UserError> {
        self.limit(name, &id.to_string())
    }

    fn limit_peer(&self, name: LimitName, peer: IpAddr) -> Result<(), UserError> {
        self.limit(name, &peer_key(peer))
    }
}

impl std::fmt::Debug for Users {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Users").finish_non_exhaustive()
    }
}

/// Who counts as one for limits: an address, or the network that one subscriber gets with IPv6.
fn peer_key(peer: IpAddr) -> String {
    match peer.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Runs `work` to its end even when the caller goes away: a change that is kept is also told, and
/// a refresh token that was traded is also kept.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, UserError>> + Send + 'static,
) -> Result<T, UserError> {
    tokio::spawn(work.in_current_span()).await.unwrap_or(Err(UserError::Ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subscriber_is_one_peer() {
        let key = |text: &str| peer_key(text.parse().unwrap());
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }
}
