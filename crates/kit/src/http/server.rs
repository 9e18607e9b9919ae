//! The HTTP server: connections with limits, and what frames every request.

use std::{
    net::{IpAddr, SocketAddr},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Duration,
};

use api::ErrorCode;
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use http::{HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use kernel::{Ids, RequestId};
use tokio::{net::TcpListener, sync::Semaphore, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

use super::Failure;

/// The address of the other end of the connection; with a trusted proxy, the one it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Limits of connections.
#[derive(Debug, Clone, Copy)]
pub struct ServerLimits {
    /// Open connections at most; more wait to be accepted.
    pub connections: usize,
    /// How long a request's head may take to arrive.
    pub head: Duration,
    /// Bytes of a request's head.
    pub head_bytes: usize,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self { connections: 50_000, head: Duration::from_secs(10), head_bytes: 32 * 1024 }
    }
}

/// Serves a router over HTTP/1.1.
#[derive(Debug)]
pub struct HttpServer {
    listener: TcpListener,
    limits: ServerLimits,
    trusted_proxies: Arc<[IpAddr]>,
}

impl HttpServer {
    /// A server on that listener. From the addresses of `trusted_proxies` the last address of
    /// `X-Forwarded-For` is taken as the peer; from all others the header is ignored.
    #[must_use]
    pub fn new(listener: TcpListener, limits: ServerLimits, trusted_proxies: Vec<IpAddr>) -> Self {
        Self { listener, limits, trusted_proxies: trusted_proxies.into() }
    }

    /// Serves until `stop`, then lets running requests end. An upgraded connection belongs to who
    /// upgraded it and is not waited for.
    pub async fn serve(self, router: Router, stop: CancellationToken) {
        let room = Arc::new(Semaphore::new(self.limits.connections));
        let connections = TaskTracker::new();
        loop {
            let Ok(place) = Arc::clone(&room).acquire_owned().await else {
                break;
            };
            let (stream, address) = tokio::select! {
                () = stop.cancelled() => break,
                accepted = self.listener.accept() => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        // Out of file descriptors, most likely: wait for some to come back.
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                        continue;
                    }
                },
            };
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection is gone already");
                continue;
            }
            let router = router.clone();
            let (limits, stop) = (self.limits, stop.clone());
            let proxies = Arc::clone(&self.trusted_proxies);
            connections.spawn(async move {
                let service = tower::service_fn(move |mut request: http::Request<_>| {
                    let peer = peer_of(address, request.headers(), &proxies);
                    request.extensions_mut().insert(Peer(peer));
                    let router = router.clone();
                    async move { tower::ServiceExt::oneshot(router, request).await }
                });
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(limits.head)
                    .max_buf_size(limits.head_bytes.max(8 * 1024))
                    .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
                    .with_upgrades();
                let mut connection = std::pin::pin!(connection);
                let ended = tokio::select! {
                    ended = connection.as_mut() => ended,
                    () = stop.cancelled() => {
                        connection.as_mut().graceful_shutdown();
                        connection.await
                    }
                };
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke off");
                }
                drop(place);
            });
        }
        drop(self.listener);
        connections.close();
        connections.wait().await;
    }
}

fn peer_of(address: SocketAddr, headers: &http::HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let direct = address.ip().to_canonical();
    if !proxies.contains(&direct) {
        return direct;
    }
    headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(direct)
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long a request may take from head to answer.
const REQUEST_TIME: Duration = Duration::from_secs(30);

/// Frames every request: an id in the answer, a span, a time limit, a count, the security headers
/// that every answer carries, and a problem instead of a broken connection should a handler panic.
pub async fn request_frame(State(ids): State<Ids>, request: Request, next: Next) -> Response {
    let request_id: RequestId = ids.make();
    let started = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", %request_id, %method, route);
    let answer = AssertUnwindSafe(tokio::time::timeout(REQUEST_TIME, next.run(request)))
        .catch_unwind()
        .instrument(span.clone())
        .await;
    let mut response = match answer {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Failure::from(ErrorCode::RequestTimeout).into_response(),
        Err(_) => {
            span.in_scope(|| tracing::error!("a handler panicked"));
            Failure::from(ErrorCode::Internal).into_response()
        }
    };
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    metrics::histogram!(
        "thread_http_request_seconds",
        "method" => method.to_string(), "route" => route, "status" => status.to_string()
    )
    .record(seconds);
    span.in_scope(|| tracing::debug!(status, duration_ms = seconds * 1000.0, "answered"));
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&request_id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        // Answers are one user's; what may be cached says so itself.
        ("cache-control", "no-store"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
