//! Events that could not be handled, and the later events of the same key that wait behind them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use contracts::ops::{DeadLettered, Redriven};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::consumer::Consumer;
use super::inbox::Inbox;
use super::record::Record;
use super::tx::Tx;
use crate::db::Db;
use crate::problem::Problem;

/// One record that was put aside.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct DeadLetter {
    /// Its number in this service.
    pub id: i64,
    /// Which consumer put it aside.
    pub consumer: String,
    /// Where it stands.
    pub topic: String,
    /// In which partition.
    pub partition: i32,
    /// At which offset.
    #[sqlx(rename = "record_offset")]
    pub offset: i64,
    /// The record's key.
    pub key: String,
    /// The event's name, when it had one.
    pub name: String,
    /// Whether it failed itself, or waits behind one that did.
    pub culprit: bool,
    /// The problem's slug.
    pub problem: String,
    /// What happened.
    pub detail: String,
    /// When it was put aside.
    #[sqlx(try_from = "jiff_sqlx::Timestamp")]
    pub died_at: Timestamp,
}

/// The problem of an event that waits aside until it can be handled.
pub const NOT_YET: &str = "event/not-yet";
/// After so long it is not believed any more that it will be.
const NOT_YET_ENDS: SignedDuration = SignedDuration::from_mins(15);

/// A key as it is kept: no index takes one of any length.
pub(crate) fn key_of(record: &Record) -> Cow<'_, str> {
    match record.key.len() {
        0..=1000 => Cow::Borrowed(&record.key),
        _ => Cow::Owned(format!("sha256:{}", hex::encode(Sha256::digest(&record.key)))),
    }
}

/// Sorts `records` into those that have to wait behind a letter of their key, and the others.
pub(crate) async fn behind<'r>(
    tx: &mut Tx,
    consumer: &Consumer,
    records: Vec<(usize, &'r Record)>,
) -> sqlx::Result<(Vec<&'r Record>, Vec<(usize, &'r Record)>)> {
    let Some((_, first)) = records.first() else { return Ok((Vec::new(), records)) };
    let keys: Vec<_> = records.iter().map(|(_, r)| key_of(r)).collect();
    let found: Vec<String> = sqlx::query_scalar(
        "select distinct key from chassis.dead_letter
          where consumer = $1 and topic = $2 and key = any($3)",
    )
    .bind(&consumer.name)
    .bind(&*first.topic)
    .bind(&keys)
    .fetch_all(tx.conn())
    .await?;
    let blocked: HashSet<String> = found.into_iter().collect();
    let (waiting, free): (Vec<_>, Vec<_>) =
        records.into_iter().partition(|(_, r)| blocked.contains(&*key_of(r)));
    Ok((waiting.into_iter().map(|(_, r)| r).collect(), free))
}

/// Puts a record aside that waits behind a culprit.
pub(crate) async fn park(tx: &mut Tx, consumer: &Consumer, record: &Record) -> sqlx::Result<()> {
    insert(tx, consumer, record, "event/waiting", "", false).await
}

/// Puts a record aside until what it needs has been heard. [`retry`] comes back to it; nobody is called.
pub(crate) async fn postpone(
    tx: &mut Tx,
    consumer: &Consumer,
    record: &Record,
    problem: &Problem,
) -> sqlx::Result<()> {
    tracing::warn!(
        consumer = consumer.name,
        kafka.topic = &*record.topic,
        kafka.offset = record.offset,
        event = record.name(),
        cause = problem.cause,
        "an event cannot be handled yet and waits aside"
    );
    insert(tx, consumer, record, NOT_YET, &problem.cause, true).await
}

/// Puts a culprit aside and says so.
pub(crate) async fn add(
    tx: &mut Tx,
    consumer: &Consumer,
    record: &Record,
    problem: &Problem,
) -> sqlx::Result<()> {
    tracing::error!(
        consumer = consumer.name,
        kafka.topic = &*record.topic,
        kafka.partition = record.partition,
        kafka.offset = record.offset,
        event = record.name(),
        problem = problem.slug,
        cause = problem.cause,
        "an event could not be handled and was put aside"
    );
    let detail = problem.detail.as_deref().unwrap_or_default();
    insert(tx, consumer, record, problem.slug, detail, true).await?;
    emit_dead_lettered(tx, consumer, record, problem.slug);
    Ok(())
}

