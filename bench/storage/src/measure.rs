//! Time, CPU and percentiles.

use std::time::{Duration, Instant};

/// Ticks a second of the times in `/proc` (Linux has 100 for all programs).
const TICKS: f64 = 100.0;

/// What a turn cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Messages a second.
    pub(crate) rate: f64,
    /// Microseconds of CPU a message, callers included.
    pub(crate) cpu: f64,
    /// Milliseconds until a caller was answered.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// KiB written a message, WAL and checkpoints.
    pub(crate) written: f64,
}

/// A watch over the process.
pub(crate) struct Watch {
    started: Instant,
    cpu: f64,
    written: f64,
}

impl Watch {
    pub(crate) fn start() -> Self {
        Self { started: Instant::now(), cpu: cpu_seconds(), written: written_bytes() }
    }

    /// Seconds and seconds of CPU since the start.
    pub(crate) fn read(&self) -> (f64, f64) {
        (self.started.elapsed().as_secs_f64(), cpu_seconds() - self.cpu)
    }

    /// The cost of what was answered in these times.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    pub(crate) fn cost(&self, mut answered: Vec<Duration>) -> Cost {
        let (wall, cpu) = self.read();
        answered.sort_unstable();
        let count = answered.len() as f64;
        let at = |share: usize| {
            let index = (answered.len() * share / 100).min(answered.len().saturating_sub(1));
            answered.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        Cost {
            rate: count / wall,
            cpu: cpu * 1e6 / count,
            p50: at(50),
            p99: at(99),
            written: (written_bytes() - self.written) / 1024.0 / count,
        }
    }
}

/// The process's CPU time, user and system.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name, in brackets, may hold spaces: fields are counted after it.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    ticks / TICKS
}

/// Bytes that the process has handed to `write`.
fn written_bytes() -> f64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = io.lines().find_map(|line| line.strip_prefix("wchar: "));
    line.and_then(|bytes| bytes.parse().ok()).unwrap_or_default()
}

/// The median.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
