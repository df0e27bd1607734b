//! What parcels needed of people who asked to be forgotten goes when the parcels have come.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};
use jiff::SignedDuration;

use crate::App;
use crate::error::Error;
use crate::store::erasure;

/// Watches the addresses that were kept for parcels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftovers {}

/// The chassis keeps answers for two days, and those to sellers show where a parcel goes.
const ANSWERED: SignedDuration = SignedDuration::from_hours(49);

impl Timer for Leftovers {
    const NAME: &'static str = "order.leftovers";
    // Within the hour is promised; nearly always there is nothing to do.
    const EVERY: Duration = Duration::from_mins(1);
    // It decides over nothing that is still on its way.
    const WAITS_FOR_NEWS: bool = false;
}

impl TimerHandler<Leftovers> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        // All answers are read: only when a parcel of such a person came to its end.
        let (now, mut answers, mut looked) = (tx.now(), 0, 0);
        let ended = erasure::list_ended(tx.conn(), now - ANSWERED).await?;
        if !ended.is_empty() {
            answers = tx.forget_answers_about(&ended).await?;
            looked = erasure::answers_are_gone(tx.conn(), now).await?;
        }
        let gone = erasure::delete_leftovers(tx.conn()).await?;
        let settled = erasure::settle(tx.conn()).await?;
        if gone > 0 {
            tracing::info!(
                addresses = gone,
                buyers = settled,
                "addresses that were kept for parcels are gone"
            );
        }
        // Whatever was done counts: what does nothing is not kept.
        Ok(usize::try_from(answers + looked + gone + settled).unwrap_or(usize::MAX))
    }
}
