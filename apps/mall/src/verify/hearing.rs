//! Every consumer took in every event, once, and its place in the topics never went back.

use std::collections::{BTreeMap, BTreeSet};

use chassis::Consumer;
use jiff::Timestamp;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::broker::{Extents, Place};
use super::check::Finding;
use super::event_log::{EventLog, LoggedEvent};
use super::events;
use super::facts::Side;
use super::stack::StackHandles;

/// The inbox remembers for 14 days; what is a little younger must be in it.
const REMEMBERED_MS: i64 = 13 * 24 * 3_600_000;

/// Where a consumer stands, by place.
pub type Stored = BTreeMap<(String, i32), i64>;

/// Where a consumer stands.
pub async fn stored(db: &PgPool, consumer: &str) -> sqlx::Result<Stored> {
    let rows = sqlx::query(
        "select topic, partition, next_offset from chassis.consumer_offset where consumer = $1",
    )
    .bind(consumer)
    .fetch_all(db)
    .await?;
    rows.iter().map(|r| Ok(((r.try_get(0)?, r.try_get(1)?), r.try_get(2)?))).collect()
}

/// The topics on which a consumer that stands at `stored` has not read everything up to `extents`.
pub fn behind(consumer: &Consumer, stored: &Stored, extents: &Extents) -> BTreeSet<&'static str> {
    let topics = consumer.handlers.topics();
    let unread = |((topic, partition), extent): &(&Place, &super::broker::Extent)| {
        let next = stored.get(&((*topic).to_owned(), *partition)).copied().unwrap_or(0);
        topics.contains(topic) && extent.high > extent.low && next < extent.high
    };
    extents.iter().filter(unread).map(|((topic, _), _)| *topic).collect()
}

/// 4: each consumer took in each event exactly once.
pub async fn taken_in(stack: &StackHandles) -> anyhow::Result<Finding> {
    let now = stack.now()?;
    let log = stack.log().await?;
    let mut found = Finding::default();
    for (service, consumers) in &stack.consumers {
        let db = stack.db(service)?;
        for consumer in [&consumers.effects, &consumers.projections] {
            let stored = stored(db, &consumer.name).await?;
            for topic in behind(consumer, &stored, &log.extents) {
                found.wrong(format!("{} has not read {topic} to its end", consumer.name));
            }
            let heard = heard(consumer, &stored, &log);
            found.checked += heard.len();
        }
        let stored = self::stored(db, &consumers.effects.name).await?;
        let heard = heard(&consumers.effects, &stored, &log);
        found.add(remembered(db, &consumers.effects, &heard, now).await?);
    }
    found.add(events::rows_of(stack, &log, Side::Heard).await?);
    Ok(found)
}

/// What this consumer has read and hears.
fn heard<'a>(consumer: &Consumer, stored: &Stored, log: &'a EventLog) -> Vec<&'a LoggedEvent> {
    let topics = consumer.handlers.topics();
    let read = |event: &&LoggedEvent| {
        topics.contains(&event.topic)
            && consumer.handlers.hears(&event.name)
            && stored
                .get(&(event.topic.to_owned(), event.partition))
                .is_some_and(|n| event.offset < *n)
    };
    log.events.iter().filter(read).collect()
}

/// Every event that was read is in the inbox, or among the dead letters.
async fn remembered(
    db: &PgPool,
    consumer: &Consumer,
    heard: &[&LoggedEvent],
    now: Timestamp,
) -> anyhow::Result<Finding> {
    let since = now.as_millisecond() - REMEMBERED_MS;
    let young = heard.iter().filter(|event| event.at_ms > since);
    let by_id: BTreeMap<Uuid, &&LoggedEvent> =
        young.filter_map(|event| Some((event.id?, event))).collect();
    let ids: Vec<Uuid> = by_id.keys().copied().collect();
    let passed_over: Vec<Uuid> = sqlx::query_scalar(
        "select id from unnest($2::uuid[]) as ids (id)
          where not exists (select from chassis.inbox where consumer = $1 and event_id = ids.id)
            and not exists (select from chassis.dead_letter
                             where consumer = $1 and headers ->> 'ce_id' = ids.id::text)",
    )
    .bind(&consumer.name)
    .bind(&ids)
    .fetch_all(db)
    .await?;
    let sentence = |id: &Uuid| {
        let event = by_id.get(id)?;
        Some(format!(
            "{} passed over {} {} ({}): it is neither taken in nor a dead letter",
            consumer.name,
            event.name,
            id,
            event.place()
        ))
    };
    Ok(Finding {
        violations: passed_over.iter().filter_map(sentence).collect(),
        ..Finding::default()
    })
}

