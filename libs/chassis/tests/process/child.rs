//! A probe in a process of its own, and the database and topics it shares with its siblings.

use std::process::Stdio;
use std::time::Duration;

use chassis::config::KafkaConfig;
use chassis::kafka::Kafka;
use contracts::{Topic, topics};
use sqlx::PgPool;
use testkit::wait::within;
use testkit::{Bus, servers};
use tokio::process::{Child, Command};

use crate::probe::tables;

const TOPICS: &[&Topic] = &[
    &topics::VENDOR_VENDOR_EVT,
    &topics::EMAIL_DELIVERY_EVT,
    &topics::PRODUCT_STOCK_STATE,
    &topics::USER_KEY_STATE,
    &topics::USER_REVOCATION_STATE,
    &topics::VENDOR_VENDOR_STATE,
    &topics::OPS_DEAD_LETTER_EVT,
];

/// One database and one set of topics.
pub struct World {
    pub pool: PgPool,
    pub bus: Bus,
    root: PgPool,
    database: String,
    url: String,
}

impl World {
    pub async fn new(partitions: i32) -> Self {
        let prefix = servers::unique();
        let base = std::env::var("DATABASE_URL").expect("DATABASE_URL is set");
        let root = PgPool::connect(&base).await.unwrap();
        let database = format!("probe_{prefix}");
        let made = sqlx::AssertSqlSafe(format!("create database {database}"));
        sqlx::query(made).execute(&root).await.unwrap();
        let (server, _) = base.rsplit_once('/').unwrap();
        let url = format!("{server}/{database}");
        let pool = PgPool::connect(&url).await.unwrap();
        tables(&pool).await;
        let kafka =
            KafkaConfig { brokers: servers::kafka_brokers(), topic_prefix: format!("{prefix}.") };
        Kafka::new(&kafka).ensure_topics(TOPICS, partitions).await.unwrap();
        Self { pool, bus: Bus::with_topics(&prefix, TOPICS).await, root, database, url }
    }

    /// The command of a probe in this world, with its addresses.
    pub fn command(&self) -> (Command, String, String) {
        let (http, ops) = (servers::free_port(), servers::free_port());
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .env("PROBE_PROCESS", "1")
            .env("MALL__HTTP_ADDR", format!("127.0.0.1:{http}"))
            .env("MALL__OPS_ADDR", format!("127.0.0.1:{ops}"))
            .env("MALL__DATABASE_URL", &self.url)
            .env("MALL__DATABASE_CONNECTIONS", "5")
            .env("MALL__KAFKA_BROKERS", servers::kafka_brokers())
            .env("MALL__TOPIC_PREFIX", &self.bus.prefix)
            .env("MALL__PUBLIC_URL", "https://mall.test")
            .env("MALL__LOG", "off")
            .stdout(Stdio::null())
            .kill_on_drop(true);
        (command, format!("http://127.0.0.1:{http}"), format!("http://127.0.0.1:{ops}"))
    }

    /// Starts a probe and waits until it is ready.
    pub async fn start(&self) -> Process {
        let (mut command, url, ops) = self.command();
        let process = Process { child: command.spawn().unwrap(), url };
        within(Duration::from_mins(1), "the process is ready", async || {
            let answer = reqwest::get(format!("{ops}/readyz")).await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        process
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }

    /// Waits until `sql` counts `wanted`.
    pub async fn counted(&self, sql: &'static str, wanted: i64) {
        within(Duration::from_mins(2), &format!("{wanted}: {sql}"), async || {
            let now = self.count(sql).await;
            assert!(now <= wanted, "{now} instead of {wanted}: {sql}");
            (now == wanted).then_some(())
        })
        .await;
    }

    pub async fn end(self) {
        self.pool.close().await;
        let drop = sqlx::AssertSqlSafe(format!("drop database {} with (force)", self.database));
        sqlx::query(drop).execute(&self.root).await.unwrap();
    }
}

pub struct Process {
    pub url: String,
    child: Child,
}

impl Process {
    /// Sends a signal, for example `TERM`.
    pub async fn signal(&self, signal: &str) {
        let pid = self.child.id().expect("it is still running").to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &pid]).status().await;
        assert!(sent.unwrap().success());
    }

    /// Waits for its end and says whether that was in good order.
    pub async fn ended(mut self) -> bool {
        let ended = tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await;
        ended.expect("it ends in time").unwrap().success()
    }
}
