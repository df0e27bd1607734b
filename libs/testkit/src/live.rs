//! A service as it really runs: its run loop, its ports, the broker.

use chassis::Service;
use chassis::config::Common;
use sqlx::{ConnectOptions, PgPool};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::bus::Bus;
use crate::servers;
use crate::wait::within;

/// A running service.
#[derive(Debug)]
pub struct Live {
    /// Its public address.
    pub url: String,
    /// Its operator's address.
    pub ops: String,
    stop: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

/// The common half of a configuration that meets `bus` and uses the database of `pool`.
#[must_use]
pub fn common(bus: &Bus, pool: Option<&PgPool>) -> Common {
    let mut common = servers::common(bus.prefix.trim_end_matches('.'));
    common.topic_prefix.clone_from(&bus.prefix);
    common.database_url =
        pool.map(|pool| pool.connect_options().to_url_lossy().to_string().into());
    common
}

impl Live {
    /// Starts the service and waits until it is ready.
    pub async fn start<S: Service>(common: Common, config: S::Config) -> Self {
        let stop = CancellationToken::new();
        let (url, ops) = (common.http_addr, common.ops_addr);
        let running = tokio::spawn(chassis::run::serve::<S>(common, config, stop.clone()));
        let live =
            Self { url: format!("http://{url}"), ops: format!("http://{ops}"), stop, running };
        let ready = format!("{}/readyz", live.ops);
        within(std::time::Duration::from_secs(30), "the service is ready", async || {
            let answer = reqwest::get(&ready).await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        live
    }

    /// Asks it to end, as SIGTERM would, and waits until it has.
    ///
    /// # Panics
    /// When it did not end in good order.
    pub async fn stop(self) {
        self.stop.cancel();
        self.running.await.expect("it does not panic").expect("it ends in good order");
    }

    /// Kills it: whatever it was doing is dropped.
    pub async fn kill(self) {
        self.running.abort();
        drop(self.running.await);
        self.stop.cancel();
    }
}
