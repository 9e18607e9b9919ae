//! What a service hands to the binary: routes, tasks and readiness checks.

use std::{future::Future, pin::Pin, sync::Arc};

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

/// A task that runs as long as the program, and ends soon after the token is cancelled.
pub struct Task {
    /// Its name in logs.
    pub name: &'static str,
    /// Starts it.
    pub run: Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>,
}

impl Task {
    /// A task of that name.
    pub fn new<F, R>(name: &'static str, run: R) -> Self
    where
        R: FnOnce(CancellationToken) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        Self { name, run: Box::new(move |stop| Box::pin(run(stop)) as Pin<Box<_>>) }
    }
}

/// Tells whether a part that a service needs answers.
#[derive(Clone)]
pub struct Check {
    /// The part's name, as `/readyz` and `thread doctor` show it.
    pub name: &'static str,
    /// Asks it; the error is a sentence for the operator.
    pub ask: Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>,
}

impl Check {
    /// A check of that name.
    pub fn new<F, A>(name: &'static str, ask: A) -> Self
    where
        A: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self { name, ask: Arc::new(move || Box::pin(ask())) }
    }
}

/// A service, ready to be mounted: alone or beside others in one process.
#[derive(Default)]
pub struct Module {
    /// Its routes with their description, each with its full path (`/api/users/...`).
    pub routes: OpenApiRouter,
    /// Its tasks.
    pub tasks: Vec<Task>,
    /// What it needs to be ready.
    pub readiness: Vec<Check>,
}
