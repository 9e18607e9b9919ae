//! Logs and metrics of the process.

use std::io::IsTerminal;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Deserialize;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Pretty on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

/// Starts logging to standard error. `filter` is as `tracing_subscriber::EnvFilter` reads it.
///
/// # Errors
/// The filter can't be read; the text says what is wrong with it.
pub fn start_logs(format: LogFormat, filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| error.to_string())?;
    let json = match format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    let started = if json {
        registry.with(layer.json().flatten_event(true).with_current_span(true)).try_init()
    } else {
        registry.with(layer).try_init()
    };
    started.map_err(|error| error.to_string())
}

/// Starts the metrics recorder; the handle renders what `/metrics` answers.
///
/// # Errors
/// A recorder runs already.
pub fn start_metrics() -> Result<PrometheusHandle, BuildError> {
    const LATENCY: [f64; 12] =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
    const BATCH: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 512.0];
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &LATENCY)?
        .set_buckets_for_metric(Matcher::Suffix("_batch".to_owned()), &BATCH)?
        .install_recorder()
}
