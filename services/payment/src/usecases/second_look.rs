//! A large payout waits, booked, until a second member of staff has looked at it.

use chassis::{JobHandler, Tx};
use jiff::{SignedDuration, Timestamp};
use kernel::{PayoutId, UserId, VendorId};
use tracing::{error, info};

use super::absorb_payout::{come_back, say};
use super::payout_jobs::{RemindOfPayout, SendPayout};
use crate::App;
use crate::domain::{Payout, PayoutStatus, Refused};
use crate::error::Error;
use crate::store::{payouts, sellers};

/// How often staff are told that a payout waits for one of them.
const REMINDED: SignedDuration = SignedDuration::from_hours(24);
/// Why a payout is held whose seller may not be paid any more.
const NOT_APPROVED: &str = "seller_not_approved";

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

/// `who` does not let a payout go, for this `reason`: the seller is owed it again. Said again, it is as before.
pub async fn hold_payout(
    tx: &mut Tx,
    id: PayoutId,
    who: UserId,
    reason: &str,
) -> Result<Payout, Error> {
    let (mut payout, now) = (lock(tx, id).await?, tx.now());
    if payout.may_be_held()? {
        payout.decided_by = Some(who);
        payout.decided_at = Some(now);
        come_back(tx, &mut payout, PayoutStatus::Held, reason).await?;
    }
    Ok(payout)
}

/// Nothing waits for staff to pay a seller who may not be paid any more.
pub async fn hold_all(tx: &mut Tx, vendor: VendorId) -> Result<(), Error> {
    for id in payouts::list_waiting(tx.conn(), vendor).await? {
        let mut payout = lock(tx, id).await?;
        if payout.status == PayoutStatus::Waiting {
            come_back(tx, &mut payout, PayoutStatus::Held, NOT_APPROVED).await?;
        }
    }
    Ok(())
}

/// The payout, with what its seller is owed: no credit and no other payout takes from that meanwhile.
async fn lock(tx: &mut Tx, id: PayoutId) -> Result<Payout, Error> {
    let found = payouts::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    sellers::lock(tx.conn(), &[found.vendor_id], found.amount.currency()).await?;
    payouts::lock(tx.conn(), id).await?.ok_or(Error::NotFound)
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
            return hold_all(tx, payout.vendor_id).await;
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
