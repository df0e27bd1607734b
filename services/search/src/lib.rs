#![doc = include_str!("../README.md")]
#![expect(missing_docs, reason = "public for its own tests only; names say what they hold")]

pub mod domain;
mod error;
mod events;
mod http;
pub mod index;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chassis::{Dependencies, Service, Subscriptions};
use contracts::product::{ProductUpserted, StockLevelChanged};
use contracts::rating::RatingSummary;
use contracts::vendor::VendorChanged;
use jiff::Timestamp;
use kernel::Clock;
use serde::Deserialize;
use sqlx::migrate::Migrator;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::error::Error;
use crate::index::Catalogue;

/// How long a new text waits to be found, at most, beside the time the commit takes.
const COMMIT_EVERY: Duration = Duration::from_millis(200);

/// What only the search service needs to be told: nothing yet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// The search service.
#[derive(Clone)]
pub struct App {
    catalogue: Arc<Catalogue>,
    clock: Arc<dyn Clock>,
    asked: Arc<AtomicBool>,
    waiting_since: Arc<Mutex<Option<Timestamp>>>,
}

impl Service for App {
    const NAME: &'static str = "search";
    const MIGRATOR: Option<&'static Migrator> = None;
    type Config = Config;

    async fn build(_config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        Ok(Self {
            catalogue: Arc::new(Catalogue::new()?),
            clock: deps.clock,
            asked: Arc::default(),
            waiting_since: Arc::default(),
        })
    }

    fn router() -> OpenApiRouter<Self> {
        http::router()
    }

    fn subscriptions() -> Subscriptions<Self> {
        Subscriptions::default()
            .in_memory::<ProductUpserted>()
            .in_memory::<StockLevelChanged>()
            .in_memory::<RatingSummary>()
            .in_memory::<VendorChanged>()
    }

    async fn background(&self, stop: CancellationToken) -> anyhow::Result<()> {
        let mut tick = tokio::time::interval(COMMIT_EVERY);
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                () = stop.cancelled() => return Ok(()),
            }
            if self.catalogue.held().pending > 0 {
                let app = self.clone();
                tokio::task::spawn_blocking(move || app.commit()).await??;
            }
        }
    }
}

impl App {
    /// Asks the index, away from the threads that serve. The first question makes what was heard so far findable, so
    /// that nothing that was known at readiness is missing.
    async fn look_up<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Catalogue) -> Result<T, index::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = self.clone();
        let answered = tokio::task::spawn_blocking(move || {
            if !app.asked.swap(true, Ordering::AcqRel) {
                app.commit()?;
            }
            question(&app.catalogue)
        });
        Ok(answered.await.map_err(|_| Error::Broken)??)
    }

    fn commit(&self) -> Result<(), index::Error> {
        let since = self.waiting_since.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.catalogue.commit()?;
        if let Some(since) = since {
            let lag_ms = (self.clock.now().as_millisecond() - since.as_millisecond()).max(0);
            metrics::gauge!("mall_search_index_lag_ms")
                .set(u32::try_from(lag_ms).unwrap_or(u32::MAX));
        }
        Ok(())
    }

    /// A text changed at `at`; the oldest one waiting makes the lag.
    fn heard_text(&self, at: Timestamp) {
        let mut since = self.waiting_since.lock().unwrap_or_else(PoisonError::into_inner);
        since.get_or_insert(at);
    }
}
