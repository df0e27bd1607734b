//! What every test of the suite starts from.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chassis::config::KafkaConfig;
use chassis::dead_letters::{self, DeadLetter};
use chassis::kafka::{Kafka, Outgoing};
use chassis::outbox::Relay;
use chassis::reader::Reader;
use chassis::runner::Runner;
use chassis::subscriptions::Kind;
use chassis::{Consumer, Service, Tx};
use contracts::email::EmailSent;
use contracts::vendor::{VendorApproved, VendorSuspended};
use contracts::{Event, Topic, topics};
use kernel::{MessageId, SystemClock, VendorId};
use sqlx::PgPool;
use testkit::{Bus, Live, TestApp, eventually, sample, servers, wait};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::probe::{Config, Probe, Strings, tables};

/// Everything the probe says or hears.
pub const TOPICS: &[&Topic] = &[
    &topics::VENDOR_VENDOR_EVT,
    &topics::EMAIL_DELIVERY_EVT,
    &topics::PRODUCT_STOCK_STATE,
    &topics::USER_KEY_STATE,
    &topics::USER_REVOCATION_STATE,
    &topics::VENDOR_VENDOR_STATE,
    &topics::OPS_DEAD_LETTER_EVT,
];

/// How many connections wait for a lock that another holds.
pub const LOCKED: &str = "select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'";

/// The probe over a test's database, and the strings that move it.
pub struct Stage {
    pub app: TestApp<Probe>,
    pub strings: Strings,
}

impl Stage {
    pub async fn set(pool: &PgPool) -> Self {
        tables(pool).await;
        let config = Config::default();
        let strings = config.strings.clone();
        let app = TestApp::<Probe>::start(pool.clone(), config).await;
        Self { app, strings }
    }

    /// What hears effects, or keeps copies.
    pub fn consumer(&self, kind: Kind) -> Consumer {
        let subscribed = Probe::subscriptions().of(&self.app.app);
        chassis::run::consumer::<Probe>(self.app.db(), &subscribed, kind)
    }

    pub fn relay(&self, bus: &Bus) -> Relay {
        let publisher = kafka(&bus.prefix).publisher("probe").unwrap();
        Relay::new(self.app.db().clone(), publisher, Probe::NAME)
    }

    pub fn runner(&self) -> Runner {
        Runner::new(self.app.db().clone(), self.app.app.jobs(), Probe::NAME)
    }

    /// Starts a reader of effects in the background.
    pub fn read(&self, bus: &Bus, batch: usize) -> Reading {
        Reading::start(self.consumer(Kind::Effect), bus, batch)
    }

    /// Whoever has a job has not been heard of for too long.
    pub async fn leases_run_out(&self) {
        let sql = "update chassis.job set lease_until = now() - interval '1 ms'
                    where lease_until is not null";
        sqlx::query(sql).execute(self.app.db().pool()).await.unwrap();
    }

    /// One transaction that emits and commits.
    pub async fn emit<E: Event>(&self, event: &E) {
        let mut tx: Tx = self.app.db().begin().await.unwrap();
        tx.emit(event);
        tx.commit().await.unwrap();
    }

    pub async fn letters(&self) -> Vec<DeadLetter> {
        dead_letters::list(self.app.db()).await.unwrap()
    }
}

/// A reader that runs beside the test.
pub struct Reading {
    pub caught_up: watch::Receiver<bool>,
    stop: CancellationToken,
    running: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl Reading {
    pub fn start(consumer: Consumer, bus: &Bus, batch: usize) -> Self {
        let (up, caught_up) = watch::channel(false);
        let stop = CancellationToken::new();
        let reader = Reader::new(consumer, kafka(&bus.prefix), up)
            .with_batch(batch)
            .with_session_timeout(6_000);
        let running = tokio::spawn(reader.run(stop.clone()));
        Self { caught_up, stop, running }
    }

    pub async fn stop(self) {
        self.stop.cancel();
        self.running.await.unwrap().unwrap();
    }
}

/// The topics of one test, with this many partitions each.
pub async fn bus(partitions: i32) -> Bus {
    let prefix = servers::unique();
    kafka(&format!("{prefix}.")).ensure_topics(TOPICS, partitions).await.unwrap();
    Bus::with_topics(&prefix, TOPICS).await
}

pub fn kafka(prefix: &str) -> Kafka {
    Kafka::new(&KafkaConfig { brokers: servers::kafka_brokers(), topic_prefix: prefix.into() })
}

/// A second handle on the same database, as another replica has it.
pub fn replica(pool: &PgPool) -> chassis::Db {
    chassis::Db::over(pool.clone(), Arc::new(SystemClock))
}

pub fn suspended(vendor_id: VendorId, reason: &str) -> VendorSuspended {
    VendorSuspended { vendor_id, reason: reason.into(), ..sample() }
}

pub fn approved(vendor_id: VendorId, name: &str) -> VendorApproved {
    VendorApproved { vendor_id, display_name: name.into(), ..sample() }
}

pub fn sent(message_id: MessageId, kind: &str) -> EmailSent {
    EmailSent { message_id, kind: kind.into(), ..sample() }
}

/// A live probe that meets `bus`.
pub async fn live(bus: &Bus, pool: &PgPool) -> (Live, Strings) {
    tables(pool).await;
    let config = Config::default();
    let strings = config.strings.clone();
    (Live::start::<Probe>(testkit::live::common(bus, Some(pool)), config).await, strings)
}

/// What was applied, in order.
pub async fn applied(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("select what from applied order by nth").fetch_all(pool).await.unwrap()
}

/// What was made, in order.
pub async fn made(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("select what from made order by nth").fetch_all(pool).await.unwrap()
}

/// Waits until exactly these were applied, in this order.
pub async fn heard(pool: &PgPool, wanted: &[&str]) {
    wait::within(Duration::from_secs(30), &format!("{wanted:?} were applied"), async || {
        (applied(pool).await == wanted).then_some(())
    })
    .await;
}

/// Waits until the probe was entered so often.
pub async fn entered(strings: &Strings, times: usize) {
    eventually(&format!("it was entered {times} times"), async || {
        (strings.entered.load(Ordering::SeqCst) >= times).then_some(())
    })
    .await;
}

pub async fn count(pool: &PgPool, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

/// Waits until `sql` counts `wanted`, or stops at more.
pub async fn counted(pool: &PgPool, sql: &'static str, wanted: i64) {
    let patience = Duration::from_mins(1);
    wait::within(patience, &format!("{wanted}: {sql}"), async || {
        let now = count(pool, sql).await;
        assert!(now <= wanted, "{now} instead of {wanted}: {sql}");
        (now == wanted).then_some(())
    })
    .await;
}

/// Waits until everything said has been carried.
pub async fn carried(pool: &PgPool) {
    wait::within(Duration::from_mins(1), "the outbox is empty", async || {
        (count(pool, "select count(*) from chassis.outbox").await == 0).then_some(())
    })
    .await;
}

/// The same record again, as a producer says it that did not hear the acknowledgement.
pub fn again(record: &Outgoing) -> Vec<Outgoing> {
    vec![record.clone(), record.clone()]
}
