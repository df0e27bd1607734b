//! Starts and stops a sandbox, as a process or inside a test.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context;
use kernel::ClockGoesBack;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::app::App;
use crate::config::{Config, check_url};
use crate::delivery::Courier;
use crate::http;
use crate::journal::Journal;

/// The payment provider.
#[derive(Debug)]
pub struct Sandbox;

/// A sandbox that answers. Dropped without [`Running::stop`], it dies as in a crash.
#[derive(Debug)]
pub struct Running {
    url: String,
    app: App,
    leave: watch::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
    courier: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox on a free port of this machine.
    pub async fn start(config: Config) -> anyhow::Result<Running> {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), config).await
    }

    /// Starts a sandbox on `addr`.
    pub async fn start_at(addr: SocketAddr, config: Config) -> anyhow::Result<Running> {
        if let Some(url) = &config.webhook_url {
            check_url(url)?;
        }
        // Bound before the file is opened: a second sandbox on the port never touches it.
        let listener =
            TcpListener::bind(addr).await.with_context(|| format!("listening on {addr}"))?;
        let url = format!("http://{}", listener.local_addr()?);
        let (outbox, batches) = mpsc::unbounded_channel();
        let (journal, books) = Journal::open(&config.ledger_file, outbox.clone())?;

        for batch in books.undelivered() {
            outbox.send(batch)?;
        }
        let webhook_secret = config.webhook_secret.clone();
        let app = App::new(config, journal, books);
        let courier = Courier::try_new(app.clone(), &webhook_secret)?;

        let (leave, mut left) = watch::channel(());
        let serve =
            axum::serve(listener, http::routes(app.clone())).with_graceful_shutdown(async move {
                let _ = left.changed().await;
            });
        info!(%url, "listening on {url}");
        Ok(Running {
            url,
            app,
            leave,
            server: tokio::spawn(serve.into_future()),
            courier: tokio::spawn(courier.run(batches)),
        })
    }
}

impl Running {
    /// Where the sandbox can be reached, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Moves its clock on until it is `shift_s` seconds ahead of the machine's.
    pub fn forward_to(&self, shift_s: i64) -> Result<(), ClockGoesBack> {
        self.app.forward_to(shift_s)
    }

    /// Answers what was asked, keeps what is to be kept, and ends. Deliveries under way are
    /// cut off; what was not accepted goes on at the next start.
    pub async fn stop(mut self) {
        let _ = self.leave.send(());
        match (&mut self.server).await {
            Ok(Ok(())) => {}
            Ok(Err(reason)) => warn!(%reason, "the listener failed: {reason}"),
            Err(reason) => warn!(%reason, "the server task failed: {reason}"),
        }
        self.courier.abort();
        if let Err(reason) = self.app.read(|_| Ok(())).await {
            warn!(%reason, "the ledger file is not complete: {reason}");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.courier.abort();
        self.server.abort();
    }
}
