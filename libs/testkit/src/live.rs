//! A service as it really runs: its run loop, its ports, the broker.

use std::time::Duration;

use chassis::Service;
use chassis::config::Common;
use sqlx::{ConnectOptions, PgPool};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::bus::Bus;
use crate::servers;
use crate::wait::within;

/// A running service, on threads of its own so that it can be killed.
#[derive(Debug)]
pub struct Live {
    /// Its public address.
    pub url: String,
    /// Its operator's address.
    pub ops: String,
    stop: CancellationToken,
    running: Option<JoinHandle<anyhow::Result<()>>>,
    runtime: Option<Runtime>,
}

/// The common half of a configuration that meets `bus` and uses the database of `pool`.
pub fn common(bus: &Bus, pool: Option<&PgPool>) -> Common {
    let mut common = servers::common(bus.prefix.trim_end_matches('.'));
    common.topic_prefix.clone_from(&bus.prefix);
    common.database_url = pool.map(|pool| pool.connect_options().to_url_lossy().to_string().into());
    common
}

impl Live {
    /// Starts the service and waits until it is ready.
    pub async fn start<S: Service>(common: Common, config: S::Config) -> Self {
        let live = Self::begin::<S>(common, config);
        live.ready().await;
        live
    }

    /// Starts the service and does not wait.
    ///
    /// # Panics
    /// When the machine has no threads left.
    #[must_use]
    pub fn begin<S: Service>(common: Common, config: S::Config) -> Self {
        let stop = CancellationToken::new();
        let (url, ops) = (common.http_addr, common.ops_addr);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime can be made");
        let running = runtime.spawn(chassis::run::serve::<S>(common, config, stop.clone()));
        let (url, ops) = (format!("http://{url}"), format!("http://{ops}"));
        Self { url, ops, stop, running: Some(running), runtime: Some(runtime) }
    }

    /// Waits until it is ready.
    pub async fn ready(&self) {
        let ready = format!("{}/readyz", self.ops);
        within(Duration::from_secs(30), "the service is ready", async || {
            let answer = reqwest::get(&ready).await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }

    /// Asks it to end, as SIGTERM would, without waiting.
    pub fn ask_to_stop(&self) {
        self.stop.cancel();
    }

    /// Asks it to end, as SIGTERM would, and waits until it has.
    ///
    /// # Panics
    /// When it did not end in good order.
    pub async fn stop(self) {
        self.stop.cancel();
        self.ended().await.expect("it ends in good order");
    }

    /// Waits until it ends by itself, and how.
    ///
    /// # Errors
    /// What broke it.
    ///
    /// # Panics
    /// When it panicked.
    pub async fn ended(mut self) -> anyhow::Result<()> {
        let running = self.running.take().expect("nobody waited before");
        running.await.expect("it does not panic")
    }

    /// Kills it: whatever it was doing is dropped where it stands.
    pub fn kill(mut self) {
        self.die();
    }

    fn die(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.die();
    }
}
