//! The order service asks for a payment.

use chassis::Tx;
use contracts::cart::PaymentMethod;
use contracts::payment::{CodAccepted, CreatePayment};
use jiff::Timestamp;
use kernel::Currency;
use tracing::info;

use super::answer::answer;
use super::open::Open;
use crate::App;
use crate::domain::{Method, Payment, PaymentProgress, Refused, Share, cod, share};
use crate::error::Error;
use crate::store::{early_cancels, payments, shares};

/// Begins a payment. Asking twice is asking once; whoever asks again is told again where it stands.
pub async fn create(app: &App, tx: &mut Tx, ask: CreatePayment) -> Result<(), Error> {
    let now = tx.now();
    // A wish to cancel may have come first. The payment begins all the same, so that the wish is answered.
    let given_up = early_cancels::exists(tx.conn(), ask.payment_id).await?;
    let (mut payment, parts) = read(ask, now)?;
    let is_late = is_late(tx, &payment).await?;
    let cash = cod::decide(payment.amount, app.settings.cod_max, is_late);
    payment.status = match (given_up, payment.method) {
        (true, _) => PaymentProgress::Cancelled,
        (false, Method::Upi) => PaymentProgress::Created,
        (false, Method::Cod) => cash.unwrap_or(PaymentProgress::CodRefused),
    };
    payment.opening = payment.status == PaymentProgress::Created;

    let traceparent = tx.cause().traceparent.clone();
    if !payments::insert(tx.conn(), &payment, &traceparent).await? {
        let known = payments::lock(tx.conn(), payment.id).await?.ok_or(Error::NotFound)?;
        return answer(app, tx, &known).await;
    }
    shares::insert(tx.conn(), payment.id, &parts, now).await?;
    if payment.opening {
        // In a job: no transaction waits for the provider.
        tx.schedule(&Open { payment_id: payment.id }, now).await?;
    }
    answer(app, tx, &payment).await?;

    let (id, status) = (payment.id, payment.status.into_str());
    info!(payment.id = %id, order.id = %payment.order_id, "payment {id} begins as {status}");
    Ok(())
}

/// Whether the window was over when the payment was asked for. What this service said something about was in time: only
/// where the database was restored is it asked for again.
async fn is_late(tx: &mut Tx, payment: &Payment) -> Result<bool, Error> {
    if tx.now() < payment.expires_at {
        return Ok(false);
    }
    Ok(!tx.has_said::<CodAccepted>(&payment.checkout_id.to_string()).await?)
}

fn read(ask: CreatePayment, now: Timestamp) -> Result<(Payment, Vec<Share>), Refused> {
    let method = match ask.method {
        PaymentMethod::Upi => Method::Upi,
        PaymentMethod::Cod => Method::Cod,
        PaymentMethod::Unknown => return Err(Refused::Unpayable("the method is not known here")),
    };
    if method == Method::Upi && ask.amount.currency() != Currency::Inr {
        return Err(Refused::Unpayable("only rupees can be paid by UPI"));
    }
    share::check(ask.amount, &ask.shares)?;
    let payment = Payment {
        id: ask.payment_id,
        checkout_id: ask.checkout_id,
        order_id: ask.order_id,
        order_number: ask.order_number,
        buyer: ask.buyer,
        method,
        amount: ask.amount,
        status: PaymentProgress::Created,
        provider_order_id: None,
        upi_intent: None,
        opening: false,
        checks: 0,
        next_check_at: None,
        expires_at: ask.expires_at,
        created_at: now,
        version: 1,
    };
    Ok((payment, ask.shares))
}
