//! A large payout waits, booked, until a second member of staff has looked at it.

use chassis::{JobHandler, Tx};
use jiff::Timestamp;
use kernel::{PayoutId, UserId};
use tracing::{error, info};

use super::absorb_payout::say;
use super::payout_jobs::{REMINDED, RemindOfPayout, SendPayout};
use super::stop_payout::{lock, stop, stop_all};
use crate::App;
use crate::domain::{Payout, PayoutStatus, Refused};
use crate::error::Error;
use crate::store::{payouts, sellers};

/// A payout that was booked goes to the provider.
pub async fn go(tx: &mut Tx, id: PayoutId) -> Result<(), Error> {
    let now = tx.now();
    Ok(tx.schedule(&SendPayout { payout_id: id, look_first: false, tries: 0 }, now).await?)
}

/// A payout that was booked waits for a second member of staff.
pub async fn wait(tx: &mut Tx, id: PayoutId) -> Result<(), Error> {
    let due = tx.now() + REMINDED;
    Ok(tx.schedule(&RemindOfPayout { payout_id: id }, due).await?)
}

/// `who` lets a payout go. Said again, it is as before.
pub async fn approve_payout(tx: &mut Tx, id: PayoutId, who: UserId) -> Result<Payout, Error> {
    let (mut payout, now) = (lock(tx, id).await?, tx.now());
    if !payout.approve(who, now)? {
        return Ok(payout);
    }
    // Less than nothing is left where something that was free is taken back meanwhile.
    let currency = payout.amount.currency();
    let left = sellers::available(tx.conn(), payout.vendor_id, currency).await?;
    if left.is_negative() {
        return Err(Refused::PayoutNotCovered.into());
    }
    payouts::update(tx.conn(), &mut payout, now).await?;
    go(tx, id).await?;
    say(tx, &payout);
    info!(payout.id = %id, staff.id = %who, "payout {id} may go");
    Ok(payout)
}

/// `who` does not let a payout go, for this `reason`: the seller is owed it again, unless the provider has it already. Said
/// again, it is as before.
pub async fn hold_payout(
    tx: &mut Tx,
    id: PayoutId,
    who: UserId,
    reason: &str,
) -> Result<Payout, Error> {
    let mut payout = lock(tx, id).await?;
    if payout.may_be_held()? {
        stop(tx, &mut payout, reason, Some(who)).await?;
    }
    Ok(payout)
}

impl JobHandler<RemindOfPayout> for App {
    type Output = ();

    /// Only our own books have to be asked.
    async fn run(&self, _: &RemindOfPayout) -> Result<(), Error> {
        Ok(())
    }

    async fn complete(&self, job: RemindOfPayout, (): (), tx: &mut Tx) -> Result<(), Error> {
        let payout = payouts::find(tx.conn(), job.payout_id).await?.ok_or(Error::NotFound)?;
        if payout.status != PayoutStatus::Waiting {
            return Ok(());
        }
        // A run that began before its seller was suspended may have booked it after.
        if !sellers::is_approved(tx.conn(), payout.vendor_id).await? {
            return stop_all(tx, payout.vendor_id).await;
        }
        remind(&payout, payout.requested_at);
        wait(tx, payout.id).await
    }
}

fn remind(payout: &Payout, since: Timestamp) {
    let (id, amount) = (payout.id, payout.amount);
    error!(
        payout.id = %id, vendor.id = %payout.vendor_id,
        "payout {id} of {amount} waits since {since}: a second member of staff has to look"
    );
}
