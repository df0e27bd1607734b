//! Where the real servers are.

use std::net::TcpListener;

use chassis::config::Common;
use kernel::EventId;

fn var(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run the tests with `make test`"))
}

/// The broker.
pub fn kafka_brokers() -> String {
    var("MALL_TEST_KAFKA_BROKERS")
}

/// Redis.
pub fn redis_url() -> String {
    var("MALL_TEST_REDIS_URL")
}

/// The SMTP side of the mail sink.
pub fn smtp_url() -> String {
    var("MALL_TEST_SMTP_URL")
}

/// The reading side of the mail sink.
pub fn mail_api() -> String {
    var("MALL_TEST_MAIL_API")
}

/// A word no other test uses, for topic, bucket and key prefixes.
pub fn unique() -> String {
    let id = EventId::new().as_uuid().simple().to_string();
    format!("t{}", &id[20..])
}

/// A port nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|l| l.local_addr())
        .map(|a| a.port())
        .expect("the machine has a free port")
}

/// The common half of a configuration for a service under test, everything prefixed with `prefix`.
pub fn common(prefix: &str) -> Common {
    let loopback = |port: u16| std::net::SocketAddr::from(([127, 0, 0, 1], port));
    Common {
        http_addr: loopback(free_port()),
        ops_addr: loopback(free_port()),
        database_url: None,
        database_connections: 5,
        kafka_brokers: kafka_brokers(),
        topic_prefix: format!("{prefix}."),
        kafka_partitions: 1,
        kafka_replication: 1,
        kafka_min_insync: 1,
        s3_endpoint: std::env::var("MALL_TEST_S3_ENDPOINT").ok(),
        s3_access_key: std::env::var("MALL_TEST_S3_ACCESS_KEY").ok().map(Into::into),
        s3_secret_key: std::env::var("MALL_TEST_S3_SECRET_KEY").ok().map(Into::into),
        s3_bucket_prefix: format!("{prefix}-"),
        otlp_endpoint: None,
        public_url: "https://mall.test".into(),
        log: "warn".into(),
        max_concurrent_requests: 512,
        max_waiting_requests: 2048,
        max_body_bytes: 64 * 1024,
        request_timeout_s: 30,
        clock_offset_s: 0,
        clock_shift_s: None,
        staff_without_second_factor: false,
    }
}
