//! Waiting for a condition with a deadline, never for luck.

use std::{future::Future, time::Duration};

use tokio::time::{Instant, sleep};

/// Asks again and again, for 10 s, until there is an answer.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, ask: impl FnMut() -> F) -> T {
    eventually_for(Duration::from_secs(10), what, ask).await
}

/// Asks again and again, as long as that, until there is an answer.
///
/// # Panics
/// There was none in time.
pub async fn eventually_for<T, F: Future<Output = Option<T>>>(
    patience: Duration,
    what: &str,
    mut ask: impl FnMut() -> F,
) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {patience:?} in vain: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// A number from `low` to `high`, both included.
#[must_use]
pub fn random_between(low: u64, high: u64) -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    low + u64::from_le_bytes(bytes) % (high - low + 1)
}
