//! Waiting until nothing is on its way: outboxes empty, every consumer at the end of its topics, no job due.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::hearing;
use super::rows::{count, count_at};
use super::stack::StackHandles;

/// How long a stack may take to come to rest.
pub const PATIENCE: Duration = Duration::from_mins(1);
const AGAIN: Duration = Duration::from_millis(300);

/// Waits until nothing is on its way, for at most `patience`. Returns what still is.
pub async fn wait(stack: &StackHandles, patience: Duration) -> anyhow::Result<Vec<String>> {
    let started = Instant::now();
    loop {
        let moving = moving(stack).await?;
        if moving.is_empty() || started.elapsed() > patience {
            return Ok(moving);
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// What is on its way.
async fn moving(stack: &StackHandles) -> anyhow::Result<Vec<String>> {
    let mut moving = undone(stack).await?;
    // Where everybody stands, and only then, once for all, where the topics end.
    let mut standing = Vec::new();
    for (service, consumers) in &stack.consumers {
        for consumer in [&consumers.effects, &consumers.projections] {
            let stored = hearing::stored(stack.db(service)?, &consumer.name).await?;
            standing.push((consumer, stored));
        }
    }
    let topics: BTreeSet<_> =
        standing.iter().flat_map(|(consumer, _)| consumer.handlers.topics()).collect();
    let extents = stack.broker.extents(topics.into_iter().collect()).await?;
    for (consumer, stored) in &standing {
        let behind = hearing::behind(consumer, stored, &extents);
        moving.extend(behind.iter().map(|t| format!("{} is reading {t}", consumer.name)));
    }
    Ok(moving)
}

/// What is to be said or done yet.
async fn undone(stack: &StackHandles) -> anyhow::Result<Vec<String>> {
    let (now, mut moving) = (stack.now()?, Vec::new());
    for (service, db) in &stack.databases {
        let outbox = count(db, "chassis.outbox").await.with_context(|| {
            format!("the database of {service} does not answer; `make status` shows what runs")
        })?;
        if outbox > 0 {
            moving.push(format!("{service} has {outbox} events to say"));
        }
        let jobs =
            count_at(db, "chassis.job where failed_at is null and due_at <= $1", now).await?;
        if jobs > 0 {
            moving.push(format!("{service} has {jobs} jobs to do"));
        }
    }
    Ok(moving)
}
