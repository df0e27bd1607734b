//! 22: roles and databases.

use mall::verify::stack::StackHandles;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use testkit::servers;

use crate::stage::{Stage, admin_url};

/// Two services whose roles and databases carry this word.
struct Pair(String);

impl Pair {
    async fn run(statement: &str) {
        let mut admin = PgConnection::connect(&admin_url()).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut admin).await.unwrap();
    }

    async fn make() -> Self {
        let word = servers::unique();
        for side in ["left", "right"] {
            let name = format!("{word}_{side}");
            Self::run(&format!("create role {name} login password 'x'")).await;
            Self::run(&format!("create database {name} owner {name}")).await;
            Self::run(&format!("revoke connect on database {name} from public; grant connect on database {name} to {name}")).await;
        }
        Self(word)
    }

    fn pool(&self, role: &str, database: &str) -> PgPool {
        let options: sqlx::postgres::PgConnectOptions = admin_url().parse().unwrap();
        let (role, database) = (format!("{}_{role}", self.0), format!("{}_{database}", self.0));
        PgPool::connect_lazy_with(options.username(&role).password("x").database(&database))
    }

    async fn drop(self) {
        for side in ["left", "right"] {
            Self::run(&format!("drop database {}_{side} with (force)", self.0)).await;
        }
        for side in ["left", "right"] {
            Self::run(&format!("drop role {}_{side}", self.0)).await;
        }
    }
}

async fn found(stack: &StackHandles) -> Vec<String> {
    let found = mall::verify::databases::apart(stack).await.unwrap();
    assert_eq!(found.checked, 2);
    found.violations
}

#[tokio::test]
async fn a_role_that_reaches_further_than_its_database_is_found() {
    let mut stage = Stage::bare(&[], &[]).await;
    let pair = Pair::make().await;
    let word = pair.0.clone();
    stage.stack.databases.insert("order", pair.pool("left", "left"));
    stage.stack.databases.insert("payment", pair.pool("right", "right"));
    assert_eq!(found(&stage.stack).await, Vec::<String>::new());

    Pair::run(&format!("grant connect on database {word}_right to {word}_left")).await;
    assert_eq!(
        found(&stage.stack).await,
        [format!("order: role {word}_left may also connect to database {word}_right")]
    );
    Pair::run(&format!("revoke connect on database {word}_right from {word}_left")).await;

    Pair::run(&format!("alter role {word}_right createdb")).await;
    assert!(
        found(&stage.stack).await[0]
            .starts_with(&format!("payment: role {word}_right may do more than a service needs"))
    );
    Pair::run(&format!("alter role {word}_right nocreatedb; grant {word}_right to {word}_left"))
        .await;
    assert!(
        found(&stage.stack)
            .await
            .contains(&format!("order: role {word}_left is a member of {word}_right"))
    );
    Pair::run(&format!("revoke {word}_right from {word}_left")).await;

    stage.stack.databases.insert("payment", pair.pool("left", "left"));
    assert!(
        found(&stage.stack)
            .await
            .contains(&format!("order and payment share the role {word}_left"))
    );
    for pool in stage.stack.databases.values() {
        pool.close().await;
    }
    pair.drop().await;
}
