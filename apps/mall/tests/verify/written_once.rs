//! 34: tables to which rows are only added.

use mall::registry;
use mall::verify::stack::StackHandles;
use mall::verify::written_once::kept;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use testkit::servers;

use crate::stage::{Stage, admin_url};

const SERVICES: [&str; 3] = ["payment", "admin", "product"];

async fn run(statement: &str) {
    let mut admin = PgConnection::connect(&admin_url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut admin).await.unwrap();
}

/// A role that owns a database for each service, as on a stack: an administrator may do everything, whatever is revoked.
async fn owner(stage: &mut Stage) -> String {
    let role = format!("kept_{}", servers::unique());
    run(&format!("create role {role} login password 'x'")).await;
    for service in SERVICES {
        let database = format!("{role}_{service}");
        run(&format!("create database {database} owner {role}")).await;
        let options: PgConnectOptions = admin_url().parse().unwrap();
        let options = options.username(&role).password("x").database(&database);
        let pool: PgPool = PgPoolOptions::new().max_connections(2).connect_lazy_with(options);
        chassis::run::MIGRATOR.run(&pool).await.unwrap();
        let entry = registry::all().into_iter().find(|entry| entry.name == service).unwrap();
        entry.migrator.unwrap().run(&pool).await.unwrap();
        stage.stack.databases.insert(service, pool);
    }
    role
}

async fn found(stack: &StackHandles) -> Vec<String> {
    let found = kept(stack).await.unwrap();
    assert_eq!(found.checked, 4);
    found.violations
}

#[tokio::test]
async fn a_role_that_may_change_what_is_written_once_and_a_missing_trigger_are_found() {
    let mut stage = Stage::bare(&[], &[]).await;
    let role = owner(&mut stage).await;
    assert_eq!(found(&stage.stack).await, Vec::<String>::new());
    for (service, fault, undo, words) in [
        (
            "payment",
            "grant update on postings to current_user",
            "revoke update on postings from current_user",
            "may update postings",
        ),
        (
            "payment",
            "grant update (payment_id) on journals to current_user",
            "revoke update (payment_id) on journals from current_user",
            "may update payment_id of journals",
        ),
        (
            "admin",
            "grant truncate on audit to current_user",
            "revoke truncate on audit from current_user",
            "may truncate audit",
        ),
        (
            "payment",
            "alter table postings disable trigger postings_balance_check",
            "alter table postings enable trigger postings_balance_check",
            "trigger postings_balance_check of postings is switched off",
        ),
        (
            "product",
            "alter table movements disable trigger movements_stay",
            "alter table movements enable trigger movements_stay",
            "no trigger refuses updates of movements",
        ),
    ] {
        let db = &stage.stack.databases[service];
        sqlx::raw_sql(fault).execute(db).await.unwrap();
        let wrong = found(&stage.stack).await;
        assert!(wrong.iter().any(|wrong| wrong.contains(words)), "{words:?} is not in {wrong:#?}");
        sqlx::raw_sql(undo).execute(db).await.unwrap();
        assert_eq!(found(&stage.stack).await, Vec::<String>::new());
    }
    for pool in stage.stack.databases.values() {
        pool.close().await;
    }
    for service in SERVICES {
        run(&format!("drop database {role}_{service} with (force)")).await;
    }
    run(&format!("drop role {role}")).await;
}
