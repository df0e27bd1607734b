//! What goes in and out of carts is said in batches: it is counted, nobody acts upon it, and a commit for each line
//! would cost more than the line. A process that is killed takes the last moment of it along.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chassis::telemetry;
use contracts::cart::{ItemAdded, ItemRemoved};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::App;

/// How long changes gather before they are said together.
const GATHER: Duration = Duration::from_millis(100);
/// The pause after the database did not take them.
const PAUSE: Duration = Duration::from_millis(500);
/// Changes in one commit.
const BATCH: usize = 500;
/// Changes that wait at most while the database is away. Then the oldest are forgotten.
const MOST: usize = 20_000;

#[derive(Debug, Clone)]
pub enum Change {
    Added(ItemAdded),
    Removed(ItemRemoved),
}

#[derive(Debug, Clone)]
struct Noted {
    change: Change,
    traceparent: String,
}

#[derive(Debug, Clone, Default)]
pub struct Activity {
    waiting: Arc<Mutex<VecDeque<Noted>>>,
    more: Arc<Notify>,
}

impl Activity {
    pub fn note(&self, change: Change) {
        self.waiting().push_back(Noted { change, traceparent: telemetry::traceparent() });
        self.more.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Noted>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<Noted> {
        let mut waiting = self.waiting();
        let forgotten = waiting.len().saturating_sub(MOST);
        if forgotten > 0 {
            tracing::warn!(forgotten, "changes of carts are not counted: too many wait");
            waiting.drain(..forgotten);
        }
        let batch = waiting.len().min(BATCH);
        waiting.drain(..batch).collect()
    }

    fn give_back(&self, batch: Vec<Noted>) {
        let mut waiting = self.waiting();
        for noted in batch.into_iter().rev() {
            waiting.push_front(noted);
        }
    }
}

/// Says what was noted, until `stop`, and what is left then.
pub async fn keep_emitting(app: &App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = app.activity.more.notified() => wait(GATHER, &stop).await,
            () = stop.cancelled() => {}
        }
        while let Err(error) = emit(app).await {
            tracing::warn!(%error, "changes of carts wait");
            if stop.is_cancelled() {
                break;
            }
            wait(PAUSE, &stop).await;
        }
        if stop.is_cancelled() {
            return;
        }
    }
}

async fn wait(pause: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = stop.cancelled() => {}
    }
}

async fn emit(app: &App) -> sqlx::Result<()> {
    loop {
        let batch = app.activity.take();
        if batch.is_empty() {
            return Ok(());
        }
        if let Err(error) = commit(app, &batch).await {
            app.activity.give_back(batch);
            return Err(error);
        }
    }
}

async fn commit(app: &App, batch: &[Noted]) -> sqlx::Result<()> {
    let mut tx = app.db.begin().await?;
    for noted in batch {
        tx.continue_trace(noted.traceparent.clone());
        match &noted.change {
            Change::Added(event) => tx.emit(event),
            Change::Removed(event) => tx.emit(event),
        }
    }
    tx.commit().await
}
