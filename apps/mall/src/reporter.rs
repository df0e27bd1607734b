//! Telling what happens while it happens, and what came of it.

use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

/// One step of a story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    pub step: String,
    pub ok: bool,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// A story being told.
#[derive(Debug)]
pub struct Reporter {
    quiet: bool,
    begun: watch::Sender<Vec<String>>,
    pub steps: Vec<Step>,
}

impl Reporter {
    /// A story told line by line, or kept for later when `quiet`.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self { quiet, begun: watch::Sender::default(), steps: Vec::new() }
    }

    /// The steps that were begun, for whoever follows the story from beside.
    pub fn begun(&self) -> watch::Receiver<Vec<String>> {
        self.begun.subscribe()
    }

    /// Does one step and tells it.
    pub async fn step<T>(
        &mut self,
        what: &str,
        doing: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let started = Instant::now();
        self.begun.send_modify(|begun| begun.push(what.to_owned()));
        let done = doing.await;
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.steps.push(Step { step: what.to_owned(), ok: done.is_ok(), ms });
        if !self.quiet {
            let mark = if done.is_ok() { "ok" } else { "FAILED" };
            println!("  {what:<72} {mark:>6} {ms:>6} ms");
        }
        done.map_err(|error| error.context(format!("the step \"{what}\" failed")))
    }
}

/// Asks `probe` every 50 ms until it gives something, for at most `patience`.
pub async fn until<T>(
    patience: Duration,
    what: &str,
    probe: impl AsyncFn() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    until_every(Duration::from_millis(50), patience, what, probe).await
}

/// The same every so often; whoever answers slowly is not asked more for it.
pub async fn until_every<T>(
    every: Duration,
    patience: Duration,
    what: &str,
    probe: impl AsyncFn() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let asking = async {
        let mut tick = tokio::time::interval(every);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            if let Some(found) = probe().await? {
                return Ok(found);
            }
        }
    };
    tokio::time::timeout(patience, asking)
        .await
        .unwrap_or_else(|_| Err(anyhow::anyhow!("waited {patience:?} in vain: {what}")))
}

/// How long the journey waits for anything: services may be starting, machines may be slow, and a mail that was being
/// sent when its sender was killed is sent again after two minutes.
pub const PATIENCE: Duration = Duration::from_secs(150);
