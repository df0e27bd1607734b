//! A service's copies, rebuilt from the topics in a database of their own and held against those it keeps.

use std::collections::BTreeMap;

use chassis::Consumer;
use chassis::apply::ApplyError;
use chassis::config::Common;
use chassis::record::Record;
use contracts::{Cleanup, Topic, topics};
use futures::{StreamExt, stream};
use kernel::EventId;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, Row};

use super::broker::{Broker, Extents, is_complete};
use super::check::Finding;
use super::projections::{self, Copied, EDITIONS};
use super::stack::StackHandles;
use crate::registry::{ServiceEntry, Variables};

/// Records of one transaction.
const BATCH: usize = 500;
/// Services that are rebuilt at once.
const AT_ONCE: usize = 4;

/// 24: rebuilding any copy gives the same rows.
pub async fn same(stack: &StackHandles) -> anyhow::Result<Finding> {
    let Some(scratch) = &stack.scratch else {
        return Ok(Finding::unseen(
            "nobody here may make a database to rebuild copies in: set MALL_ADMIN_DATABASE_URL",
        ));
    };
    // Their servers are waited for more than this process computes. Each drops its database, whatever comes of the others.
    let services = scratch.services.iter();
    let each: Vec<_> = services
        .map(|(entry, common, vars)| rebuilt(stack, &scratch.admin_url, entry, common, vars))
        .collect();
    let findings: Vec<_> = stream::iter(each).buffered(AT_ONCE).collect().await;
    let mut found = Finding::default();
    for finding in findings {
        found.add(finding?);
    }
    Ok(found)
}

async fn rebuilt(
    stack: &StackHandles,
    admin_url: &SecretString,
    entry: &ServiceEntry,
    common: &Common,
    vars: &Variables,
) -> anyhow::Result<Finding> {
    let tables = projections::of(entry.name);
    if tables.is_empty() {
        return Ok(Finding::default());
    }
    let place = Place::make(admin_url, entry.name).await?;
    let compared = async {
        chassis::run::MIGRATOR.run(&place.pool).await?;
        if let Some(migrator) = entry.migrator {
            migrator.run(&place.pool).await?;
        }
        let consumers = (entry.consumers)(common.clone(), vars.clone(), place.pool.clone()).await?;
        let extents = replay(&stack.broker, &consumers.projections).await?;
        compare(entry.name, stack.db(entry.name)?, &place.pool, tables, &extents).await
    }
    .await;
    place.drop().await?;
    compared
}

/// A database for a moment.
struct Place {
    admin: PgConnectOptions,
    name: String,
    pool: PgPool,
}

impl Place {
    async fn make(admin_url: &SecretString, service: &str) -> anyhow::Result<Self> {
        let admin: PgConnectOptions = admin_url.expose_secret().parse()?;
        let name = format!("mall_scratch_{service}_{}", EventId::new().as_uuid().simple());
        let mut conn = PgConnection::connect_with(&admin).await?;
        sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut conn).await?;
        let options = admin.clone().database(&name);
        let pool = PgPoolOptions::new().max_connections(2).connect_lazy_with(options);
        Ok(Self { admin, name, pool })
    }

    async fn drop(self) -> sqlx::Result<()> {
        self.pool.close().await;
        let mut conn = PgConnection::connect_with(&self.admin).await?;
        let drop = AssertSqlSafe(format!("drop database {} with (force)", self.name));
        sqlx::query(drop).execute(&mut conn).await.map(|_| ())
    }
}

type Partitions = BTreeMap<(String, i32), Vec<Record>>;

/// Lets a consumer take in everything that is on its topics, from the beginning.
pub async fn replay(broker: &Broker, consumer: &Consumer) -> anyhow::Result<Extents> {
    let keep = |partitions: &mut Partitions, record: Record| {
        let place = (record.topic.to_string(), record.partition);
        partitions.entry(place).or_default().push(record);
    };
    let (partitions, extents) =
        broker.read(consumer.handlers.topics(), Partitions::new(), keep).await?;
    for records in partitions.values() {
        for batch in records.chunks(BATCH) {
            take_in(consumer, batch).await?;
        }
    }
    Ok(extents)
}

/// As a batch, then one by one around a culprit, which becomes a dead letter.
async fn take_in(consumer: &Consumer, records: &[Record]) -> anyhow::Result<()> {
    match consumer.apply(records).await {
        Ok(_) => Ok(()),
        Err(ApplyError::Handler { problem, .. }) => {
            if let [record] = records {
                consumer.give_up(record, &problem).await?;
                return Ok(());
            }
            for record in records {
                Box::pin(take_in(consumer, std::slice::from_ref(record))).await?;
            }
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

async fn compare(
    service: &str,
    kept: &PgPool,
    made: &PgPool,
    tables: &[Copied],
    extents: &Extents,
) -> anyhow::Result<Finding> {
    let mut found = Finding::default();
    for copied in tables {
        let Copied { table, from } = copied;
        let (kept, made) = (rows(kept, table).await?, rows(made, table).await?);
        found.checked += kept.len();
        let cut: Vec<&str> =
            from.iter().map(|t| t.name).filter(|t| !is_complete(extents, t)).collect();
        let wrong = differences(copied, &kept, &made, cut.is_empty());
        found.violations.extend(wrong.into_iter().map(|w| format!("{service}: {w}")));
        if !cut.is_empty() {
            found.unseen.push(format!(
                "{service}.{table} follows from {}, of which the broker has the end only",
                cut.join(" and ")
            ));
        }
    }
    Ok(found)
}

/// The rows of a table, by primary key.
async fn rows(db: &PgPool, table: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let key: String = sqlx::query_scalar(
        "select string_agg(quote_ident(a.attname), ', ' order by array_position(i.indkey::int2[], a.attnum))
           from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
          where i.indrelid = $1::regclass and i.indisprimary",
    )
    .bind(table)
    .fetch_one(db)
    .await?;
    let query = format!("select concat_ws(' ', {key}), to_jsonb(t)::text from {table} t");
    let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(db).await?;
    Ok(rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect::<sqlx::Result<_>>()?)
}

/// Rows of which the broker forgot the beginning may be older, or gone, in the rebuilt table; none may be missing from
/// the kept one.
fn differences(
    Copied { table, from }: &Copied,
    kept: &BTreeMap<String, String>,
    made: &BTreeMap<String, String>,
    complete: bool,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, row) in made {
        match kept.get(key) {
            None => wrong.push(format!("{table} lacks {key}, which the topics make {row}")),
            Some(other) if other != row && (complete || states(from)) => {
                wrong.push(format!("{table} keeps {key} as {other}, the topics make it {row}"));
            }
            Some(_) => {}
        }
    }
    let may_keep_more = EDITIONS.contains(table) || (forgets(from) && !complete);
    let extra = kept.keys().filter(|key| !may_keep_more && !made.contains_key(*key));
    wrong.extend(extra.map(|key| format!("{table} keeps {key}, which follows from no topic")));
    wrong
}

fn forgets(from: &[&Topic]) -> bool {
    from.iter().any(|topic| match topic.cleanup {
        Cleanup::Delete { .. } | Cleanup::CompactDelete { .. } => true,
        Cleanup::Compact => topic.name == topics::USER_CONTACT_STATE.name,
    })
}

/// Whether they hold the last word of each key.
fn states(from: &[&Topic]) -> bool {
    from.iter().all(|topic| topic.cleanup == Cleanup::Compact)
}
