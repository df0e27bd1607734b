//! What batches buy: one topic of small events, taken in one by one and five hundred at a time.
//!
//! Needs the servers that `make test` starts. `cargo run --release -p chassis --example batches -- 60000`
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot go on stops")]
#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::float_arithmetic,
    reason = "rates, not money"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use chassis::config::KafkaConfig;
use chassis::kafka::{Kafka, Outgoing};
use chassis::reader::Reader;
use chassis::subscriptions::{Kind, Subscribed};
use chassis::{BatchHandler, Consumer, Db, EventHandler, Meta, Subscriptions, Tx};
use contracts::topics;
use contracts::vendor::VendorApproved;
use jiff_sqlx::ToSqlx;
use kernel::{EventId, SystemClock, VendorId};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testkit::{Bus, sample, servers};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Writes one row per event, either way.
#[derive(Clone)]
struct Writer;

impl EventHandler<VendorApproved> for Writer {
    async fn handle(&self, event: VendorApproved, meta: &Meta, tx: &mut Tx) -> sqlx::Result<()> {
        sqlx::query("insert into seen (vendor, version, at) values ($1, $2, $3)")
            .bind(event.vendor_id.as_uuid())
            .bind(meta.version)
            .bind(event.approved_at.to_sqlx())
            .execute(tx.conn())
            .await?;
        Ok(())
    }
}

