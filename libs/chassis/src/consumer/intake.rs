//! One partition's worker: takes in whatever is there as one batch, and gets past what cannot be taken in.

use std::time::Duration;

use axum::http::StatusCode;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::progress::{Place, Progress};
use crate::apply::{ApplyError, Consumer};
use crate::problem::{Problem, chain};
use crate::record::Record;

/// After so many attempts a fault of ours counts as one that will not pass.
const GIVE_UP_AFTER: u32 = 8;

/// Takes in what arrives in `queue` until `stop`.
pub(super) async fn work(
    consumer: Consumer,
    place: Place,
    mut queue: mpsc::Receiver<Record>,
    (progress, batch): (Progress, usize),
    stop: CancellationToken,
) {
    let mut records = Vec::with_capacity(batch);
    loop {
        records.clear();
        tokio::select! {
            got = queue.recv_many(&mut records, batch) => if got == 0 { return },
            () = stop.cancelled() => return,
        }
        let size = u32::try_from(records.len()).unwrap_or(u32::MAX);
        metrics::histogram!("mall_consumer_batch_size", "service" => consumer.service).record(size);
        progress.busy(&place, records.first().map(|r| r.timestamp_ms));
        let Some(next) = take_in(&consumer, &records, &stop).await else { return };
        progress.advance(&place, next);
        progress.busy(&place, None);
    }
}

/// Takes records in until they are in: as a batch, then one by one around a culprit. `None` when asked to stop.
async fn take_in(consumer: &Consumer, records: &[Record], stop: &CancellationToken) -> Option<i64> {
    let mut tries = 0;
    loop {
        match consumer.apply(records).await {
            Ok(done) => return Some(done.next_offset),
            Err(ApplyError::Handler { problem, .. }) if records.len() > 1 => {
                tracing::warn!(problem = problem.slug, "a batch failed and is taken in one by one");
                let mut next = None;
                for record in records {
                    next = Some(
                        Box::pin(take_in(consumer, std::slice::from_ref(record), stop)).await?,
                    );
                }
                return next;
            }
            Err(ApplyError::Handler { problem, .. })
                if tries >= GIVE_UP_AFTER && is_ours(&problem) =>
            {
                match consumer.give_up(&records[0], &problem).await {
                    Ok(done) => return Some(done.next_offset),
                    Err(error) => tracing::warn!(%error, "a dead letter cannot be written yet"),
                }
            }
            Err(error) => complain(consumer, &error, tries),
        }
        tries += 1;
        let pause = Duration::from_millis(50 << tries.min(6));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return None,
        }
    }
}

/// A 503 says that something is away and will be back: it is waited for, however long that takes.
fn is_ours(problem: &Problem) -> bool {
    problem.status != StatusCode::SERVICE_UNAVAILABLE.as_u16()
}

/// Rarer and rarer, so that an hour without a database is a dozen lines.
fn complain(consumer: &Consumer, error: &ApplyError, tries: u32) {
    if tries != 0 && !tries.is_power_of_two() {
        return;
    }
    let cause = match error {
        ApplyError::Handler { problem, .. } => problem.cause.clone(),
        ApplyError::Db(_) | ApplyError::Crash(_) => chain(error),
    };
    tracing::warn!(consumer = consumer.name, %error, cause, tries, "records wait to be taken in");
}
