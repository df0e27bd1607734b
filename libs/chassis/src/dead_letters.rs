//! Events that could not be handled, and the later events of the same key that wait behind them.

use std::collections::HashSet;

use contracts::ops::{DeadLettered, Redriven};
use jiff_sqlx::ToSqlx;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use crate::apply::Consumer;
use crate::db::{Db, DbError};
use crate::inbox::Inbox;
use crate::problem::Problem;
use crate::record::Record;
use crate::tx::Tx;

/// One record that was put aside.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
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
}

/// The keys among `fresh` that have something waiting.
pub(crate) async fn blocked(
    conn: &mut PgConnection,
    consumer: &Consumer,
    fresh: &[(usize, &Record)],
) -> Result<HashSet<String>, sqlx::Error> {
    let Some((_, first)) = fresh.first() else { return Ok(HashSet::new()) };
    let keys: Vec<&str> = fresh.iter().map(|(_, r)| r.key.as_str()).collect();
    let found = sqlx::query_scalar(
        "select distinct key from chassis.dead_letter
          where consumer = $1 and topic = $2 and key = any($3)",
    )
    .bind(&consumer.name)
    .bind(&*first.topic)
    .bind(&keys)
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().collect())
}

/// Puts a record aside that waits behind a culprit.
pub(crate) async fn park(
    tx: &mut Tx,
    consumer: &Consumer,
    record: &Record,
) -> Result<(), sqlx::Error> {
    insert(tx, consumer, record, None).await
}

/// Puts a culprit aside and says so.
pub(crate) async fn bury(
    tx: &mut Tx,
    consumer: &Consumer,
    record: &Record,
    problem: &Problem,
) -> Result<(), sqlx::Error> {
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
    insert(tx, consumer, record, Some(problem)).await?;
    let at = tx.now();
    tx.emit(&DeadLettered {
        service: consumer.service.to_owned(),
        consumer: consumer.name.clone(),
        topic: record.topic.to_string(),
        partition: record.partition,
        offset: record.offset,
        name: record.name().to_owned(),
        problem: problem.slug.to_owned(),
        at,
    });
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    consumer: &Consumer,
    record: &Record,
    problem: Option<&Problem>,
) -> Result<(), sqlx::Error> {
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
    .bind(&record.key)
    .bind(record.name())
    .bind(serde_json::to_value(&record.headers).unwrap_or_default())
    .bind(&record.payload)
    .bind(problem.is_some())
    .bind(problem.map_or("event/waiting", |p| p.slug))
    .bind(problem.and_then(|p| p.detail.clone()).unwrap_or_default())
    .bind(now)
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Everything that was put aside, oldest first.
pub async fn list(db: &Db) -> Result<Vec<DeadLetter>, DbError> {
    let rows = sqlx::query(
        "select id, consumer, topic, partition, record_offset, key, name, culprit, problem, detail
           from chassis.dead_letter order by id limit 1000",
    )
    .fetch_all(db.pool())
    .await?;
    rows.iter().map(letter).collect::<Result<_, _>>().map_err(DbError)
}

fn letter(row: &PgRow) -> Result<DeadLetter, sqlx::Error> {
    Ok(DeadLetter {
        id: row.try_get("id")?,
        consumer: row.try_get("consumer")?,
        topic: row.try_get("topic")?,
        partition: row.try_get("partition")?,
        offset: row.try_get("record_offset")?,
        key: row.try_get("key")?,
        name: row.try_get("name")?,
        culprit: row.try_get("culprit")?,
        problem: row.try_get("problem")?,
        detail: row.try_get("detail")?,
    })
}

/// Drops a letter for good, its duplicates included; those that wait behind it can then be redriven.
pub async fn discard(db: &Db, id: i64) -> Result<bool, DbError> {
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
    .fetch_optional(db.pool())
    .await?;
    Ok(dropped.is_some())
}

/// Hands everything that waits under `topic` and `key` to its handler again, in order, in one transaction.
///
/// # Errors
/// The problem of the first record that still cannot be handled; nothing changed then.
pub async fn redrive(consumer: &Consumer, topic: &str, key: &str) -> Result<usize, Problem> {
    let mut tx = consumer.db.begin().await.map_err(|e| Problem::of_db(&e))?;
    let db_problem = |e: sqlx::Error| Problem::of_db(&e.into());
    let records = take(&mut tx, consumer, topic, key).await.map_err(db_problem)?;

    let inbox = Inbox::remember(&mut tx, consumer, records.iter()).await;
    let mut inbox = inbox.map_err(db_problem)?;
    let all: Vec<(usize, &Record)> = records.iter().enumerate().collect();
    consumer.hear_all(&all, &mut inbox, &mut tx).await.map_err(|(_, problem)| problem)?;
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
    tx.commit().await.map_err(|e| Problem::of_db(&e))?;
    Ok(records.len())
}

/// Takes the letters of a key, oldest first. Nothing can be parked behind them meanwhile.
async fn take(
    tx: &mut Tx,
    consumer: &Consumer,
    topic: &str,
    key: &str,
) -> Result<Vec<Record>, sqlx::Error> {
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

fn record(row: &PgRow, topic: &str, key: &str) -> Result<Record, sqlx::Error> {
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
