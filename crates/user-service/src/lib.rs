//! People: accounts, profiles, search, connections, blocks, notifications, presence, and the
//! web app's sessions: everything under `/api/users`.
//!
//! Passwords and tokens are made elsewhere: this service asks an [`identity::Provider`]. It knows
//! chats only by what they tell over the bus.

mod app;
pub mod domain;
mod error;
mod http;
pub mod store;

use std::{num::NonZeroU32, sync::Arc};

use kernel::Ids;
use kit::{
    Check, Module, Task,
    bus::Bus,
    http::{LimitName, RateLimits},
    presence::Presence,
};
use url::Url;

pub use app::Users;
pub use error::UserError;
pub use http::routes_description;
pub use store::Blocks;

use store::Store;

/// What the service stands on.
pub struct Deps {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Ids, time and chance.
    pub ids: Ids,
    /// How services tell each other what happened.
    pub bus: Arc<dyn Bus>,
    /// Who makes accounts and tokens.
    pub provider: Arc<dyn identity::Provider>,
    /// Who is there.
    pub presence: Arc<dyn Presence>,
    /// Limits; [`RATE_LIMITS`] are this service's.
    pub limits: Arc<RateLimits>,
    /// Where browsers find this installation.
    pub public_url: Url,
}

/// The limits of this service: how many at once, and how many a minute after that.
pub const RATE_LIMITS: &[(LimitName, NonZeroU32, NonZeroU32)] = &[
    // A search looks at many people.
    (app::limit::SEARCH, many(60), many(120)),
    // A request to connect reaches somebody who did not ask for it.
    (app::limit::CONNECT, many(30), many(60)),
    // Of one address: registering hashes a password.
    (app::limit::REGISTER, many(30), many(30)),
    // Of one address: starting to sign in is kept for ten minutes.
    (app::limit::START, many(30), many(60)),
    // Of one device: a token is good for minutes.
    (app::limit::TOKEN, many(60), many(120)),
    // What a person says of themselves is told to everybody who sees them.
    (app::limit::PROFILE, many(30), many(60)),
];

const fn many(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

/// The service: its routes, tasks and checks, and what others in the same process may ask it.
#[must_use]
pub fn module(deps: Deps) -> (Module, Users) {
    let store = Arc::clone(&deps.store);
    // Taken here rather than in the task: nothing told from now on is missed.
    let work = deps.bus.work("notifications");
    let (users, outbox) = Users::new(deps);
    let tasks = vec![
        Task::new("notifications", {
            let users = users.clone();
            move |stop| app::hear(users, work, stop)
        }),
        Task::new("telling", {
            let users = users.clone();
            move |stop| app::tell(users, outbox, stop)
        }),
        Task::new("forgetting", {
            let users = users.clone();
            move |stop| app::forget(users, stop)
        }),
    ];
    let readiness = vec![Check::new("user store", move || {
        let store = Arc::clone(&store);
        async move { store.check().await }
    })];
    let module = Module { routes: http::routes(users.clone()), tasks, readiness };
    (module, users)
}
