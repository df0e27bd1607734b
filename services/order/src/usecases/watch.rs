//! Waiting for a checkout to change: told by this process after each commit, and looking again once a second in case
//! another process did the change.

use std::time::Duration;

use chassis::Tx;
use kernel::{CheckoutId, UserId};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::error::Error;
use crate::store;
use crate::store::orders::OrderRow;

/// How long a change made elsewhere goes unseen at most.
const NET: Duration = Duration::from_secs(1);

/// Who is told within this process that a checkout changed.
#[derive(Debug, Clone)]
pub struct Changes {
    changed: broadcast::Sender<CheckoutId>,
    closing: CancellationToken,
}

impl Changes {
    /// Tells until `closing`; then everybody who waits goes home.
    pub fn until(closing: CancellationToken) -> Self {
        // Whoever falls further behind than this looks again, and misses nothing.
        Self { changed: broadcast::Sender::new(1024), closing }
    }

    /// Tells those who watch `checkout_id`, once `tx` is committed.
    pub fn notify(&self, tx: &mut Tx, checkout_id: CheckoutId) {
        let changed = self.changed.clone();
        tx.after_commit(move || drop(changed.send(checkout_id)));
    }

    /// Watches a checkout. What changes from now on is not missed.
    pub fn watch(&self, checkout_id: CheckoutId) -> Watch {
        Watch { checkout_id, changed: self.changed.subscribe(), closing: self.closing.clone() }
    }
}

#[derive(Debug)]
pub struct Watch {
    checkout_id: CheckoutId,
    changed: broadcast::Receiver<CheckoutId>,
    closing: CancellationToken,
}

impl Watch {
    /// Returns when it is worth looking again. False when the process is about to end.
    pub async fn may_have_changed(&mut self) -> bool {
        let closing = self.closing.clone();
        tokio::select! {
            () = closing.cancelled() => false,
            () = self.heard() => true,
            () = tokio::time::sleep(NET) => true,
        }
    }

    async fn heard(&mut self) {
        loop {
            match self.changed.recv().await {
                Ok(id) if id == self.checkout_id => return,
                Ok(_) => {}
                // Something was missed: look.
                Err(RecvError::Lagged(_)) => return,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// How long to hold an answer back, and what the client has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    pub time: Duration,
    /// The version the client has; without one, what stands when it asks.
    pub seen: Option<i64>,
}

/// What became of a buyer's checkout, if it was heard of.
pub async fn find_checkout(
    app: &App,
    checkout_id: CheckoutId,
    buyer: UserId,
) -> Result<Option<OrderRow>, Error> {
    let mut conn = app.db.read().await?;
    Ok(store::orders::find_by_checkout(&mut conn, checkout_id, buyer).await?)
}

/// The same, held back until there is something new to say, or until it is over.
pub async fn await_checkout(
    app: &App,
    checkout_id: CheckoutId,
    buyer: UserId,
    hold: Hold,
) -> Result<Option<OrderRow>, Error> {
    // Answered before the chassis gives the request up.
    let deadline = Instant::now() + hold.time.min(app.longest_hold);
    // Before the first look: what changes in between is not missed.
    let mut watch = app.changes.watch(checkout_id);
    let mut found = find_checkout(app, checkout_id, buyer).await?;
    let seen = hold.seen.or(found.as_ref().map(|row| row.version));
    while !is_news(found.as_ref(), seen) {
        match tokio::time::timeout_at(deadline, watch.may_have_changed()).await {
            Ok(true) => found = find_checkout(app, checkout_id, buyer).await?,
            Ok(false) | Err(_) => break,
        }
    }
    Ok(found)
}

fn is_news(found: Option<&OrderRow>, seen: Option<i64>) -> bool {
    found.is_some_and(|row| row.state.is_terminal() || Some(row.version) != seen)
}
