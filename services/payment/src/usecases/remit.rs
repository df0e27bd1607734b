//! Cash that was taken at doors arrives at our bank. Where more or less of it does, two say so.

use chassis::Tx;
use chassis::auth::Caller;
use jiff::Timestamp;
use kernel::{Currency, Money, SellerOrderId};
use tracing::info;

use super::decide::{Decided, propose};
use super::own::refuse_own_cash;
use crate::domain::Refused;
use crate::domain::ledger::Journal;
use crate::domain::proposal::Proposal;
use crate::domain::remittance::{Remittance, Reported, Transfer};
use crate::error::Error;
use crate::store::{ledger, proposals, remittances};

const NOT_DUE: Refused =
    Refused::NotRemittable("some of this cash is not due from this party, or arrived before");
const TAKEN: Refused = Refused::NotRemittable("another transfer was reported under this number");

/// A member of staff reports a transfer. What arrived as it was taken is booked, once, and so is no more too much than one
/// may say `alone`; anything else waits for somebody else.
pub async fn remit(
    tx: &mut Tx,
    staff: &Caller,
    transfer: &Transfer,
    alone: Money,
) -> Result<Reported, Error> {
    refuse_own_cash(tx, &transfer.seller_orders, staff).await?;
    if let Some(known) = find_again(tx, transfer).await? {
        return Ok(known);
    }
    let taken = lock_due(tx, &transfer.party, &transfer.seller_orders).await?;
    // Somebody else may have reported the same at this moment: the lock waited for that.
    if let Some(known) = find_again(tx, transfer).await? {
        return Ok(known);
    }
    let taken = taken.ok_or(NOT_DUE)?;
    let due = Money::sum(taken.iter().map(|(_, amount)| *amount), Currency::Inr)?;
    let (remittance, now) = (Remittance::of(transfer, due), tx.now());
    if transfer.needs_two(due, alone)? {
        return propose(tx, staff.user_id, remittance, TAKEN).await.map(Reported::ByTwo);
    }
    book(tx, &remittance, &taken, now).await?;
    Ok(Reported::Alone(remittance, now))
}

impl Decided for Remittance {
    async fn refuse_own(&self, tx: &mut Tx, staff: &Caller) -> Result<(), Error> {
        refuse_own_cash(tx, &self.seller_orders, staff).await
    }

    async fn book(tx: &mut Tx, agreed: &Proposal<Self>) -> Result<(), Error> {
        let remittance = &agreed.matter;
        let taken = lock_due(tx, &remittance.party, &remittance.seller_orders).await?;
        book(tx, remittance, &taken.ok_or(NOT_DUE)?, agreed.said.proposed_at).await
    }
}

/// The cash of all of these, which is locked; none where some of it is not due from this party.
async fn lock_due(
    tx: &mut Tx,
    party: &str,
    orders: &[SellerOrderId],
) -> Result<Option<Vec<(SellerOrderId, Money)>>, Error> {
    let taken = remittances::lock_due(tx.conn(), party, orders, Currency::Inr).await?;
    Ok(Some(taken).filter(|taken| !taken.is_empty() && taken.len() == orders.len()))
}

/// Books what was reported at `reported_at`.
async fn book(
    tx: &mut Tx,
    remittance: &Remittance,
    taken: &[(SellerOrderId, Money)],
    reported_at: Timestamp,
) -> Result<(), Error> {
    if !remittances::insert(tx.conn(), remittance, reported_at).await? {
        return Err(TAKEN.into());
    }
    let Remittance { bank_reference, due, received, seller_orders, .. } = remittance;
    remittances::settle(tx.conn(), bank_reference, seller_orders).await?;
    let journal = Journal::remittance(bank_reference, taken, *received)?;
    let now = tx.now();
    ledger::post(tx.conn(), None, &journal, now).await?;
    info!(bank_reference, "{received} of {due} that were taken in cash arrived");
    Ok(())
}

/// Reported again, it answers as before. Another transfer of the same number is refused.
async fn find_again(tx: &mut Tx, transfer: &Transfer) -> Result<Option<Reported>, Error> {
    let reference = &transfer.bank_reference;
    let last = proposals::find_last(tx.conn(), reference).await?;
    let known = match last.filter(Proposal::stands) {
        Some(proposal) => Some(Reported::ByTwo(proposal)),
        None => remittances::find(tx.conn(), reference).await?,
    };
    match known {
        Some(known) if known.remittance().is(transfer) => Ok(Some(known)),
        Some(_) => Err(TAKEN.into()),
        None => Ok(None),
    }
}
