//! What payment-service answered about the money.

use chassis::Tx;
use contracts::order::OrderConfirmed;
use contracts::payment::{PaymentCreated, PaymentRef};

use super::events_out;
use super::step::Locked;
use super::take_back::{Decision, take_back_unshipped};
use crate::App;
use crate::domain::credit::CreditCause;
use crate::domain::order::{PaymentStatus, Reason};
use crate::domain::saga::{OrderState, OrderStep};
use crate::domain::seller_order::{Transition, Wait};
use crate::error::Error;
use crate::store;
use crate::store::history::Cause;
use crate::store::orders::Change;

/// What payment-service says of the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is here.
    Captured,
    /// It is taken at the door.
    CodAccepted,
    /// None will come.
    Cancelled,
    /// It is not taken at the door.
    CodRefused,
}

impl Answer {
    const fn cause(self) -> &'static str {
        match self {
            Self::Captured => "payment.captured",
            Self::CodAccepted => "payment.cod_accepted",
            Self::Cancelled => "payment.cancelled",
            Self::CodRefused => "payment.cod_refused",
        }
    }

    const fn step(self, state: OrderState) -> OrderStep {
        match self {
            Self::Captured => state.paid(),
            Self::CodAccepted => state.cod_accepted(),
            Self::Cancelled => state.payment_cancelled(),
            Self::CodRefused => state.cod_refused(),
        }
    }

    fn change(self) -> Change {
        let status = match self {
            Self::Captured => PaymentStatus::Captured,
            Self::CodAccepted => PaymentStatus::CodAccepted,
            Self::Cancelled => PaymentStatus::Cancelled,
            Self::CodRefused => PaymentStatus::CodRefused,
        };
        let reason = (self == Self::CodRefused).then_some(Reason::CodRefused);
        Change { payment: Some(status), reason, ..Change::default() }
    }
}

/// The buyer can pay now: keeps how.
pub async fn note_payment(app: &App, tx: &mut Tx, created: &PaymentCreated) -> Result<(), Error> {
    let found = lock_ours(tx, &created.payment, "payment.created").await?;
    let Some(order) = found else { return Ok(()) };
    let now = tx.now();
    store::orders::set_payment_created(tx.conn(), order.row.order_id, created, now).await?;
    app.changes.notify(tx, order.row.checkout_id);
    Ok(())
}

/// Payment-service has answered. What it says of another payment is nothing to the order.
pub async fn take_answer(
    app: &App,
    tx: &mut Tx,
    payment: &PaymentRef,
    answer: Answer,
) -> Result<(), Error> {
    match (lock_ours(tx, payment, answer.cause()).await?, answer) {
        (None, _) => Ok(()),
        (Some(order), Answer::Captured | Answer::CodAccepted) => {
            confirm(app, tx, order, answer).await
        }
        (Some(order), Answer::Cancelled | Answer::CodRefused) => {
            give_up(app, tx, order, answer).await
        }
    }
}

/// The order is paid for: it and its seller orders are confirmed, and everybody is told at once.
#[tracing::instrument(name = "order.confirm", skip_all, fields(order.id = %order.row.order_id))]
async fn confirm(app: &App, tx: &mut Tx, mut order: Locked, paid: Answer) -> Result<(), Error> {
    let Some(next) = order.next(paid.step(order.row.state), paid.cause())? else { return Ok(()) };
    // A wish that the money overtook is not forgotten: once it is paid for, all of it is taken back.
    let is_unwanted = order.row.state == OrderState::CancelPending
        && order.row.reason == Some(Reason::BuyerCancelled);
    order.transition(app, tx, &[next], paid.cause(), &paid.change()).await?;

    let (id, now) = (order.row.order_id, tx.now());
    let cause = Cause { name: paid.cause(), at: now };
    let due_at = Some(now + app.config.patience(Wait::Accept));
    store::parts::set_all_due(tx.conn(), id, Transition::CONFIRM, due_at, cause).await?;
    let whole = store::parts::load_order(tx.conn(), &order.row).await?;
    tx.emit(&OrderConfirmed {
        order: events_out::order_fact(&whole),
        payment_id: whole.payment_id,
        confirmed_at: now,
        accept_until: due_at,
    });
    if is_unwanted {
        let decision = Decision::by(Some(order.row.buyer), CreditCause::BuyerCancelled);
        take_back_unshipped(tx, &order, &decision).await?;
    }
    Ok(())
}

/// No money will come: the order ends.
#[tracing::instrument(name = "order.give_up", skip_all, fields(order.id = %order.row.order_id))]
async fn give_up(app: &App, tx: &mut Tx, mut order: Locked, unpaid: Answer) -> Result<(), Error> {
    let (mut path, mut state) = (Vec::new(), order.row.state);
    // One that nobody asked to end takes two steps: to `CancelPending`, and on.
    while let Some(next) = order.next(unpaid.step(state), unpaid.cause())? {
        path.push(next);
        state = next;
    }
    if path.is_empty() {
        return Ok(());
    }
    let mut change = unpaid.change();
    // A wish that was on its way is the better reason.
    change.reason = order.row.reason.or(change.reason);
    order.cancel(app, tx, &path, unpaid.cause(), &change).await
}

/// The order that what happened to `payment` happened to, if it is this payment's. Other amounts never confirm anything.
async fn lock_ours(
    tx: &mut Tx,
    payment: &PaymentRef,
    cause: &str,
) -> Result<Option<Locked>, Error> {
    let order = Locked::take_for_fact(tx, payment.order_id).await?;
    let row = &order.row;
    let ours = payment.payment_id == row.payment.id && payment.amount == row.total;
    if !ours {
        tracing::error!(
            order.id = %row.order_id, payment.id = %payment.payment_id, cause,
            "a payment says something else than order {} asked for", row.number
        );
    }
    Ok(Some(order).filter(|_| ours))
}
