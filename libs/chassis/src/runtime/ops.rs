//! What the operator reads: liveness, readiness and metrics, on a port of their own.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff_sqlx::ToSqlx;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use sqlx::Row;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::service::Service;
use crate::db::{Db, UNIT};
use crate::events::kafka::Publisher;
use crate::health::{Health, Heart};

static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// The process' metrics; installed at the first call.
fn handle() -> Option<&'static PrometheusHandle> {
    METRICS
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(
                    Matcher::Suffix("seconds".into()),
                    &[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0],
                )
                .and_then(|builder| {
                    builder.set_buckets_for_metric(
                        Matcher::Full("mall_consumer_batch_size".into()),
                        &[1.0, 5.0, 20.0, 50.0, 100.0, 250.0, 500.0],
                    )
                })
                .and_then(PrometheusBuilder::install_recorder)
                .map_err(|error| tracing::error!(%error, "no metrics"))
                .ok()
        })
        .as_ref()
}

/// Whether the service can serve.
#[derive(Debug, Clone)]
pub struct Readiness {
    parts: Arc<OnceLock<Needed>>,
    draining: CancellationToken,
    seen: Arc<OnceLock<()>>,
}

/// Looks whether something besides the database is away.
type Look = Box<dyn Fn() -> BoxFuture<'static, Option<&'static str>> + Send + Sync>;

struct Needed {
    db: Option<Db>,
    caught_up: Vec<(&'static str, watch::Receiver<bool>)>,
    look: Look,
}

impl std::fmt::Debug for Needed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Needed").field("db", &self.db).finish_non_exhaustive()
    }
}

impl Readiness {
    /// Not ready before [`Self::started`], and never again once draining.
    #[must_use]
    pub fn new(draining: CancellationToken) -> Self {
        Self { parts: Arc::default(), draining, seen: Arc::default() }
    }

    /// From here on: ready when the database answers, everything overheard has been read once, and the service misses
    /// nothing else.
    pub fn started<S: Service>(
        &self,
        app: &S,
        db: Option<Db>,
        caught_up: Vec<(&'static str, watch::Receiver<bool>)>,
    ) {
        let app = app.clone();
        let look = move || {
            let app = app.clone();
            async move { app.away().await }.boxed()
        };
        self.parts.get_or_init(|| Needed { db, caught_up, look: Box::new(look) });
    }

    async fn trouble(&self) -> Option<&'static str> {
        if self.draining.is_cancelled() {
            return Some("draining");
        }
        let Some(Needed { db, caught_up, look }) = self.parts.get() else {
            return Some("starting");
        };
        if self.seen.get().is_none() {
            if let Some((what, _)) = caught_up.iter().find(|(_, up)| !*up.borrow()) {
                return Some(what);
            }
            self.seen.get_or_init(|| ());
        }
        match db {
            Some(db) if !db.is_there().await => Some("database"),
            _ => look().await,
        }
    }
}

/// `/livez`, `/readyz`, `/metrics`.
pub fn routes(readiness: Readiness, health: Health) -> Router {
    handle();
    Router::new()
        .route("/livez", get(async move || livez(&health)))
        .route("/readyz", get(readyz))
        .route("/metrics", get(async || handle().map(PrometheusHandle::render).unwrap_or_default()))
        .with_state(readiness)
}

fn livez(health: &Health) -> (StatusCode, String) {
    match health.missed() {
        None => (StatusCode::OK, "alive\n".to_owned()),
        Some(part) => (StatusCode::SERVICE_UNAVAILABLE, format!("not alive: {part}\n")),
    }
}

async fn readyz(State(readiness): State<Readiness>) -> impl IntoResponse {
    match readiness.trouble().await {
        None => (StatusCode::OK, "ready\n".to_owned()),
        Some(what) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {what}\n")),
    }
}

/// Looks at queues and pools every ten seconds, so that their depth is on the dashboard.
/// The outbox is alive while its oldest event is another one than at the last look, or the broker is away.
pub(crate) async fn sample(
    db: Option<Db>,
    service: &'static str,
    publisher: Publisher,
    outbox: Heart,
    stop: CancellationToken,
) {
    let mut oldest = 0;
    let mut tick = tokio::time::interval(Duration::from_secs(10));
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return,
        }
        if let Some(handle) = handle() {
            handle.run_upkeep();
        }
        let Some(db) = &db else {
            outbox.beat();
            continue;
        };
        metrics::gauge!("mall_db_pool_connections", "service" => service).set(db.pool().size());
        let idle = u32::try_from(db.pool().num_idle()).unwrap_or(u32::MAX);
        metrics::gauge!("mall_db_pool_idle", "service" => service).set(idle);
        match sample_tables(&db.upkeep(), service).await {
            Ok(since) if since == 0 || since != oldest => {
                oldest = since;
                outbox.beat();
            }
            Ok(_) if publisher.reaches_the_broker().await => {}
            Ok(_) => outbox.beat(),
            Err(error) => {
                tracing::debug!(%error, "the queues cannot be looked at");
                outbox.beat();
            }
        }
    }
}

/// Returns since when the oldest event waits in the outbox, in microseconds; zero when there is none.
async fn sample_tables(db: &Db, service: &'static str) -> sqlx::Result<i64> {
    let row = sqlx::query(
        "select pending, coalesce(extract(epoch from now() - since), 0)::bigint as oldest,
                coalesce(extract(epoch from since) * 1000000, 0)::bigint as since,
                (select count(*) from chassis.dead_letter) as letters,
                (select count(*) from chassis.job where failed_at is null and due_at <= $1) as due,
                (select count(*) from chassis.job where failed_at is not null) as failed
           from (select count(*) as pending, min(said_at) as since from chassis.outbox) as outbox",
    )
    .bind(db.clock().now().to_sqlx())
    .fetch_one(db.pool());
    let row = db.within(UNIT, row).await??;
    for (column, metric) in [
        ("pending", "mall_outbox_pending"),
        ("oldest", "mall_outbox_oldest_seconds"),
        ("letters", "mall_dead_letters_open"),
        ("due", "mall_jobs_due"),
        ("failed", "mall_jobs_failed"),
    ] {
        let value: i64 = row.try_get(column)?;
        metrics::gauge!(metric, "service" => service).set(u32::try_from(value).unwrap_or(u32::MAX));
    }
    row.try_get("since")
}
