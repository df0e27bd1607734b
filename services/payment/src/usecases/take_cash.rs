//! The cash for a seller order was taken at the door.

use chassis::Tx;
use contracts::payment::CodCollected;

use super::events_out::about;
use super::set_off::set_offs;
use crate::domain::ledger::Journal;
use crate::domain::{Payment, PaymentProgress, Share};
use crate::error::Error;
use crate::store::{ledger, payments, shares};

/// Books the cash for `share`.
pub async fn take(tx: &mut Tx, payment: &mut Payment, share: &Share) -> Result<(), Error> {
    let now = tx.now();
    shares::collect(tx.conn(), payment.id, share.seller_order_id, share.gross, now).await?;
    let behind = set_offs(tx, std::slice::from_ref(share)).await?;
    ledger::post(tx.conn(), payment.id, &Journal::cash(share)?, now).await?;
    for set_off in behind {
        ledger::post(tx.conn(), payment.id, &set_off, now).await?;
    }
    let (collected, all) = shares::count_collected(tx.conn(), payment.id).await?;
    if collected == all {
        payment.status = PaymentProgress::CodCollected;
    }
    payments::update(tx.conn(), payment, now).await?;
    tx.emit(&CodCollected {
        payment: about(payment, now),
        seller_order_id: share.seller_order_id,
        vendor_id: share.vendor_id,
        collected: share.gross,
    });
    Ok(())
}