/// Says that a letter waits for a person.
fn emit_dead_lettered(tx: &mut Tx, consumer: &Consumer, record: &Record, problem: &str) {
    let at = tx.now();
    tx.emit(&DeadLettered {
        service: consumer.service.to_owned(),
        consumer: consumer.name.clone(),
        topic: record.topic.to_string(),
        partition: record.partition,
        offset: record.offset,
        name: record.name().to_owned(),
        problem: problem.to_owned(),
        at,
    });
}

async fn insert(
    tx: &mut Tx,
    consumer: &Consumer,
    record: &Record,
    problem: &str,
    detail: &str,
    culprit: bool,
) -> sqlx::Result<()> {
    let now = tx.now().to_sqlx();
    sqlx::query(
        "insert into chassis.dead_letter
             (consumer, topic, partition, record_offset, key, name, headers, payload, culprit, problem, detail, died_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(&consumer.name)
    .bind(&*record.topic)
    .bind(record.partition)
    .bind(record.offset)
    .bind(key_of(record))
    .bind(record.name())
    .bind(serde_json::to_value(&record.headers).unwrap_or_default())
    .bind(&record.payload)
    .bind(culprit)
    .bind(problem)
    .bind(detail)
    .bind(now)
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Everything that was put aside, oldest first.
pub async fn list(db: &Db) -> sqlx::Result<Vec<DeadLetter>> {
    let letters = sqlx::query_as(
        "select id, consumer, topic, partition, record_offset, key, name, culprit, problem, detail, died_at
           from chassis.dead_letter order by id limit 1000",
    );
    letters.fetch_all(&mut *db.lend().await?).await
}

/// What the record of a letter says; nothing for a tombstone, and where the letter is gone.
pub async fn payload(db: &Db, id: i64) -> sqlx::Result<Option<Vec<u8>>> {
    let payload = sqlx::query_scalar("select payload from chassis.dead_letter where id = $1");
    Ok(payload.bind(id).fetch_optional(&mut *db.lend().await?).await?.flatten())
}

/// Drops a letter for good, its duplicates included; those that wait behind it can then be redriven.
pub async fn discard(db: &Db, id: i64) -> sqlx::Result<bool> {
    let dropped = sqlx::query(
        "with dropped as (delete from chassis.dead_letter where id = $1 returning consumer, headers),
              remembered as (
                  insert into chassis.inbox (consumer, event_id, heard_at)
                  select consumer, (headers ->> 'ce_id')::uuid, $2 from dropped
                   where headers ->> 'ce_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                  on conflict do nothing)
         select 1 from dropped",
    )
    .bind(id)
    .bind(db.clock().now().to_sqlx())
    .fetch_optional(&mut *db.lend().await?)
    .await?;
    Ok(dropped.is_some())
}

/// Comes back to what waits aside: to events that could not be handled yet, or that only a newer version knows.
/// Returns how many were handled.
pub async fn retry(consumer: &Consumer) -> sqlx::Result<usize> {
    let waiting: Vec<(i64, String, String, String, String)> = sqlx::query_as(
        "select id, topic, key, name, problem from chassis.dead_letter
          where consumer = $1 and culprit and problem in ($2, 'event/unknown') order by id limit 100",
    )
    .bind(&consumer.name)
    .bind(NOT_YET)
    .fetch_all(consumer.db.pool())
    .await?;
    let mut handled = 0;
    for (id, topic, key, name, problem) in waiting {
        if problem != NOT_YET && !contracts::knows(&name) {
            continue;
        }
        match redrive(consumer, &topic, &key).await {
            Ok(some) => handled += some,
            Err(fault) if fault.may_pass() && !fault.is_not_yet() => {}
            Err(fault) => settle(consumer, id, &problem, &fault).await?,
        }
    }
    Ok(handled)
}

/// Makes an event that waits aside a letter like any other, once it is refused, or has waited for too long.
async fn settle(consumer: &Consumer, id: i64, before: &str, problem: &Problem) -> sqlx::Result<()> {
    let mut tx = consumer.db.begin().await?;
    let latest = tx.now().checked_sub(NOT_YET_ENDS).unwrap_or(Timestamp::MIN);
    let row = sqlx::query(
        "update chassis.dead_letter set problem = $3, detail = $4
          where id = $1 and problem = $2 and (not $5 or died_at < $6)
         returning topic, key, partition, record_offset, headers, payload",
    )
    .bind(id)
    .bind(before)
    .bind(problem.slug)
    .bind(problem.detail.as_deref().unwrap_or(&problem.cause))
    .bind(problem.is_not_yet())
    .bind(latest.to_sqlx())
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(()) };
    let (topic, key): (String, String) = (row.try_get("topic")?, row.try_get("key")?);
    emit_dead_lettered(&mut tx, consumer, &record(&row, &topic, &key)?, problem.slug);
    tx.commit().await
}

/// Leaves a letter for records that were deleted before this consumer could hear them, and moves its place on.
pub(crate) async fn note_gap(
    consumer: &Consumer,
    topic: &str,
    partition: i32,
    stored: i64,
    low: i64,
) -> sqlx::Result<()> {
    let mut tx = consumer.db.begin().await?;
    let moved = sqlx::query(
        "update chassis.consumer_offset set next_offset = $5
          where consumer = $1 and topic = $2 and partition = $3 and next_offset = $4",
    )
    .bind(&consumer.name)
    .bind(topic)
    .bind(partition)
    .bind(stored)
    .bind(low)
    .execute(tx.conn())
    .await?;
    if moved.rows_affected() == 0 {
        return Ok(());
    }
    let gone = Record {
        topic: topic.into(),
        partition,
        offset: stored,
        key: format!("gap:{partition}:{low}"),
        payload: None,
        headers: BTreeMap::new(),
        timestamp_ms: 0,
    };
    let last = low - 1;
    let detail = format!("the records {stored} to {last} were deleted before they were heard");
    tracing::error!(
        consumer = consumer.name,
        kafka.topic = topic,
        kafka.partition = partition,
        "{detail}"
    );
    insert(&mut tx, consumer, &gone, "event/gap", &detail, true).await?;
    emit_dead_lettered(&mut tx, consumer, &gone, "event/gap");
    tx.commit().await
}

/// Hands everything that waits under `topic` and `key` to its handler again, in order, in one transaction.
///
/// # Errors
/// The problem of the first record that still cannot be handled; nothing changed then.
pub async fn redrive(consumer: &Consumer, topic: &str, key: &str) -> Result<usize, Problem> {
    let mut tx = consumer.db.begin().await?;
    let records = take(&mut tx, consumer, topic, key).await?;

    let mut inbox = Inbox::remember(&mut tx, consumer, records.iter()).await?;
    let all: Vec<(usize, &Record)> = records.iter().enumerate().collect();
    consumer.handle_all(&all, &mut inbox, &mut tx).await.map_err(|(_, problem)| problem)?;
    let at = tx.now();
    for record in &records {
        tx.emit(&Redriven {
            service: consumer.service.to_owned(),
            consumer: consumer.name.clone(),
            topic: topic.to_owned(),
            partition: record.partition,
            offset: record.offset,
            at,
        });
    }
    tx.commit().await?;
    Ok(records.len())
}

/// Takes the letters of a key, oldest first. Nothing can be parked behind them meanwhile.
async fn take(
    tx: &mut Tx,
    consumer: &Consumer,
    topic: &str,
    key: &str,
) -> sqlx::Result<Vec<Record>> {
    sqlx::query("select from chassis.consumer_offset where consumer = $1 and topic = $2 order by partition for update")
        .bind(&consumer.name)
        .bind(topic)
        .execute(tx.conn())
        .await?;
    let rows = sqlx::query(
        "delete from chassis.dead_letter where consumer = $1 and topic = $2 and key = $3
         returning partition, record_offset, headers, payload",
    )
    .bind(&consumer.name)
    .bind(topic)
    .bind(key)
    .fetch_all(tx.conn())
    .await?;
    let mut records =
        rows.iter().map(|row| record(row, topic, key)).collect::<Result<Vec<_>, _>>()?;
    records.sort_by_key(|r| (r.partition, r.offset));
    Ok(records)
}

fn record(row: &PgRow, topic: &str, key: &str) -> sqlx::Result<Record> {
    let headers: serde_json::Value = row.try_get("headers")?;
    Ok(Record {
        topic: topic.into(),
        partition: row.try_get("partition")?,
        offset: row.try_get("record_offset")?,
        key: key.to_owned(),
        payload: row.try_get("payload")?,
        headers: serde_json::from_value(headers).unwrap_or_default(),
        timestamp_ms: 0,
    })
}
