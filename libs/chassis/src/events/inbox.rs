//! Which events a consumer heard before, and what they said then.

use std::collections::{HashMap, HashSet};

use jiff_sqlx::ToSqlx;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::consumer::Consumer;
use super::record::Record;
use super::subscriptions::Kind;
use super::tx::Tx;
use crate::problem::Problem;

/// What the inbox says of the events of a batch.
///
/// Projections remember nothing: they are guarded by version, so that they can start over.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    unheard: HashSet<Uuid>,
    /// The digests of those that were heard before this batch or come in it.
    digests: HashMap<Uuid, Vec<u8>>,
}

impl Inbox {
    /// The events among `records` that `consumer` hears, before anybody looked whether they are new.
    pub fn of<'r>(consumer: &Consumer, records: impl Iterator<Item = &'r Record>) -> Self {
        let heard = records
            .filter(|record| consumer.handlers.hears(record.name()))
            .filter_map(|record| Some((id_of(record)?, record)));
        let mut inbox = Self::default();
        match consumer.kind {
            Kind::Projection => inbox.unheard.extend(heard.map(|(id, _)| id)),
            Kind::Effect => {
                for (id, record) in heard {
                    inbox.digests.entry(id).or_insert_with(|| digest(record));
                }
            }
        }
        inbox
    }

    /// The ids to remember, with their digests.
    pub fn to_remember(&self) -> (Vec<Uuid>, Vec<&[u8]>) {
        self.digests.iter().map(|(id, digest)| (*id, digest.as_slice())).unzip()
    }

    /// Remembers the events of `records` in a statement of its own.
    pub async fn remember<'r>(
        tx: &mut Tx,
        consumer: &Consumer,
        records: impl Iterator<Item = &'r Record>,
    ) -> sqlx::Result<Self> {
        let mut inbox = Self::of(consumer, records);
        let (ids, digests) = inbox.to_remember();
        let new = sqlx::query_scalar(
            "insert into chassis.inbox (consumer, event_id, heard_at, digest)
             select $1, id, $3, digest from unnest($2::uuid[], $4::bytea[]) as e (id, digest) order by id
             on conflict do nothing
             returning event_id",
        )
        .bind(&consumer.name)
        .bind(&ids)
        .bind(tx.now().to_sqlx())
        .bind(&digests)
        .fetch_all(tx.conn())
        .await?;
        inbox.opened(tx, consumer, new).await?;
        Ok(inbox)
    }

    /// `new` were not in the inbox before; what the others said when they were heard first is looked up.
    pub async fn opened(
        &mut self,
        tx: &mut Tx,
        consumer: &Consumer,
        new: Vec<Uuid>,
    ) -> sqlx::Result<()> {
        self.unheard.extend(new);
        let known: Vec<Uuid> =
            self.digests.keys().copied().filter(|id| !self.unheard.contains(id)).collect();
        if known.is_empty() {
            return Ok(());
        }
        let before: Vec<(Uuid, Vec<u8>)> = sqlx::query_as(
            "select event_id, digest from chassis.inbox
              where consumer = $1 and event_id = any($2) and digest is not null",
        )
        .bind(&consumer.name)
        .bind(&known)
        .fetch_all(tx.conn())
        .await?;
        self.digests.extend(before);
        Ok(())
    }

    /// Forgets those of `records` that were remembered just now: they are put aside, and heard later.
    pub async fn unread(
        &mut self,
        tx: &mut Tx,
        consumer: &Consumer,
        records: &[&Record],
    ) -> sqlx::Result<()> {
        let ids: Vec<Uuid> = records
            .iter()
            .filter_map(|record| id_of(record))
            .filter(|id| self.digests.contains_key(id) && self.unheard.contains(id))
            .collect();
        sqlx::query("delete from chassis.inbox where consumer = $1 and event_id = any($2)")
            .bind(&consumer.name)
            .bind(&ids)
            .execute(tx.conn())
            .await
            .map(drop)
    }

    /// Whether the event is new to a consumer of effects; each is new once.
    ///
    /// # Errors
    /// The id was used before, for something else.
    pub fn take(&mut self, id: Uuid, record: &Record) -> Result<bool, Problem> {
        if self.unheard.remove(&id) {
            return Ok(true);
        }
        match self.digests.get(&id) {
            Some(first) if *first != digest(record) => Err(reused()),
            _ => Ok(false),
        }
    }

    /// Whether a consumer that keeps copies hears the event.
    pub fn holds(&self, id: Uuid) -> bool {
        self.unheard.contains(&id)
    }
}

fn id_of(record: &Record) -> Option<Uuid> {
    record.headers.get("ce_id")?.parse().ok()
}

/// What the record says, in 16 bytes.
fn digest(record: &Record) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in [record.name().as_bytes(), record.key.as_bytes()] {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(record.payload.as_deref().unwrap_or_default());
    hash.finalize()[..16].to_vec()
}

fn reused() -> Problem {
    Problem::new(422, "event/reused", "The event's id was used before")
        .with_detail("an event with this id was heard before, and said something else")
}
