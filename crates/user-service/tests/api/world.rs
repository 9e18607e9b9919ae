//! An installation in one process: the service, the embedded issuer, the bus, a clock set by hand.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use api::{
    FieldError,
    rest::users::{Registered, TokenAnswer},
    told::Told,
};
use axum::{Extension, Router, body::Body};
use futures::future::BoxFuture;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use identity::{
    Account, AuthorizationRequest, CodeExchange, Embedded, EmbeddedConfig, GrantError, NewAccount,
    Provider, RegisterError, Tokens, Verifier, VerifierConfig,
};
use kernel::{Ids, ManualClock, Random, Secret, Timestamp, UserId};
use kit::{
    Module,
    bus::{Bus, InProcessBus},
    http::{Authenticator, Peer, RateLimits, fallback, method_not_allowed},
    presence::InMemoryPresence,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use url::Url;
use user_service::{Deps, RATE_LIMITS, Users, store::sqlite::SqliteStore};

/// The password of everybody.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// Where browsers find this installation, unless a test says otherwise.
pub(crate) const ORIGIN: &str = "http://localhost:8080";

struct Chance;

impl Random for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}

/// The issuer, with a switch that takes it away and a count of refreshes.
pub(crate) struct Switched {
    issuer: Arc<Embedded>,
    pub(crate) away: AtomicBool,
    pub(crate) refreshes: AtomicUsize,
}

impl Switched {
    fn there(&self) -> Result<(), GrantError> {
        if self.away.load(Ordering::SeqCst) {
            Err(GrantError::Unavailable("switched off".into()))
        } else {
            Ok(())
        }
    }
}

impl Provider for Switched {
    fn register(&self, account: NewAccount) -> BoxFuture<'_, Result<Account, RegisterError>> {
        Box::pin(async move {
            self.there().map_err(|error| RegisterError::Unavailable(error.into()))?;
            self.issuer.register(account).await
        })
    }

    fn password_grant<'a>(
        &'a self,
        login: &'a str,
        password: &'a Secret,
        peer: IpAddr,
    ) -> BoxFuture<'a, Result<Tokens, GrantError>> {
        Box::pin(async move {
            self.there()?;
            self.issuer.password_grant(login, password, peer).await
        })
    }

    fn refresh<'a>(&'a self, token: &'a Secret) -> BoxFuture<'a, Result<Tokens, GrantError>> {
        Box::pin(async move {
            self.there()?;
            self.refreshes.fetch_add(1, Ordering::SeqCst);
            self.issuer.refresh(token).await
        })
    }

    fn exchange_code<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<Tokens, GrantError>> {
        Box::pin(async move {
            self.there()?;
            self.issuer.exchange_code(exchange).await
        })
    }

    fn end_session<'a>(&'a self, token: &'a Secret) -> BoxFuture<'a, Result<(), GrantError>> {
        Box::pin(async move {
            self.there()?;
            self.issuer.end_session(token).await
        })
    }

    fn authorization_url(&self, request: AuthorizationRequest<'_>) -> String {
        self.issuer.authorization_url(request)
    }

    fn check(&self) -> BoxFuture<'_, Result<(), String>> {
        self.issuer.check()
    }
}

/// An installation.
pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) users: Users,
    pub(crate) bus: Arc<InProcessBus>,
    pub(crate) presence: Arc<InMemoryPresence>,
    pub(crate) provider: Arc<Switched>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ids: Ids,
    pub(crate) document: utoipa::openapi::OpenApi,
    pub(crate) readiness: Vec<kit::Check>,
    told: Arc<Mutex<mpsc::Receiver<Told>>>,
    stop: CancellationToken,
    _directory: tempfile::TempDir,
}

/// Somebody who is signed in as a program.
pub(crate) struct Someone {
    pub(crate) id: UserId,
    pub(crate) token: String,
    pub(crate) refresh_token: String,
}

impl World {
    /// An installation without limits.
    pub(crate) async fn new() -> Self {
        Self::at(ORIGIN, false).await
    }

