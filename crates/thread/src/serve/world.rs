//! The composition: which adapter serves which port, all in one process.

use std::{num::NonZeroU32, sync::Arc};

use api::Problem;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{from_fn, from_fn_with_state},
};
use futures::future::BoxFuture;
use identity::{Embedded, EmbeddedConfig, Verifier, VerifierConfig};
use kernel::{Ids, limits::BODY_BYTES};
use kit::{
    Check, Module, Task,
    bus::{Bus, InProcessBus},
    http::{
        Authenticator, Caller, LimitName, RateLimits, health_routes, method_not_allowed,
        request_frame,
    },
    presence::{InMemoryPresence, Presence},
};
use url::Url;
use user_service::Users;
use websocket_service::{Closer, WebsocketService};

use crate::{
    command::Ended,
    data_dir::DataDir,
    documents,
    links::{InProcessChats, InProcessDirectory, InProcessPeople},
    settings::Settings,
    web,
};

/// Everything that runs.
pub(super) struct World {
    /// What people reach.
    pub(super) router: Router,
    /// What runs beside it.
    pub(super) tasks: Vec<Task>,
    /// What must answer for it to be ready.
    pub(super) checks: Vec<Check>,
    /// Closes the sockets at the end.
    pub(super) closer: Closer,
}

impl World {
    pub(super) fn build(
        settings: &Settings,
        data_dir: &DataDir,
        origin: &str,
        ids: Ids,
    ) -> Result<Self, Ended> {
        let origin = Url::parse(origin)?;
        let bus: Arc<dyn Bus> = Arc::new(InProcessBus::default());
        let presence: Arc<dyn Presence> = Arc::new(InMemoryPresence::default());
        let limits = Arc::new(rate_limits(settings.limits.enabled));
        let directory = data_dir.path();

        let issuer = Embedded::open(
            EmbeddedConfig::new(directory, &origin),
            ids.clone(),
            Arc::clone(&bus),
            Arc::clone(&limits),
        )?;
        let verifier = Arc::new(Verifier::new(
            issuer.keys(),
            VerifierConfig::for_issuer(issuer.issuer_url()),
            ids.clock(),
        ));
        let revocation = verifier.task(&*bus);
        let (user_module, users) = user_service::module(user_service::Deps {
            store: Arc::new(user_service::store::sqlite::SqliteStore::open(directory)?),
            ids: ids.clone(),
            bus: Arc::clone(&bus),
            provider: Arc::<Embedded>::clone(&issuer),
            presence: Arc::clone(&presence),
            limits,
            public_url: origin.clone(),
        });
        let (chat_module, chats) = chat_service::module(chat_service::Deps {
            data_dir: directory.to_owned(),
            ids: ids.clone(),
            bus: Arc::clone(&bus),
            directory: Arc::new(InProcessDirectory(users.clone())),
        })?;
        let authenticator: Arc<dyn Authenticator> =
            Arc::new(Introducing { verifier, users: users.clone() });
        let sockets = WebsocketService::new(websocket_service::Deps {
            chats: Arc::new(InProcessChats(chats)),
            people: Arc::new(InProcessPeople(users.clone())),
            authenticator: Arc::clone(&authenticator),
            bus,
            presence,
            ids: ids.clone(),
            settings: socket_settings(settings, &origin),
        });
        let closer = sockets.closer();
        let mut identity = issuer.module();
        identity.tasks.push(revocation);
        let modules = [identity, user_module, chat_module];
        Ok(Self::assemble(modules, sockets.module, closer, authenticator, ids))
    }

    fn assemble(
        services: [Module; 3],
        sockets: Module,
        closer: Closer,
        authenticator: Arc<dyn Authenticator>,
        ids: Ids,
    ) -> Self {
        let mut tasks = sockets.tasks;
        let mut checks = sockets.readiness;
        let mut router = Router::new();
        for module in services {
            tasks.extend(module.tasks);
            checks.extend(module.readiness);
            router = router.merge(Router::from(module.routes));
        }
        let users = documents::document("Thread: users", user_service::routes_description());
        let chats = documents::document("Thread: chats", chat_service::routes_description());
        let router = router
            .merge(documents::pages("/api/users/doc", users))
            .merge(documents::pages("/api/chats/doc", chats))
            .merge(health_routes(checks.clone()))
            .fallback(web::serve)
            .method_not_allowed_fallback(method_not_allowed)
            .layer(DefaultBodyLimit::max(BODY_BYTES))
            .layer(from_fn(move |mut request: Request, next: axum::middleware::Next| {
                request.extensions_mut().insert(Arc::clone(&authenticator));
                async move { next.run(request).await }
            }))
            .layer(from_fn_with_state(ids, request_frame))
            // Last, so that neither the time limit nor the fallback touches long polls.
            .merge(Router::from(sockets.routes));
        Self { router, tasks, checks, closer }
    }
}

/// Verifies tokens, and makes who signed up at the issuer known to user-service.
struct Introducing {
    verifier: Arc<Verifier>,
    users: Users,
}

impl Authenticator for Introducing {
    fn authenticate<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Caller, Problem>> {
        Box::pin(async move {
            let caller = self.verifier.authenticate(token).await?;
            self.users.introduce(&caller).await?;
            Ok(caller)
        })
    }
}

fn rate_limits(enabled: bool) -> RateLimits {
    let all: Vec<(LimitName, NonZeroU32, NonZeroU32)> =
        identity::RATE_LIMITS.iter().chain(user_service::RATE_LIMITS).copied().collect();
    RateLimits::new(enabled, &all)
}

fn socket_settings(settings: &Settings, origin: &Url) -> websocket_service::Settings {
    let defaults = websocket_service::Settings::default();
    let mut origins = settings.realtime.origins.0.clone();
    origins.push(origin.origin().ascii_serialization());
    websocket_service::Settings {
        origins,
        events_per_second: defaults.events_per_second.filter(|_| settings.limits.enabled),
        sessions: settings.realtime.sessions,
        sessions_per_address: if settings.limits.enabled {
            settings.realtime.sessions_per_address
        } else {
            settings.realtime.sessions
        },
        ..defaults
    }
}
