//! Somebody gave money back on the provider's own pages: it is booked, and a person finds out what for, unless a credit
//! takes it over.

use chassis::Tx;
use contracts::payment::{ForeignRefundSeen, RefundRequested};
use kernel::RefundId;
use tracing::{error, info};

use super::absorb_refund::{absorb_refund, lock};
use super::events_out::{about_refund, done};
use super::refund_jobs::LookAtRefund;
use crate::domain::ledger::Journal;
use crate::domain::refund::{Owed, RefundSeen, RefundSighting};
use crate::domain::{Payment, Refund, RefundStatus};
use crate::error::Error;
use crate::store::{attempts, ledger, refunds};

/// Takes in what was seen of a refund that may be anybody's, of a payment that is locked.
pub async fn take_in_any(
    tx: &mut Tx,
    payment: &Payment,
    seen: &RefundSighting,
) -> Result<(), Error> {
    let Some(id) = refunds::find_by_provider(tx.conn(), &seen.provider_refund_id).await? else {
        return begin(tx, payment, seen).await;
    };
    let (payment, mut refund) = lock(tx, id).await?;
    absorb_refund(tx, &payment, &mut refund, seen).await
}

async fn begin(tx: &mut Tx, payment: &Payment, seen: &RefundSighting) -> Result<(), Error> {
    if seen.seen == RefundSeen::Failed {
        return Ok(());
    }
    let now = tx.now();
    let mut refund = Refund::foreign(payment.id, seen, now);
    refunds::insert(tx.conn(), &refund, None).await?;
    let journal = Journal::foreign(&seen.provider_refund_id, seen.amount)?;
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    refund.accept(&seen.provider_refund_id, now);
    refund.next_look_at = None;
    if seen.seen == RefundSeen::Processed {
        refund.finish(seen.bank_reference.clone(), now);
    }
    refunds::update(tx.conn(), &mut refund, now).await?;

    let provider = &seen.provider_refund_id;
    let capture = attempts::find_capture(tx.conn(), &seen.provider_payment_id).await?;
    error!(
        refund.id = %refund.id, payment.id = %payment.id, provider.refund = provider,
        "refund {provider} is foreign: we did not ask for it"
    );
    // What belonged to no order went where it had to go.
    if capture.is_some_and(|(_, pays)| pays) {
        tx.emit(&ForeignRefundSeen {
            refund: about_refund(payment, &refund, now),
            provider_refund_id: provider.clone(),
        });
    }
    Ok(())
}

/// What a credit owes was given back already: it is the same money. Returns whether there was any.
pub async fn adopt(tx: &mut Tx, payment: &Payment, owed: &Owed) -> Result<bool, Error> {
    let (Some(capture), Some(credit), Some(seller_order)) =
        (&owed.provider_payment_id, owed.credit_id, owed.seller_order_id)
    else {
        return Ok(false);
    };
    let found: Option<RefundId> = refunds::find_foreign(tx.conn(), capture, owed.amount).await?;
    let Some(id) = found else { return Ok(false) };
    let now = tx.now();
    refunds::adopt(tx.conn(), id, credit, seller_order).await?;
    let mut refund = refunds::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let provider = refund.provider_refund_id.clone().unwrap_or_default();
    let journal = Journal::adopt(&provider, refund.amount)?;
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    info!(refund.id = %id, credit.id = %credit, "credit {credit} was given back as {provider}");
    tx.emit(&RefundRequested { refund: about_refund(payment, &refund, now) });
    if refund.status == RefundStatus::Done {
        tx.emit(&done(payment, &refund, now));
        return Ok(true);
    }
    refund.next_look_at = refund.look_at(0).map(|at| at.max(now));
    refunds::update(tx.conn(), &mut refund, now).await?;
    if let Some(at) = refund.next_look_at {
        let attempt = refund.attempt;
        tx.schedule(&LookAtRefund { refund_id: id, attempt, nth: 0, tries: 0 }, at).await?;
    }
    Ok(true)
}
