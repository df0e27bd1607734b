//! Releases beside each other: replicas that migrate together, and an older one after a newer one.

use std::borrow::Cow;

use chassis::{Dependencies, Service};
use sqlx::PgPool;
use sqlx::SqlStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use testkit::Live;
use utoipa_axum::router::OpenApiRouter;

use crate::probe::{Config, Probe, tables};
use crate::stage::{bus, count};

/// Longer than a statement may take while serving, and much longer than it may wait for a lock.
static SLOW: Migrator = Migrator {
    migrations: Cow::Borrowed(&[Migration {
        version: 1,
        description: Cow::Borrowed("slow"),
        migration_type: MigrationType::Simple,
        sql: SqlStr::from_static(
            "select pg_sleep(16); create table built (at timestamptz not null default now());
             insert into built default values",
        ),
        checksum: Cow::Borrowed(b"slow"),
        no_tx: false,
    }]),
    ..Migrator::DEFAULT
};

/// A service whose next release takes its time.
#[derive(Clone)]
struct Growing;

impl Service for Growing {
    const NAME: &'static str = "growing";
    const MIGRATOR: Option<&'static Migrator> = Some(&SLOW);
    type Config = Config;

    async fn build(_config: Config, _kit: Dependencies) -> anyhow::Result<Self> {
        Ok(Self)
    }

    fn router() -> OpenApiRouter<Self> {
        OpenApiRouter::new()
    }
}

#[sqlx::test(migrations = false)]
async fn two_replicas_that_start_together_migrate_once_however_long_it_takes(pool: PgPool) {
    let bus = bus(1).await;
    let replicas = [(); 2].map(|()| {
        Live::begin::<Growing>(testkit::live::common(&bus, Some(&pool)), Config::default())
    });

    for replica in replicas {
        replica.ready().await;
        replica.stop().await;
    }

    assert_eq!(count(&pool, "select count(*) from built").await, 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn an_older_release_serves_after_a_newer_one_has_migrated(pool: PgPool) {
    tables(&pool).await;
    sqlx::query(
        "insert into chassis.migrations (version, description, success, checksum, execution_time)
         values (29991231000000, 'of tomorrow', true, '', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let bus = bus(1).await;

    let older =
        Live::start::<Probe>(testkit::live::common(&bus, Some(&pool)), Config::default()).await;

    older.stop().await;
}

#[sqlx::test(migrations = false)]
async fn a_service_that_waits_for_anothers_migration_ends_when_asked(pool: PgPool) {
    let bus = bus(1).await;
    let common = || testkit::live::common(&bus, Some(&pool));
    let replicas = [(); 2].map(|()| Live::begin::<Growing>(common(), Config::default()));
    testkit::eventually("one waits for the other", async || {
        let sql = "select count(*) from pg_locks
                    where locktype = 'advisory' and not granted
                      and database = (select oid from pg_database where datname = current_database())";
        (count(&pool, sql).await == 1).then_some(())
    })
    .await;
    for replica in replicas {
        replica.stop().await;
    }
}
