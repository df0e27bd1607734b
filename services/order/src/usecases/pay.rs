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

/// What makes an order certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paid {
    Captured,
    CodAccepted,
}

impl Paid {
    const fn cause(self) -> &'static str {
        match self {
            Self::Captured => "payment.captured",
            Self::CodAccepted => "payment.cod_accepted",
        }
    }

    const fn step(self, state: OrderState) -> OrderStep {
        match self {
            Self::Captured => state.paid(),
            Self::CodAccepted => state.cod_accepted(),
        }
    }

    const fn status(self) -> PaymentStatus {
        match self {
            Self::Captured => PaymentStatus::Captured,
            Self::CodAccepted => PaymentStatus::CodAccepted,
        }
    }
}

/// The buyer can pay now: keeps how.
pub async fn note_payment(app: &App, tx: &mut Tx, created: &PaymentCreated) -> Result<(), Error> {
    let order = Locked::take_for_fact(tx, created.payment.order_id).await?;
    if !is_ours(&order, &created.payment, "payment.created") {
        return Ok(());
    }
    let now = tx.now();
    store::orders::set_payment_created(tx.conn(), order.row.order_id, created, now).await?;
    app.changes.notify(tx, order.row.checkout_id);
    Ok(())
}

/// The order is paid for: it and its seller orders are confirmed, and everybody is told at once.
#[tracing::instrument(name = "order.confirm", skip_all, fields(order.id = %payment.order_id))]
pub async fn confirm(
    app: &App,
    tx: &mut Tx,
    payment: &PaymentRef,
    paid: Paid,
) -> Result<(), Error> {
    let mut order = Locked::take_for_fact(tx, payment.order_id).await?;
    if !is_ours(&order, payment, paid.cause()) {
        return Ok(());
    }
    let Some(next) = order.next(paid.step(order.row.state), paid.cause())? else { return Ok(()) };
    // A wish that the money overtook is not forgotten: once it is paid for, all of it is taken back.
    let is_unwanted = order.row.state == OrderState::CancelPending
        && order.row.reason == Some(Reason::BuyerCancelled);
    let change = Change { payment: Some(paid.status()), ..Change::default() };
    order.transition(app, tx, &[next], paid.cause(), &change).await?;

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

/// Why no money will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpaid {
    Cancelled,
    CodRefused,
}

impl Unpaid {
    const fn cause(self) -> &'static str {
        match self {
            Self::Cancelled => "payment.cancelled",
            Self::CodRefused => "payment.cod_refused",
        }
    }

    const fn step(self, state: OrderState) -> OrderStep {
        match self {
            Self::Cancelled => state.payment_cancelled(),
            Self::CodRefused => state.cod_refused(),
        }
    }

    fn change(self) -> Change {
        match self {
            Self::Cancelled => {
                Change { payment: Some(PaymentStatus::Cancelled), ..Change::default() }
            }
            Self::CodRefused => Change {
                payment: Some(PaymentStatus::CodRefused),
                reason: Some(Reason::CodRefused),
                ..Change::default()
            },
        }
    }
}

/// No money will come: the order ends.
#[tracing::instrument(name = "order.give_up", skip_all, fields(order.id = %payment.order_id))]
pub async fn give_up(
    app: &App,
    tx: &mut Tx,
    payment: &PaymentRef,
    unpaid: Unpaid,
) -> Result<(), Error> {
    let mut order = Locked::take_for_fact(tx, payment.order_id).await?;
    if !is_ours(&order, payment, unpaid.cause()) {
        return Ok(());
    }
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

/// Whether what happened to `payment` happened to the order. Other amounts never confirm anything.
fn is_ours(order: &Locked, payment: &PaymentRef, cause: &str) -> bool {
    let row = &order.row;
    let ours = payment.payment_id == row.payment.id && payment.amount == row.total;
    if !ours {
        tracing::error!(
            order.id = %row.order_id, payment.id = %payment.payment_id, cause,
            "a payment says something else than order {} asked for", row.number
        );
    }
    ours
}
