//! The day on which sellers are paid.

use std::collections::HashSet;
use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};
use jiff::civil::Date;
use kernel::{UserId, VendorId};
use tracing::info;

use super::payout_jobs::PayOut;
use crate::App;
use crate::domain::calendar;
use crate::error::Error;
use crate::store::{payouts, sellers};

/// Sellers fall due to be paid.
pub enum Payday {}

impl Timer for Payday {
    const NAME: &'static str = "payment.payday";
    const EVERY: Duration = Duration::from_secs(30);
}

impl TimerHandler<Payday> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let day = calendar::last_payday(tx.now(), self.settings.payday);
        if payouts::is_run(tx.conn(), day).await? {
            return Ok(0);
        }
        begin(self, tx, day, None).await?;
        // Kept when nobody is due, too: what comes free later waits for the next run.
        Ok(1)
    }
}

/// `who` has the sellers paid that are due today and were not paid today. Returns the day, and who they are.
pub async fn run_payouts(
    app: &App,
    tx: &mut Tx,
    who: UserId,
) -> Result<(Date, Vec<VendorId>), Error> {
    let today = calendar::date(tx.now());
    Ok((today, begin(app, tx, today, Some(who)).await?))
}

async fn begin(
    app: &App,
    tx: &mut Tx,
    day: Date,
    begun_by: Option<UserId>,
) -> Result<Vec<VendorId>, Error> {
    let now = tx.now();
    payouts::begin_run(tx.conn(), day, now).await?;
    let paid: HashSet<VendorId> = payouts::list_paid(tx.conn(), day).await?.into_iter().collect();
    let mut due = sellers::list_owed(tx.conn(), app.settings.payout_terms.least).await?;
    due.retain(|vendor| !paid.contains(vendor));
    // One seller each: what keeps one from being paid keeps no other.
    let jobs = due.iter().map(|&vendor_id| PayOut { run_on: day, vendor_id, begun_by });
    let jobs: Vec<_> = jobs.collect();
    tx.schedule_all(&jobs, now).await?;
    let sellers = due.len();
    info!(sellers, "{sellers} sellers are due to be paid on {day}");
    Ok(due)
}