impl BatchHandler<VendorApproved> for Writer {
    async fn handle_batch(
        &self,
        events: Vec<(Option<VendorApproved>, Meta)>,
        tx: &mut Tx,
    ) -> sqlx::Result<()> {
        let events: Vec<_> = events.into_iter().filter_map(|(e, m)| Some((e?, m))).collect();
        let vendors: Vec<_> = events.iter().map(|(e, _)| e.vendor_id.as_uuid()).collect();
        let versions: Vec<_> = events.iter().map(|(_, m)| m.version).collect();
        let times: Vec<_> = events.iter().map(|(e, _)| e.approved_at.to_sqlx()).collect();
        sqlx::query(
            "insert into seen (vendor, version, at)
             select * from unnest($1::uuid[], $2::bigint[], $3::timestamptz[])",
        )
        .bind(vendors)
        .bind(versions)
        .bind(times)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

struct Run {
    name: &'static str,
    kind: Kind,
    subscribed: Subscribed,
    batch: usize,
    share: i64,
    known: &'static str,
}

fn runs() -> Vec<Run> {
    let one = || Subscriptions::default().handle::<VendorApproved>().of(&Writer);
    let many = || Subscriptions::default().handle_batch::<VendorApproved>().of(&Writer);
    let copies = || Subscriptions::default().project_batch::<VendorApproved>().of(&Writer);
    let run = |name, kind, subscribed, (batch, share), known| Run {
        name,
        kind,
        subscribed,
        batch,
        share,
        known,
    };
    vec![
        run("inbox, 1 a transaction", Kind::Effect, one(), (1, 10), "2,300"),
        run("inbox, 500, handler of one", Kind::Effect, one(), (500, 2), "-"),
        run("inbox, 500, handler of many", Kind::Effect, many(), (500, 1), "63,000"),
        run("offset row only, 1", Kind::Projection, copies(), (1, 10), "-"),
        run("offset row only, 500, of many", Kind::Projection, copies(), (500, 1), "132,000"),
    ]
}

#[tokio::main]
async fn main() {
    let events: i64 =
        std::env::args().nth(1).map_or(60_000, |n| n.parse().expect("a number of events"));
    let (root, database, pool) = database().await;
    let prefix = servers::unique();
    let bus = Bus::with_topics(&prefix, &[&topics::VENDOR_VENDOR_EVT]).await;
    fill(&bus, events).await;
    println!("{events} events of {} bytes, one partition", sample_bytes());
    println!("{:<32} {:>10} {:>16} {:>14}", "", "events/s", "CPU ms/1000 ev.", "known figure");
    for run in runs() {
        let wanted = events / run.share;
        let (seconds, cpu_ms) = measure(&run, &bus, &pool, wanted).await;
        let (rate, cpu) = (wanted as f64 / seconds, cpu_ms * 1000.0 / wanted as f64);
        println!("{:<32} {rate:>10.0} {cpu:>16.1} {:>14}", run.name, run.known);
    }
    pool.close().await;
    let drop = sqlx::AssertSqlSafe(format!("drop database {database} with (force)"));
    sqlx::query(drop).execute(&root).await.unwrap();
}

fn sample_bytes() -> usize {
    serde_json::to_vec(&sample::<VendorApproved>()).unwrap().len()
}

async fn database() -> (PgPool, String, PgPool) {
    let base = std::env::var("DATABASE_URL").expect("DATABASE_URL is set");
    let root = PgPool::connect(&base).await.unwrap();
    let database = format!("bench_{}", servers::unique());
    let made = sqlx::AssertSqlSafe(format!("create database {database}"));
    sqlx::query(made).execute(&root).await.unwrap();
    let (server, _) = base.rsplit_once('/').unwrap();
    let url = format!("{server}/{database}");
    let pool = PgPoolOptions::new().test_before_acquire(false).connect(&url).await.unwrap();
    chassis::run::MIGRATOR.run(&pool).await.unwrap();
    let seen = "create table seen (vendor uuid not null, version bigint not null, at timestamptz not null)";
    sqlx::query(seen).execute(&pool).await.unwrap();
    (root, database, pool)
}

async fn fill(bus: &Bus, events: i64) {
    let keys: Vec<VendorId> = (0..1_000).map(|_| VendorId::new()).collect();
    let templates: Vec<Outgoing> = keys
        .iter()
        .map(|vendor_id| bus.outgoing(&VendorApproved { vendor_id: *vendor_id, ..sample() }))
        .collect();
    for from in (0..events).step_by(5_000) {
        let records: Vec<Outgoing> = (from..events.min(from + 5_000))
            .map(|n| {
                let template = &templates[usize::try_from(n).unwrap() % templates.len()];
                Outgoing {
                    id: EventId::new().as_uuid(),
                    version: n / 1_000 + 1,
                    ..template.clone()
                }
            })
            .collect();
        bus.publish(&records).await;
    }
}

/// Seconds and CPU milliseconds of this process from the first commit to the last.
async fn measure(run: &Run, bus: &Bus, pool: &PgPool, wanted: i64) -> (f64, f64) {
    let clock = Arc::new(SystemClock);
    let consumer = Consumer {
        name: run.name.to_owned(),
        service: "bench",
        kind: run.kind,
        handlers: run.subscribed.handlers(run.kind).clone(),
        db: Db::over(pool.clone(), clock),
    };
    let kafka = KafkaConfig { brokers: servers::kafka_brokers(), topic_prefix: bus.prefix.clone() };
    let (up, _) = watch::channel(false);
    let stop = CancellationToken::new();
    let reader = Reader::new(consumer, Kafka::new(&kafka), up).with_batch(run.batch);
    let running = tokio::spawn(reader.run(stop.clone()));
    let (first, began, cpu) = (at_least(pool, run.name, 1).await, Instant::now(), cpu_ms());
    let last = at_least(pool, run.name, wanted).await;
    let (seconds, cpu) = (began.elapsed().as_secs_f64(), cpu_ms() - cpu);
    stop.cancel();
    running.await.unwrap().unwrap();
    // Only what was done between the two looks counts.
    let part = wanted as f64 / (last - first).max(1) as f64;
    (seconds * part, cpu * part)
}

/// Waits until the consumer stands at `wanted` or further, and says where.
async fn at_least(pool: &PgPool, name: &str, wanted: i64) -> i64 {
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    loop {
        tick.tick().await;
        let sql = "select next_offset from chassis.consumer_offset where consumer = $1";
        let next: Option<i64> =
            sqlx::query_scalar(sql).bind(name).fetch_optional(pool).await.unwrap();
        if let Some(next) = next.filter(|n| *n >= wanted) {
            return next;
        }
    }
}

/// User and system time of this process so far.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("a Linux");
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks: f64 = fields[11..13].iter().map(|f| f.parse::<f64>().unwrap()).sum();
    ticks * 10.0
}
