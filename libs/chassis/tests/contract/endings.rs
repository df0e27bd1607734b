//! A part that a service cannot do without ends: the process ends as well, or shows that it is not alive.

use std::time::Duration;

use axum::http::Request;
use chassis::health::Health;
use chassis::ops::{self, Readiness};
use chassis::{Dependencies, Service};
use contracts::product::StockLevelChanged;
use kernel::Sku;
use rdkafka::mocking::MockCluster;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use testkit::{Live, eventually, sample};
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::probe::{Config, Probe, tables};
use crate::stage::{TOPICS, bus, live};

/// A service whose other part ends soon, one way or another.
#[derive(Clone)]
struct Brittle<const PANICS: bool>;

impl<const PANICS: bool> Service for Brittle<PANICS> {
    const NAME: &'static str = "brittle";
    const MIGRATOR: Option<&'static Migrator> = None;
    type Config = Config;

    async fn build(_config: Config, _kit: Dependencies) -> anyhow::Result<Self> {
        Ok(Self)
    }

    fn router() -> OpenApiRouter<Self> {
        OpenApiRouter::new()
    }

    async fn background(&self, _stop: CancellationToken) -> anyhow::Result<()> {
        assert!(!PANICS, "the cupboard is bare");
        Ok(())
    }
}

async fn ends(live: Live) -> String {
    let ended = tokio::time::timeout(Duration::from_secs(20), live.ended()).await;
    format!("{:#}", ended.expect("it ends").expect_err("it says why"))
}

#[tokio::test]
async fn a_service_ends_with_what_runs_beside_it() {
    let bus = bus(1).await;
    let quiet = Live::begin::<Brittle<false>>(testkit::live::common(&bus, None), Config::default());
    assert_eq!(ends(quiet).await, "what runs beside: it ended by itself");

    let loud = Live::begin::<Brittle<true>>(testkit::live::common(&bus, None), Config::default());
    assert_eq!(ends(loud).await, "what runs beside: panicked: the cupboard is bare");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_listener_that_breaks_over_one_record_hears_the_next(pool: PgPool) {
    let bus = bus(1).await;
    let (live, strings) = live(&bus, &pool).await;
    for sku in ["PANIC", "AFTER"] {
        let sku = Sku::parse(sku).unwrap();
        bus.emit(&StockLevelChanged { sku, ..sample() }).await;
    }

    eventually("the next record is heard", async || {
        strings.levels.there().contains_key("AFTER").then_some(())
    })
    .await;
    live.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_service_ends_when_broker_and_producer_disagree_on_what_was_sent(pool: PgPool) {
    tables(&pool).await;
    let (bus, cluster) = (bus(1).await, MockCluster::new(1).unwrap());
    let mut common = testkit::live::common(&bus, Some(&pool));
    common.kafka_brokers = cluster.bootstrap_servers();
    for topic in TOPICS {
        cluster.create_topic(&format!("{}{}", bus.prefix, topic.name), 1, 1).unwrap();
    }
    // What a broker answers that has lost the end of its log.
    let lost = RDKafkaRespErr::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER;
    cluster.request_errors(RDKafkaApiKey::Produce, &[lost]);
    let live = Live::start::<Probe>(common, Config::default()).await;

    let thing = reqwest::Client::new().post(format!("{}/v1/things", live.url));
    let thing = thing.header("content-type", "application/json").body("{\"name\":\"lamp\"}");
    assert_eq!(thing.send().await.unwrap().status(), 201);

    assert_eq!(ends(live).await, "the producer: it ended by itself");
}

#[tokio::test]
async fn a_part_that_does_not_come_round_is_missed_by_name() {
    let health = Health::default();
    let readiness = Readiness::new(CancellationToken::new());
    let livez = async || {
        let routes = ops::routes(readiness.clone(), health.clone());
        let request = Request::get("/livez").body(axum::body::Body::empty()).unwrap();
        let answer = tower::ServiceExt::oneshot(routes, request).await.unwrap();
        let status = answer.status();
        let body = axum::body::to_bytes(answer.into_body(), 1_000).await.unwrap();
        (status.as_u16(), String::from_utf8(body.to_vec()).unwrap())
    };
    health.heart("what hears", Duration::from_mins(1)).beat();
    assert_eq!(livez().await, (200, "alive\n".into()));

    health.heart("what carries", Duration::ZERO).beat();
    assert_eq!(livez().await, (503, "not alive: what carries\n".into()));
}
