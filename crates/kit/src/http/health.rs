//! `/healthz` and `/readyz`.

use std::time::Duration;

use axum::{
    Json, Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::StatusCode;
use serde_json::json;

use crate::Check;

/// How long a part may take to answer before it counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Liveness (the process answers) and readiness (all that it needs answers too; else 503 with the
/// names of what does not).
pub fn health_routes(checks: Vec<Check>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { Json(json!({"status": "ok"})) }))
        .route("/readyz", get(move || ready(checks.clone())))
}

async fn ready(checks: Vec<Check>) -> Response {
    let answers = futures::future::join_all(checks.iter().map(|check| async {
        let answer = tokio::time::timeout(PATIENCE, (check.ask)()).await;
        (check.name, answer.unwrap_or_else(|_| Err("no answer in 2 s".to_owned())))
    }))
    .await;
    let away: Vec<&str> =
        answers.iter().filter(|(_, answer)| answer.is_err()).map(|(name, _)| *name).collect();
    for (name, answer) in &answers {
        if let Err(reason) = answer {
            tracing::warn!(part = name, reason, "a part that is needed does not answer");
        }
    }
    let status = if away.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = if away.is_empty() { "ready" } else { "unavailable" };
    let checks: serde_json::Map<_, _> = answers
        .iter()
        .map(|(name, answer)| {
            ((*name).to_owned(), json!(if answer.is_ok() { "ok" } else { "unavailable" }))
        })
        .collect();
    let mut response =
        (status, Json(json!({"status": word, "checks": checks, "unavailable": away})))
            .into_response();
    if !away.is_empty() {
        response
            .headers_mut()
            .insert(http::header::RETRY_AFTER, http::HeaderValue::from_static("5"));
    }
    response
}
