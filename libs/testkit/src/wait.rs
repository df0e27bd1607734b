//! Waiting for the thing itself, with a deadline.

use std::time::Duration;

/// Asks `probe` until it gives something, for at most ten seconds.
///
/// # Panics
/// When it does not: `what` says what was waited for.
pub async fn eventually<T>(what: &str, probe: impl AsyncFn() -> Option<T>) -> T {
    within(Duration::from_secs(10), what, probe).await
}

/// Asks `probe` until it gives something, for at most `patience`.
///
/// # Panics
/// When it does not: `what` says what was waited for.
pub async fn within<T>(patience: Duration, what: &str, probe: impl AsyncFn() -> Option<T>) -> T {
    let asking = async {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        loop {
            tick.tick().await;
            if let Some(found) = probe().await {
                return found;
            }
        }
    };
    tokio::time::timeout(patience, asking)
        .await
        .unwrap_or_else(|_| panic!("waited {patience:?} in vain: {what}"))
}
