//! A payout that may not go after all is held, until the provider has it.

use chassis::Tx;
use kernel::{PayoutId, UserId, VendorId};
use sqlx::PgConnection;
use tracing::warn;

use super::absorb_payout::come_back;
use crate::App;
use crate::domain::{Payout, PayoutStatus};
use crate::error::Error;
use crate::store::{payouts, sellers};

/// Why a payout is held whose seller may not be paid any more.
const NOT_APPROVED: &str = "seller_not_approved";

/// What is to be done about a payout that is on its way to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The provider is asked to pay it.
    Pay,
    /// Its seller may not be paid yet.
    Wait,
    /// It is held, unless the provider has it.
    Stop,
}

impl App {
    /// Judges a payout under the lock of its row, just before the provider is asked; where it is, that is written first.
    /// Nothing when it is not on its way to the provider.
    pub async fn next_step(&self, id: PayoutId) -> Result<Option<(Payout, Step)>, Error> {
        let mut tx = self.db.begin().await?;
        let payout = payouts::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
        if payout.status != PayoutStatus::Requested {
            return Ok(None);
        }
        if may_not_go(tx.conn(), &payout).await? {
            return Ok(Some((payout, Step::Stop)));
        }
        // The account may be another one than when it was booked.
        let now = tx.now();
        if sellers::find_payable_from(tx.conn(), payout.vendor_id, now).await? != Some(now) {
            return Ok(Some((payout, Step::Wait)));
        }
        payouts::mark_asked(tx.conn(), id, now).await?;
        tx.commit().await?;
        Ok(Some((payout, Step::Pay)))
    }
}

/// Whether somebody stopped a payout, or its seller may not be paid any more.
async fn may_not_go(conn: &mut PgConnection, payout: &Payout) -> Result<bool, Error> {
    Ok(payout.is_stopped() || !sellers::is_approved(conn, payout.vendor_id).await?)
}

/// Holds a payout that is locked and may not go: the provider does not have it. False when it may go after all.
pub async fn hold_stopped(tx: &mut Tx, payout: &mut Payout) -> Result<bool, Error> {
    if !may_not_go(tx.conn(), payout).await? {
        return Ok(false);
    }
    let reason = payout.reason.clone().unwrap_or_else(|| NOT_APPROVED.to_owned());
    let who = payout.stopped_by;
    hold(tx, payout, &reason, who).await?;
    Ok(true)
}

/// A payout that is locked shall not go, as `who` of staff says or as follows from something else: it is held at once, or as
/// soon as it is known that the provider does not have it.
pub async fn stop(
    tx: &mut Tx,
    payout: &mut Payout,
    reason: &str,
    who: Option<UserId>,
) -> Result<(), Error> {
    if payout.asked_at.is_none() {
        return hold(tx, payout, reason, who).await;
    }
    let (id, now) = (payout.id, tx.now());
    payout.stop(reason, who);
    payouts::update(tx.conn(), payout, now).await?;
    warn!(payout.id = %id, vendor.id = %payout.vendor_id, reason, "payout {id} is held unless the provider has it");
    Ok(())
}

async fn hold(
    tx: &mut Tx,
    payout: &mut Payout,
    reason: &str,
    who: Option<UserId>,
) -> Result<(), Error> {
    if who.is_some() {
        payout.decided_by = who;
        payout.decided_at = Some(tx.now());
    }
    come_back(tx, payout, PayoutStatus::Held, reason).await
}

/// Nothing goes to a seller who may not be paid any more.
pub async fn stop_all(tx: &mut Tx, vendor: VendorId) -> Result<(), Error> {
    for id in payouts::list_stoppable(tx.conn(), vendor).await? {
        let mut payout = lock(tx, id).await?;
        if payout.may_be_held().unwrap_or(false) {
            stop(tx, &mut payout, NOT_APPROVED, None).await?;
        }
    }
    Ok(())
}

/// The payout, with what its seller is owed: no credit and no other payout takes from that meanwhile.
pub async fn lock(tx: &mut Tx, id: PayoutId) -> Result<Payout, Error> {
    let found = payouts::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    sellers::lock(tx.conn(), &[found.vendor_id], found.amount.currency()).await?;
    payouts::lock(tx.conn(), id).await?.ok_or(Error::NotFound)
}
