//! Nobody knows what was given back on the provider's own pages for: it is the platform's loss, when two say so.

use chassis::Tx;
use kernel::{RefundId, UserId};
use tracing::info;

use super::absorb_refund::lock;
use super::events_out::done;
use crate::domain::ledger::Journal;
use crate::domain::refund::Kind;
use crate::domain::{Payment, Refund, RefundStatus, Refused};
use crate::error::Error;
use crate::store::{attempts, ledger, refunds};

/// `who` proposes it, for the reason in `words`. Proposed again, it is as before.
pub async fn dismiss(
    tx: &mut Tx,
    id: RefundId,
    who: UserId,
    words: String,
) -> Result<(Payment, Refund), Error> {
    let (payment, mut refund) = lock(tx, id).await?;
    if refund.kind != Kind::Foreign {
        return Err(Refused::NotDismissable("we asked for it, or a credit took it over").into());
    }
    if refund.status != RefundStatus::Done {
        return Err(Refused::NotDismissable("it is not with the buyer's bank").into());
    }
    let capture = refund.provider_payment_id.as_deref().unwrap_or_default();
    if !attempts::find_capture(tx.conn(), capture).await?.is_some_and(|(_, pays)| pays) {
        return Err(Refused::NotDismissable("it is of money that belonged to no order").into());
    }
    if refund.hands.proposed_by.is_none() {
        refund.hands.proposed_by = Some(who);
        refund.hands.words = Some(words);
        refunds::propose(tx.conn(), &refund).await?;
        info!(refund.id = %id, staff.id = %who, "it is proposed to dismiss refund {id}");
    }
    Ok((payment, refund))
}

/// `who` agrees.
pub async fn write_off(
    tx: &mut Tx,
    payment: &Payment,
    refund: &mut Refund,
    who: UserId,
) -> Result<(), Error> {
    let now = tx.now();
    refund.hands.approved_by = Some(who);
    refunds::update(tx.conn(), refund, now).await?;
    let name = refund.provider_refund_id.as_deref().unwrap_or_default();
    let journal = Journal::dismiss(name, refund.amount)?;
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    // It was back on that day, and nobody has to find out any more what for.
    let at = refund.done_at.unwrap_or(now);
    tx.emit(&done(payment, refund, at));
    Ok(())
}
