//! Cash that was taken at doors arrives at our bank.

use chassis::Tx;
use kernel::{Currency, Money, SellerOrderId};
use tracing::info;

use crate::domain::Refused;
use crate::domain::bank_reference::BankReference;
use crate::domain::ledger::Journal;
use crate::error::Error;
use crate::store::ledger;
use crate::store::remittances::{self, Remittance};

/// Books a transfer of a party for these seller orders, once. What is missing of it is our loss.
pub async fn remit(
    tx: &mut Tx,
    party: &str,
    seller_orders: &[SellerOrderId],
    received: Money,
    bank_reference: &BankReference,
) -> Result<(Remittance, Vec<SellerOrderId>), Error> {
    // A bank's number is the same however it is written.
    let reference = &bank_reference.as_str().to_uppercase();
    let mut orders = seller_orders.to_vec();
    orders.sort_unstable();
    orders.dedup();
    if let Some(known) = find_again(tx, reference, party, received, &orders).await? {
        return Ok(known);
    }
    let taken = remittances::lock_due(tx.conn(), party, &orders, Currency::Inr).await?;
    if taken.is_empty() || taken.len() != orders.len() {
        // Somebody else may have reported the same at this moment: the lock waited for that.
        let known = find_again(tx, reference, party, received, &orders).await?;
        return known.ok_or_else(|| Refused::NotRemittable.into());
    }
    let due = Money::sum(taken.iter().map(|(_, amount)| *amount), Currency::Inr)?;
    if received.is_negative() || received.minor() > due.minor() {
        return Err(Refused::NotRemittable.into());
    }
    let reported_at = tx.now();
    let remittance = Remittance {
        bank_reference: reference.clone(),
        party: party.to_owned(),
        due,
        received,
        reported_at,
    };
    if !remittances::insert(tx.conn(), &remittance).await? {
        return Err(Refused::NotRemittable.into());
    }
    remittances::settle(tx.conn(), reference, &orders).await?;
    let journal = Journal::remittance(reference, &taken, received)?;
    ledger::post(tx.conn(), None, &journal, reported_at).await?;
    info!(bank_reference = reference, "{received} of {due} that were taken in cash arrived");
    Ok((remittance, orders))
}

/// Reported again, it answers as before. Another transfer of the same number is refused.
async fn find_again(
    tx: &mut Tx,
    reference: &str,
    party: &str,
    received: Money,
    orders: &[SellerOrderId],
) -> Result<Option<(Remittance, Vec<SellerOrderId>)>, Error> {
    let Some((known, of)) = remittances::find(tx.conn(), reference).await? else { return Ok(None) };
    let same = known.party == party && known.received == received && of == orders;
    if same { Ok(Some((known, of))) } else { Err(Refused::NotRemittable.into()) }
}
