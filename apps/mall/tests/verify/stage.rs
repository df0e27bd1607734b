//! A stand of the test's own: databases made from the services' migrations, topics, and a true world.

use std::collections::BTreeMap;
use std::sync::Arc;

use chassis::Db;
use chassis::config::{Common, KafkaConfig};
use chassis::outbox::Relay;
use contracts::{Event, Topic, topics};
use kernel::SystemClock;
use mall::registry;
use mall::verify::broker::Broker;
use mall::verify::check::Finding;
use mall::verify::stack::StackHandles;
use mall::verify::{CHECKS, check::Check};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use testkit::{Bus, servers};

/// What each service keeps of one confirmed order.
fn world(service: &str) -> &'static str {
    match service {
        "order" => include_str!("world/order.sql"),
        "payment" => include_str!("world/payment.sql"),
        "product" => include_str!("world/product.sql"),
        "invoice" => include_str!("world/invoice.sql"),
        "email" => include_str!("world/email.sql"),
        "analytics" => include_str!("world/analytics.sql"),
        _ => "",
    }
}

pub fn admin_url() -> String {
    std::env::var("DATABASE_URL").expect("DATABASE_URL is set: run the tests with `make test`")
}

/// A database that is dropped with its owner.
pub struct Database {
    name: String,
    pub pool: PgPool,
}

impl Database {
    pub async fn make(service: &str) -> Self {
        let name = format!("verify_{}_{service}", servers::unique());
        let options: PgConnectOptions = admin_url().parse().unwrap();
        let mut admin = PgConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}")))
            .execute(&mut admin)
            .await
            .unwrap();
        let pool =
            PgPoolOptions::new().max_connections(3).connect_lazy_with(options.database(&name));
        chassis::run::MIGRATOR.run(&pool).await.unwrap();
        let entry = registry::all().into_iter().find(|entry| entry.name == service).unwrap();
        entry.migrator.expect("it has tables").run(&pool).await.unwrap();
        Self { name, pool }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = AssertSqlSafe(format!("drop database {} with (force)", self.name));
        let url = admin_url();
        // On a thread of its own, because the test's runtime may be at its end; waited for, because the process may be.
        let dropping = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                if let Ok(mut admin) = PgConnection::connect(&url).await {
                    sqlx::raw_sql(drop).execute(&mut admin).await.ok();
                }
            });
        });
        dropping.join().ok();
    }
}

/// A stack, and what it is made of.
pub struct Stage {
    pub stack: StackHandles,
    pub bus: Bus,
    pub common: Common,
    databases: BTreeMap<&'static str, Database>,
}

impl Stage {
    /// The databases of these services with the true world in them, and these topics.
    pub async fn set(services: &[&'static str], topics: &[&Topic]) -> Self {
        let stage = Self::bare(services, topics).await;
        for service in services {
            stage.run(service, world(service)).await;
        }
        stage
    }

    /// The same without a world.
    pub async fn bare(services: &[&'static str], topics: &[&Topic]) -> Self {
        // The broker does not take a request for no topic at all.
        let topics = if topics.is_empty() { &[&topics::OPS_DEAD_LETTER_EVT] } else { topics };
        let bus = Bus::with_topics(&servers::unique(), topics).await;
        let common = testkit::live::common(&bus, None);
        let config =
            KafkaConfig { topic_prefix: bus.prefix.clone(), brokers: servers::kafka_brokers() };
        let mut stack = StackHandles::new(Broker::new(&config));
        let mut databases = BTreeMap::new();
        for service in services {
            let database = Database::make(service).await;
            stack.databases.insert(service, database.pool.clone());
            databases.insert(*service, database);
        }
        Self { stack, bus, common, databases }
    }

    pub fn pool(&self, service: &str) -> &PgPool {
        &self.databases[service].pool
    }

    pub fn db(&self, service: &str) -> Db {
        Db::over(self.pool(service).clone(), Arc::new(SystemClock))
    }

    /// Says `event` through the outbox of `service`, and carries it.
    pub async fn emit<E: Event>(&self, service: &'static str, event: &E) {
        self.commit(service, event).await;
        self.carry(service).await;
    }

    /// Says `event` and leaves it in the outbox.
    pub async fn commit<E: Event>(&self, service: &str, event: &E) {
        let mut tx = self.db(service).begin().await.unwrap();
        tx.emit(event);
        tx.commit().await.unwrap();
    }

    pub async fn carry(&self, service: &'static str) {
        let kafka = chassis::kafka::Kafka::new(&self.common.kafka());
        let relay = Relay::new(self.db(service), kafka.publisher(service).unwrap(), service);
        relay.drain_all().await.unwrap();
    }

    /// Runs statements in a service's database.
    pub async fn run(&self, service: &str, statements: &str) {
        let statements = AssertSqlSafe(statements.to_owned());
        sqlx::raw_sql(statements).execute(self.pool(service)).await.unwrap();
    }

    /// What the check `id` finds now.
    pub async fn look(&self, id: u8) -> Finding {
        self.stack.look_anew().await;
        let check: Check = CHECKS.into_iter().find(|check| check.id == id).expect("a check");
        (check.look)(&self.stack).await.unwrap()
    }

    /// The check `id` looks at something and finds nothing wrong.
    pub async fn holds(&self, id: u8) {
        let found = self.look(id).await;
        assert!(found.violations.is_empty(), "{:#?}", found.violations);
        assert!(found.checked > 0, "it looked at nothing");
    }

    /// The check `id` finds something wrong and says so in these words.
    pub async fn breaks(&self, id: u8, words: &str) {
        let found = self.look(id).await.violations;
        assert!(
            found.iter().any(|violation| violation.contains(words)),
            "{words:?} is not in {found:#?}"
        );
    }

    /// Plants each fault in turn: what is done, how it is undone, and the words in which the check `id` tells of it.
    pub async fn finds(&self, id: u8, service: &str, faults: &[(&str, &str, &str)]) {
        self.holds(id).await;
        for (fault, undo, words) in faults {
            self.run(service, fault).await;
            self.breaks(id, words).await;
            self.run(service, undo).await;
            self.holds(id).await;
        }
    }
}
