//! Where the cash of those who asked to be forgotten goes is forgotten once no refund waits for it.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};
use contracts::user::{AccountStatus, AccountUpdated};
use tracing::info;

use crate::App;
use crate::error::Error;
use crate::store::{erased_buyers, refund_accounts};

/// Keeps that somebody asked to be forgotten.
pub async fn project_account(tx: &mut Tx, event: &AccountUpdated) -> Result<(), Error> {
    if event.status == AccountStatus::Erased {
        erased_buyers::insert(tx.conn(), event.user_id).await?;
    }
    Ok(())
}

/// Watches the accounts that were kept for a refund.
pub enum Leftovers {}

impl Timer for Leftovers {
    const NAME: &'static str = "payment.leftovers";
    // Within the hour is promised; nearly always there is nothing to do.
    const EVERY: Duration = Duration::from_mins(1);
}

impl TimerHandler<Leftovers> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let gone = refund_accounts::forget(tx.conn()).await?;
        if gone > 0 {
            info!(accounts = gone, "{gone} accounts of people who asked to be forgotten are gone");
        }
        // Whatever was done counts: what does nothing is not kept.
        Ok(usize::try_from(gone).unwrap_or(usize::MAX))
    }
}
