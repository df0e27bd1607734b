//! Making a service's copies anew from the topics they follow from.

use anyhow::Context as _;
use contracts::Cleanup;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kernel::{Clock as _, SystemClock};
use secrecy::ExposeSecret as _;
use sqlx::{AssertSqlSafe, PgPool};

use crate::registry::{self, Consumers};
use crate::settings::Settings;
use crate::verify::broker::{Broker, Extents, is_complete};
use crate::verify::projections::{self, Copied, EDITIONS};
use crate::verify::rebuild;

/// What came of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// Under which name the replay's own offsets are kept, as the record that it happened.
    pub record: String,
    /// Tables that were emptied first.
    pub emptied: Vec<&'static str>,
    /// Tables that were written over, because the topics no longer hold all of what is in them.
    pub kept: Vec<&'static str>,
    /// Records read.
    pub records: i64,
}

/// Replays the copies of `service`; says what it does.
pub async fn run(settings: &Settings, service: &str, projection: &str) -> anyhow::Result<()> {
    let entry = registry::find(service)?;
    check(service, projection)?;
    let common = registry::common(&settings.env_dir, service)?;
    let vars = registry::variables(&settings.env_dir, service)?;
    let url = common.database_url.as_ref();
    let url = url.with_context(|| format!("{service} has no database"))?;
    let pool = PgPool::connect(url.expose_secret()).await?;
    let broker = Broker::new(&common.kafka());
    let consumers = (entry.consumers)(common, vars, pool.clone()).await?;
    println!(
        "  replaying {}; {service} waits with new events until it is done",
        consumers.projections.name
    );
    let done = replay(&broker, &pool, consumers, SystemClock.now()).await?;
    tell(&done);
    Ok(())
}

fn check(service: &str, projection: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        !projections::of(service).is_empty(),
        "{service} keeps no copies in a database; there are: {}",
        projections::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
    );
    anyhow::ensure!(
        projection == "copies" || projection == format!("{service}.copies"),
        "{service} has one projection, copies: `mall replay {service} copies`"
    );
    Ok(())
}

fn tell(done: &Replayed) {
    println!("  emptied   {}", done.emptied.join(" "));
    if !done.kept.is_empty() {
        println!(
            "  kept      {} (the broker no longer has all of it; written over)",
            done.kept.join(" ")
        );
    }
    println!("  read      {} records; kept on record as {}", done.records, done.record);
}

/// Empties what can be made anew and lets the copies hear everything again, under a name of its own: the service's own
/// offsets never go back. The service's consumer stands still meanwhile, at the lock of its offsets.
pub async fn replay(
    broker: &Broker,
    pool: &PgPool,
    consumers: Consumers,
    now: Timestamp,
) -> anyhow::Result<Replayed> {
    let mut consumer = consumers.projections;
    let mut standstill = pool.acquire().await?;
    sqlx::raw_sql("begin").execute(&mut *standstill).await?;
    sqlx::query("select from chassis.consumer_offset where consumer = $1 order by topic, partition for update")
        .bind(&consumer.name)
        .execute(&mut *standstill)
        .await?;

    let tables = projections::of(consumer.service);
    let ((), extents) = broker.read(consumer.handlers.topics(), (), |(), _| ()).await?;
    let (emptied, kept): (Vec<Copied>, Vec<Copied>) =
        tables.iter().partition(|copied| may_be_emptied(tables, copied, &extents));
    if !emptied.is_empty() {
        let names: Vec<&str> = emptied.iter().map(|copied| copied.table).collect();
        let truncate = format!("truncate {}", names.join(", "));
        sqlx::query(AssertSqlSafe(truncate)).execute(pool).await?;
    }
    consumer.name = format!(
        "{}.replay.{}",
        consumer.name,
        now.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ")
    );
    let extents = rebuild::replay(broker, &consumer).await?;
    sqlx::raw_sql("commit").execute(&mut *standstill).await?;

    let name = |copied: Copied| copied.table;
    Ok(Replayed {
        record: consumer.name,
        emptied: emptied.into_iter().map(name).collect(),
        kept: kept.into_iter().map(name).collect(),
        records: extents.values().map(|extent| extent.found).sum(),
    })
}

/// Facts are made anew together or not at all, because sums are kept of them; states where their topics are whole.
fn may_be_emptied(tables: &[Copied], copied: &Copied, extents: &Extents) -> bool {
    let is_fact = |from: &[&contracts::Topic]| {
        from.iter().any(|topic| {
            matches!(topic.cleanup, Cleanup::Delete { .. } | Cleanup::CompactDelete { .. })
        })
    };
    let whole =
        |from: &[&contracts::Topic]| from.iter().all(|topic| is_complete(extents, topic.name));
    if EDITIONS.contains(&copied.table) {
        return false;
    }
    if is_fact(copied.from) {
        return tables.iter().filter(|t| is_fact(t.from)).all(|t| whole(t.from));
    }
    copied.from.iter().all(|topic| topic.name != contracts::topics::USER_CONTACT_STATE.name)
        || whole(copied.from)
}
