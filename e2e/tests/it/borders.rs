//! What a service can reach with what it was given: its own database and its own keys.

use std::collections::BTreeMap;

use e2e::stage;
use mall::registry;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tokio::net::TcpStream;

/// Where each service keeps things, for those that have such a setting.
fn stores(setting: &str) -> BTreeMap<&'static str, String> {
    let env_dir = stage::settings().expect("a mall is running: use `make test`").env_dir;
    let mut stores = BTreeMap::new();
    for service in registry::all() {
        let variables = registry::variables(&env_dir, service.name).expect("its settings");
        let file = variables.iter().find(|(name, _)| name.ends_with(setting));
        let url = file.map(|(_, file)| std::fs::read_to_string(file).expect("its secret"));
        stores.extend(url.map(|url| (service.name, url.trim().to_owned())));
    }
    stores
}

/// The SQLSTATE with which a connection is refused; nothing if it is let in.
async fn refusal(options: &PgConnectOptions) -> Option<String> {
    let error = PgConnection::connect_with(options).await.err()?;
    Some(error.into_database_error().expect("the server answers").code().unwrap().into_owned())
}

#[tokio::test]
async fn no_role_enters_the_database_of_another_service() {
    let databases: BTreeMap<_, PgConnectOptions> = stores("DATABASE_URL_FILE")
        .into_iter()
        .map(|(service, url)| (service, url.parse().unwrap()))
        .collect();
    assert_eq!(databases.len(), 11, "all but search");
    for (service, own) in &databases {
        assert_eq!(refusal(own).await, None, "{service}");
        // 28P01: invalid password. 42501: insufficient privilege.
        assert_eq!(refusal(&own.clone().password("guess")).await.as_deref(), Some("28P01"));
        for (other, foreign) in databases.iter().filter(|(other, _)| *other != service) {
            let entered = own.clone().database(foreign.get_database().unwrap());
            assert_eq!(refusal(&entered).await.as_deref(), Some("42501"), "{service} at {other}");
        }
    }
}

#[tokio::test]
async fn no_service_touches_the_keys_of_another() {
    let stores = stores("REDIS_URL_FILE");
    assert_eq!(stores.keys().copied().collect::<Vec<_>>(), ["cart", "user"]);
    for (service, url) in &stores {
        let client = redis::Client::open(url.as_str()).unwrap();
        let mut redis = client.get_multiplexed_async_connection().await.unwrap();
        for other in stores.keys() {
            let key = format!("{other}:a-key");
            let touched = redis::cmd("EXISTS").arg(&key).query_async::<u32>(&mut redis).await;
            let refused = touched.err().and_then(|error| error.code().map(str::to_owned));
            let expected = (other != service).then_some("NOPERM");
            assert_eq!(refused.as_deref(), expected, "{service} at {key}");
        }
        let flushed = redis::cmd("FLUSHALL").query_async::<()>(&mut redis).await.unwrap_err();
        assert_eq!(flushed.code(), Some("NOPERM"));
        let (_, place) = url.rsplit_once('@').unwrap();
        let nobody = redis::Client::open(format!("redis://{place}")).unwrap();
        let mut nobody = nobody.get_multiplexed_async_connection().await.unwrap();
        let asked = redis::cmd("EXISTS").arg("a-key").query_async::<u32>(&mut nobody).await;
        assert_eq!(asked.unwrap_err().code(), Some("NOAUTH"));
    }
}

/// The broker of one machine knows no logins: nobody but this machine reaches it, nor the other servers.
#[tokio::test]
async fn the_servers_listen_to_this_machine_only() {
    let common = registry::common(
        &stage::settings().expect("a mall is running: use `make test`").env_dir,
        "order",
    )
    .unwrap();
    let postgres: PgConnectOptions = stores("DATABASE_URL_FILE")["order"].parse().unwrap();
    let redis = stores("REDIS_URL_FILE")["cart"].clone();
    let redis = redis.rsplit_once(':').unwrap().1.split('/').next().unwrap();
    let kafka = common.kafka_brokers.rsplit_once(':').unwrap().1;
    for port in [kafka, &postgres.get_port().to_string(), redis] {
        TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
        // Also this machine, but a server that listened to all addresses would answer here.
        let elsewhere = TcpStream::connect(format!("127.0.0.2:{port}")).await;
        assert!(elsewhere.is_err(), "port {port} listens to everybody");
    }
}
