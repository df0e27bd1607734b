//! Which days are gone through with the provider: each night the one before, and any when staff ask for it.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};
use jiff::civil::Date;
use tracing::info;

use super::reconcile::Reconcile;
use crate::App;
use crate::domain::{Refused, calendar};
use crate::error::Error;
use crate::store::{closings, differences, reconciliations};

/// Days are over.
pub enum Nights {}

impl Timer for Nights {
    const NAME: &'static str = "payment.reconcile";
    const EVERY: Duration = Duration::from_secs(30);
    // What was heard meanwhile is compared again the night after.
    const WAITS_FOR_NEWS: bool = false;
}

impl TimerHandler<Nights> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let open = differences::count_open(tx.conn()).await?;
        let open = u32::try_from(open).unwrap_or(u32::MAX);
        metrics::gauge!("mall_reconciliation_differences", "service" => "payment").set(open);
        let Some(first) = closings::first_posted_at(tx.conn()).await? else { return Ok(0) };
        let last = calendar::last_night(now, self.settings.reconcile_hour);
        let due = reconciliations::list_due(tx.conn(), calendar::date(first), last).await?;
        for &day in &due {
            begin(tx, day).await?;
        }
        Ok(due.len())
    }
}

async fn begin(tx: &mut Tx, day: Date) -> Result<(), Error> {
    let now = tx.now();
    // Another replica may have been faster.
    if reconciliations::begin(tx.conn(), day, now).await? {
        tx.schedule(&Reconcile::of(day, 1), now).await?;
    }
    Ok(())
}

/// Goes through a day that is over, or once more through one that is done.
pub async fn reconcile(tx: &mut Tx, day: Date) -> Result<(), Error> {
    let now = tx.now();
    let first = closings::first_posted_at(tx.conn()).await?;
    if first.is_none_or(|first| day < calendar::date(first)) || day >= calendar::date(now) {
        return Err(Refused::NotReconcilable.into());
    }
    begin(tx, day).await?;
    if reconciliations::begin_again(tx.conn(), day, now).await? {
        let known = reconciliations::lock(tx.conn(), day).await?.ok_or(Error::NotFound)?;
        tx.schedule(&Reconcile::of(day, known.run), now).await?;
        info!(%day, run = known.run, "{day} is gone through once more");
    }
    Ok(())
}
