//! `thread serve`: everything in one process.

mod world;

use std::{net::SocketAddr, time::Duration};

use axum::{Router, routing::get};
use kit::{
    Check, Task,
    http::{HttpServer, ServerLimits, health_routes},
    telemetry,
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{net::TcpListener, task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    command::{Ended, say},
    data_dir::DataDir,
    settings::Settings,
    system,
};
use world::World;

/// How long sockets have to take what is queued for them at the end.
const SOCKETS_GRACE: Duration = Duration::from_secs(3);

/// Runs until SIGTERM or SIGINT.
pub(crate) fn run(settings: Settings) -> Result<(), Ended> {
    telemetry::start_logs(settings.log.format, &settings.log.filter)
        .map_err(|error| format!("log.filter can't be used: {error}"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(settings))
}

async fn serve(settings: Settings) -> Result<(), Ended> {
    let recorder = telemetry::start_metrics()?;
    let data_dir = DataDir::take(&settings.data_dir)?;
    let public = listen(settings.server.listen, "server.listen").await?;
    let management = listen(settings.server.management_listen, "server.management_listen").await?;
    let origin = settings.origin(public.local_addr()?);
    if !settings.limits.enabled {
        tracing::warn!("rate limits are off: for load tests only");
    }
    let World { router, tasks, checks, closer } =
        World::build(&settings, &data_dir, &origin, system::ids())?;

    let stop_tasks = CancellationToken::new();
    let mut running = start(tasks, &stop_tasks);
    let stop_http = CancellationToken::new();
    let limits = ServerLimits { connections: settings.server.connections, ..Default::default() };
    let proxies = settings.server.trusted_proxies.0.clone();
    let public = HttpServer::new(public, limits, proxies);
    let public = tokio::spawn(public.serve(router, stop_http.clone()));
    let management = HttpServer::new(management, ServerLimits::default(), Vec::new());
    let management =
        tokio::spawn(management.serve(management_routes(recorder, checks), stop_http.clone()));

    // The one line that a newcomer and a test wait for.
    say(&format!("Thread is ready at {origin}"))?;

    let mut failed = None;
    tokio::select! {
        () = asked_to_stop() => tracing::info!("stopping"),
        ended = running.join_next() => {
            // A program without its relay or fan-out would look alive and deliver nothing.
            let name = ended.and_then(Result::ok).unwrap_or("a task that panicked");
            tracing::error!(task = name, "a task ended: stopping");
            failed = Some(format!("{name} ended unexpectedly"));
        }
    }
    closer.close(SOCKETS_GRACE).await;
    stop_http.cancel();
    let drain = Duration::from_secs(settings.server.drain_seconds);
    if timeout(drain, async { (public.await, management.await) }).await.is_err() {
        tracing::warn!(seconds = drain.as_secs(), "requests were still running and are cut off");
    }
    stop_tasks.cancel();
    let ended =
        timeout(Duration::from_secs(5), async { while running.join_next().await.is_some() {} });
    if ended.await.is_err() {
        tracing::warn!("some tasks did not end in time");
    }
    drop(data_dir);
    failed.map_or(Ok(()), |reason| Err(reason.into()))
}

async fn listen(address: SocketAddr, setting: &str) -> Result<TcpListener, Ended> {
    TcpListener::bind(address)
        .await
        .map_err(|error| format!("can't listen on {address} ({setting}): {error}").into())
}

fn start(tasks: Vec<Task>, stop: &CancellationToken) -> JoinSet<&'static str> {
    let mut running = JoinSet::new();
    for task in tasks {
        let work = (task.run)(stop.clone());
        running.spawn(async move {
            work.await;
            task.name
        });
    }
    running
}

fn management_routes(recorder: PrometheusHandle, checks: Vec<Check>) -> Router {
    let metrics = get(move || {
        recorder.run_upkeep();
        let text = recorder.render();
        async move { ([("content-type", "text/plain; version=0.0.4; charset=utf-8")], text) }
    });
    health_routes(checks).route("/metrics", metrics).fallback(kit::http::fallback)
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut term = match signal(SignalKind::terminate()) {
        Ok(term) => term,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM can't be heard");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
