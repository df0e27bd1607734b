//! Where a consumer stands in a partition: read, locked and moved on.

use jiff_sqlx::ToSqlx;
use uuid::Uuid;

use super::Batch;
use crate::events::consumer::Consumer;
use crate::events::dead_letters;
use crate::events::inbox::Inbox;
use crate::events::record::Record;
use crate::events::tx::Tx;

/// What the first statement of a batch found.
#[derive(sqlx::FromRow)]
pub(super) struct Opened {
    /// Where the consumer stood.
    #[sqlx(rename = "next_offset")]
    pub stored: i64,
    /// Ids that were not in the inbox before.
    pub new: Vec<Uuid>,
    /// Whether a key of the batch seemed to have something waiting.
    pub waiting: bool,
}

impl Consumer {
    /// Where this consumer stands in the partition of `record`.
    pub(super) async fn stored_at(&self, record: &Record) -> sqlx::Result<i64> {
        let stored: Option<i64> = sqlx::query_scalar(
            "select next_offset from chassis.consumer_offset
              where consumer = $1 and topic = $2 and partition = $3",
        )
        .bind(&self.name)
        .bind(&*record.topic)
        .bind(record.partition)
        .fetch_optional(self.db.pool())
        .await?;
        Ok(stored.unwrap_or(0))
    }

    /// One statement: takes the lock on our place, moves it on, remembers the ids, looks for letters.
    pub(super) async fn open(
        &self,
        tx: &mut Tx,
        batch: Batch<'_>,
        ours: &[(usize, &Record)],
        inbox: &Inbox,
    ) -> sqlx::Result<Opened> {
        let Some((_, first)) = ours.first() else { return Err(sqlx::Error::RowNotFound) };
        let keys: Vec<_> = ours.iter().map(|(_, r)| dead_letters::key_of(r)).collect();
        let (ids, digests) = inbox.to_remember();
        let now = tx.now().to_sqlx();
        loop {
            let opened = sqlx::query_as(
                "with place as (
                     select next_offset from chassis.consumer_offset
                      where consumer = $1 and topic = $2 and partition = $3 for update
                 ), moved as (
                     update chassis.consumer_offset o set next_offset = greatest(o.next_offset, $4) from place
                      where o.consumer = $1 and o.topic = $2 and o.partition = $3
                 ), heard as (
                     insert into chassis.inbox (consumer, event_id, heard_at, digest)
                     select $1, e.id, $5, e.digest from place, unnest($6::uuid[], $7::bytea[]) as e (id, digest)
                      order by e.id
                     on conflict do nothing
                     returning event_id
                 )
                 select next_offset, array(select event_id from heard) as new,
                        exists (select from chassis.dead_letter
                                 where consumer = $1 and topic = $2 and key = any($8)) as waiting
                   from place",
            )
            .bind(&self.name)
            .bind(&*first.topic)
            .bind(first.partition)
            .bind(batch.end())
            .bind(now)
            .bind(&ids)
            .bind(&digests)
            .bind(&keys)
            .fetch_optional(tx.conn())
            .await?;
            if let Some(opened) = opened {
                return Ok(opened);
            }
            self.lock_offset(tx, first).await?;
        }
    }

    pub(super) async fn lock_offset(&self, tx: &mut Tx, record: &Record) -> sqlx::Result<i64> {
        sqlx::query_scalar(
            "insert into chassis.consumer_offset as o (consumer, topic, partition, next_offset)
             values ($1, $2, $3, 0)
             on conflict (consumer, topic, partition) do update set next_offset = o.next_offset
             returning next_offset",
        )
        .bind(&self.name)
        .bind(&*record.topic)
        .bind(record.partition)
        .fetch_one(tx.conn())
        .await
    }

    pub(super) async fn advance(&self, tx: &mut Tx, last: &Record) -> sqlx::Result<()> {
        sqlx::query(
            "update chassis.consumer_offset set next_offset = $4
              where consumer = $1 and topic = $2 and partition = $3",
        )
        .bind(&self.name)
        .bind(&*last.topic)
        .bind(last.partition)
        .bind(last.offset + 1)
        .execute(tx.conn())
        .await
        .map(drop)
    }
}