/// 5: stored offsets never went back.
pub async fn forward(stack: &StackHandles) -> anyhow::Result<Finding> {
    let log = stack.log().await?;
    let mut found = Finding::default();
    for (service, consumers) in &stack.consumers {
        let db = stack.db(service)?;
        for consumer in [&consumers.effects, &consumers.projections] {
            let stored = stored(db, &consumer.name).await?;
            found.checked += stored.len();
            let places: Vec<Place> = log
                .extents
                .keys()
                .copied()
                .filter(|(t, p)| stored.contains_key(&((*t).to_owned(), *p)))
                .collect();
            // Asked for after the offsets: on a living stand both move on.
            let ends = stack.broker.extents(consumer.handlers.topics()).await?;
            let hints = stack.broker.hints(consumer.name.clone(), places.clone()).await?;
            let now = self::stored(db, &consumer.name).await?;
            for (topic, partition) in places {
                let place = (topic.to_owned(), partition);
                let (next, high) =
                    (stored[&place], ends.get(&(topic, partition)).map_or(0, |e| e.high));
                let at = format!("{} stands at {next} of {topic}[{partition}]", consumer.name);
                if next > high {
                    found.wrong(format!("{at}, which ends at {high}: the topic lost records"));
                }
                let next = now.get(&place).copied().unwrap_or(0);
                if let Some(hint) = hints.get(&(topic, partition)).filter(|hint| **hint > next) {
                    found.wrong(format!("{at}, but had told the broker {hint}: it went back"));
                }
            }
        }
        found.violations.extend(known_ahead(db, &consumers.effects, &log).await?);
    }
    Ok(found)
}

/// Events at or beyond the stored offset that are in the inbox all the same.
async fn known_ahead(
    db: &PgPool,
    consumer: &Consumer,
    log: &EventLog,
) -> anyhow::Result<Vec<String>> {
    let stored = stored(db, &consumer.name).await?;
    let topics = consumer.handlers.topics();
    let below: BTreeSet<Uuid> =
        heard(consumer, &stored, log).into_iter().filter_map(|event| event.id).collect();
    let ahead = log.events.iter().filter(|event| {
        topics.contains(&event.topic)
            && stored
                .get(&(event.topic.to_owned(), event.partition))
                .is_some_and(|n| event.offset >= *n)
    });
    // A producer's duplicate may well lie ahead of the record it repeats.
    let ahead: BTreeMap<Uuid, &LoggedEvent> = ahead
        .filter_map(|event| Some((event.id?, event)))
        .filter(|(id, _)| !below.contains(id))
        .collect();
    let ids: Vec<Uuid> = ahead.keys().copied().collect();
    let known: Vec<Uuid> = sqlx::query_scalar(
        "select event_id from chassis.inbox where consumer = $1 and event_id = any($2)",
    )
    .bind(&consumer.name)
    .bind(&ids)
    .fetch_all(db)
    .await?;
    // What was taken in a moment ago has moved the offset, too.
    let stored = self::stored(db, &consumer.name).await?;
    let is_ahead = |event: &LoggedEvent| {
        stored.get(&(event.topic.to_owned(), event.partition)).is_some_and(|n| event.offset >= *n)
    };
    Ok(known
        .iter()
        .filter_map(|id| Some((id, ahead.get(id)?)))
        .filter(|(_, event)| is_ahead(event))
        .map(|(id, event)| {
            format!(
                "{} has taken in {} ({id}), but stands before it: its offset went back",
                consumer.name,
                event.place()
            )
        })
        .collect())
}
