//! Money that is owed to a buyer becomes a refund: booked first, moved by a job.

use chassis::Tx;
use contracts::payment::{PaymentUnclaimed, RefundFailed, RefundRequested};
use kernel::Money;
use tracing::{error, info};

use super::events_out::{about, about_refund};
use super::refund_jobs::SendRefund;
use crate::domain::ledger::Journal;
use crate::domain::refund::{Kind, Owed};
use crate::domain::review::Outcome;
use crate::domain::{Payment, PaymentProgress, Refund, RefundStatus};
use crate::error::Error;
use crate::store::{attempts, ledger, refund_accounts, refunds, reviews};

/// Gives back whatever came for a payment that is over and belongs to no order, once. `came` is the capture that is
/// taken in at this moment, if one is.
pub async fn give_back_unclaimed(
    tx: &mut Tx,
    payment: &Payment,
    came: Option<&str>,
) -> Result<(), Error> {
    let paid = payment.status == PaymentProgress::Captured;
    if !paid && payment.status != PaymentProgress::CapturedLate {
        return Ok(());
    }
    let now = tx.now();
    for (provider_payment_id, amount) in attempts::list_unclaimed(tx.conn(), payment.id).await? {
        let kind = if came != Some(&*provider_payment_id) && amount != payment.amount {
            Kind::Mismatch
        } else if paid {
            Kind::Second
        } else {
            Kind::Late
        };
        give_back_one(tx, payment, &provider_payment_id, amount, kind).await?;
        // The order's end decides what no person did.
        reviews::decide(tx.conn(), &provider_payment_id, Outcome::GivenBack, None, now).await?;
    }
    Ok(())
}

/// Gives back what of a capture belongs to no order.
pub async fn give_back_one(
    tx: &mut Tx,
    payment: &Payment,
    provider_payment_id: &str,
    amount: Money,
    kind: Kind,
) -> Result<(), Error> {
    let now = tx.now();
    let journal = Journal::unclaimed(provider_payment_id, amount)?;
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    tx.emit(&PaymentUnclaimed {
        payment: about(payment, now),
        order_number: payment.order_number.clone(),
        buyer: payment.buyer,
        provider_payment_id: provider_payment_id.to_owned(),
        received: amount,
        why: kind.into(),
    });
    let provider_payment_id = Some(provider_payment_id.to_owned());
    let owed = Owed { kind, credit_id: None, seller_order_id: None, provider_payment_id, amount };
    request(tx, payment, owed).await
}

/// Makes a refund of what is owed to the buyer of a payment that is locked. That it is owed is booked already.
pub async fn request(tx: &mut Tx, payment: &Payment, owed: Owed) -> Result<(), Error> {
    let now = tx.now();
    let mut refund = Refund::of(payment.id, owed, now);
    if refund.was_cash() {
        let known = refund_accounts::find(tx.conn(), payment.id).await?;
        refund.account = known.map(|known| known.edition);
    }
    refunds::insert(tx.conn(), &refund, None).await?;
    begin(tx, payment, &refund).await
}

/// A refund that is kept and booked begins.
pub async fn begin(tx: &mut Tx, payment: &Payment, refund: &Refund) -> Result<(), Error> {
    let now = tx.now();
    let (id, kind) = (refund.id, refund.kind.into_str());
    info!(refund.id = %id, payment.id = %payment.id, kind, "refund {id} of {} is owed", refund.amount);
    tx.emit(&RefundRequested { refund: about_refund(payment, refund, now) });
    if refund.status == RefundStatus::Requested {
        tx.schedule(&SendRefund::of(refund), now).await?;
    } else {
        needs_a_person(tx, payment, refund);
    }
    Ok(())
}

/// Says that nothing more happens by itself.
pub fn needs_a_person(tx: &mut Tx, payment: &Payment, refund: &Refund) {
    let now = tx.now();
    let (id, reason) = (refund.id, refund.reason.clone().unwrap_or_default());
    error!(refund.id = %id, payment.id = %payment.id, reason, "a person has to give refund {id} back");
    tx.emit(&RefundFailed {
        refund: about_refund(payment, refund, now),
        reason,
        needs_a_person: true,
        needs_account: refund.needs_account(),
    });
}