    /// An installation at that URL.
    pub(crate) async fn at(public_url: &str, limited: bool) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::starting_at(Timestamp::from_millis(1_790_000_000_000)));
        let ids = Ids::new(clock.clone(), Arc::new(Chance));
        let bus = Arc::new(InProcessBus::default());
        let public_url = Url::parse(public_url).unwrap();
        let limits = Arc::new(RateLimits::new(limited, RATE_LIMITS));
        let issuer = Embedded::open(
            EmbeddedConfig::new(directory.path(), &public_url),
            ids.clone(),
            bus.clone(),
            Arc::new(RateLimits::new(false, &[])),
        )
        .unwrap();
        let verifier = Arc::new(Verifier::new(
            issuer.keys(),
            VerifierConfig::for_issuer(issuer.issuer_url()),
            clock.clone(),
        ));
        let provider = Arc::new(Switched {
            issuer: issuer.clone(),
            away: AtomicBool::new(false),
            refreshes: AtomicUsize::new(0),
        });
        let presence = Arc::new(InMemoryPresence::default());
        let (module, users) = user_service::module(Deps {
            store: Arc::new(SqliteStore::open(directory.path()).unwrap()),
            ids: ids.clone(),
            bus: bus.clone(),
            provider: provider.clone(),
            presence: presence.clone(),
            limits,
            public_url,
        });
        let told = Arc::new(Mutex::new(bus.fan_out()));
        let stop = CancellationToken::new();
        let Module { routes, tasks, readiness } = module;
        let identity = issuer.module();
        let verifying = [verifier.task(bus.as_ref())];
        for task in tasks.into_iter().chain(identity.tasks).chain(verifying) {
            tokio::spawn((task.run)(stop.clone()));
        }
        let document = routes.get_openapi().clone();
        let authenticator: Arc<dyn Authenticator> = verifier;
        let (router, _) = routes.merge(identity.routes).split_for_parts();
        let router = router
            .fallback(fallback)
            .method_not_allowed_fallback(method_not_allowed)
            .layer(Extension(authenticator));
        Self {
            router,
            users,
            bus,
            presence,
            provider,
            clock,
            ids,
            document,
            readiness,
            told,
            stop,
            _directory: directory,
        }
    }

    /// Somebody new, signed in.
    pub(crate) async fn someone(&self, username: &str) -> Someone {
        let body = json!({
            "username": username,
            "email": format!("{username}@example.org"),
            "password": PASSWORD,
        });
        let answer = self.post("/api/users/register").json(&body).send().await;
        let user = answer.is::<Registered>(StatusCode::CREATED).user;
        let tokens = self.sign_in(username).await;
        Someone { id: user.id, token: tokens.access_token, refresh_token: tokens.refresh_token }
    }

    pub(crate) async fn sign_in(&self, username: &str) -> TokenAnswer {
        let body = json!({"username": username, "password": PASSWORD});
        self.post("/api/users/login").json(&body).send().await.is(StatusCode::OK)
    }

    /// Waits until `pick` finds what it looks for among what is told.
    pub(crate) async fn hears<T>(&self, mut pick: impl FnMut(Told) -> Option<T>) -> T {
        let mut told = self.told.lock().await;
        let heard = async {
            loop {
                if let Some(found) = pick(told.recv().await.unwrap()) {
                    return found;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), heard).await.expect("it is never told")
    }

    /// Lets what is told go by unheard, as a subscriber that keeps up does.
    pub(crate) fn drain(&self) -> tokio::task::JoinHandle<()> {
        let told = Arc::clone(&self.told);
        tokio::spawn(async move { while told.lock().await.recv().await.is_some() {} })
    }

    /// Tells the service something, and waits until that is safe.
    pub(crate) async fn tells(&self, told: Told) {
        let confirm = self.bus.publish(told).await.unwrap();
        tokio::time::timeout(Duration::from_secs(10), confirm).await.unwrap().unwrap();
    }

    pub(crate) fn get(&self, path: impl AsRef<str>) -> Call<'_> {
        self.call("GET", path.as_ref())
    }

    pub(crate) fn post(&self, path: impl AsRef<str>) -> Call<'_> {
        self.call("POST", path.as_ref())
    }

    pub(crate) fn put(&self, path: impl AsRef<str>) -> Call<'_> {
        self.call("PUT", path.as_ref())
    }

    pub(crate) fn delete(&self, path: impl AsRef<str>) -> Call<'_> {
        self.call("DELETE", path.as_ref())
    }

    pub(crate) fn call(&self, method: &str, path: &str) -> Call<'_> {
        let request = Request::builder().method(method).uri(path);
        Call { router: &self.router, request, body: Body::empty(), peer: None }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A request being made.
pub(crate) struct Call<'a> {
    router: &'a Router,
    request: http::request::Builder,
    body: Body,
    peer: Option<IpAddr>,
}

impl Call<'_> {
    pub(crate) fn by(self, someone: &Someone) -> Self {
        self.bearer(&someone.token)
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn from(mut self, peer: &str) -> Self {
        self.peer = Some(peer.parse().unwrap());
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").raw(body.to_string())
    }

    pub(crate) fn raw(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) async fn send(self) -> Answer {
        let mut request = self.request.body(self.body).unwrap();
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(Peer(peer));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends it and expects that code, as a problem.
    pub(crate) async fn refused(self, code: &str) -> Value {
        self.send().await.is_problem(code)
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn value(&self, status: StatusCode) -> Value {
        self.is(status)
    }

    pub(crate) fn is<T: DeserializeOwned>(&self, status: StatusCode) -> T {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn is_empty(&self) {
        assert_eq!(self.status, StatusCode::NO_CONTENT, "{}", self.text());
        assert!(self.body.is_empty());
    }

    pub(crate) fn is_problem(&self, code: &str) -> Value {
        let problem: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        assert_eq!(problem["code"], code, "{} {}", self.status, self.text());
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(self.header(header::CONTENT_TYPE.as_str()), "application/problem+json");
        problem
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The fields that a problem names.
pub(crate) fn fields(problem: &Value) -> Vec<String> {
    let errors: Vec<FieldError> = serde_json::from_value(problem["errors"].clone()).unwrap();
    errors.into_iter().map(|error| error.field).collect()
}
