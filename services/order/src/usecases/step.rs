//! What every verb of the saga shares: taking the order's lock, and going along a path.

use chassis::Tx;
use chassis::auth::Caller;
use contracts::order::OrderCancelled;
use contracts::payment::CancelPayment;
use kernel::{OrderId, VendorId};
use uuid::Uuid;

use super::events_out;
use crate::App;
use crate::domain::order::Reason;
use crate::domain::saga::{OrderState, OrderStep, Unanswered};
use crate::domain::seller_order::Transition;
use crate::error::Error;
use crate::store;
use crate::store::history::{Cause, What};
use crate::store::orders::{Change, OrderRow};

/// An order whose row is locked until the transaction ends.
#[derive(Debug)]
pub struct Locked {
    pub row: OrderRow,
}

impl Locked {
    pub async fn take(tx: &mut Tx, order_id: OrderId) -> Result<Self, Error> {
        // Everything about an order takes turns at its row, and decides over what the one before left.
        let row = store::orders::lock(tx.conn(), order_id).await?.ok_or(Error::NotFound)?;
        Ok(Self { row })
    }

    /// Takes the locks of the orders that these seller orders and returns belong to, but for those that somebody has: whoever
    /// looks for what is late comes again.
    pub async fn take_free(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Self>, Error> {
        let rows = store::orders::lock_of(tx.conn(), ids).await?;
        Ok(rows.into_iter().map(|row| Self { row }).collect())
    }

    /// Takes the lock for a fact about the order. Where the database was restored from a backup, the checkout that the order
    /// comes of is heard again as well, perhaps later than what followed from it.
    pub async fn take_for_fact(tx: &mut Tx, order_id: OrderId) -> Result<Self, Error> {
        let row = store::orders::lock(tx.conn(), order_id).await?;
        Ok(Self { row: row.ok_or(Error::NotYet("the order"))? })
    }

    /// Nobody decides as staff about what they bought themselves, or what a seller they act for sold.
    pub fn check_not_own(&self, vendor: VendorId, staff: &Caller) -> Result<(), Error> {
        if staff.user_id == self.row.buyer {
            return Err(Error::OwnOrder);
        }
        if staff.vendors.contains(&vendor) { Err(Error::OwnSeller) } else { Ok(()) }
    }

    /// The state a fact leads to, or nothing when it leads nowhere.
    pub fn next(&self, step: OrderStep, cause: &str) -> Result<Option<OrderState>, Error> {
        match step {
            OrderStep::Moved(next) => Ok(Some(next)),
            OrderStep::Same => Ok(None),
            OrderStep::TooEarly => Err(Error::NotYet("what this follows from")),
            OrderStep::TooLate => {
                tracing::warn!(
                    order.id = %self.row.order_id, cause,
                    "order {} is {:?} already", self.row.number, self.row.state
                );
                Ok(None)
            }
        }
    }

    /// Goes along `path` and writes it down.
    pub async fn transition(
        &mut self,
        app: &App,
        tx: &mut Tx,
        path: &[OrderState],
        cause: &str,
        change: &Change,
    ) -> Result<(), Error> {
        let Some(end) = path.last().copied() else { return Ok(()) };
        let now = tx.now();
        let row = &mut self.row;
        store::orders::set_state(tx.conn(), row, end, change, now).await?;
        let (id, from, why) = (row.order_id, Some(row.state), Cause { name: cause, at: now });
        store::history::insert_path(tx.conn(), id, from, path, why).await?;
        app.changes.notify(tx, row.checkout_id);
        tracing::info!(
            order.id = %row.order_id, checkout.id = %row.checkout_id, cause,
            "order {} goes from {:?} to {end:?}", row.number, row.state
        );
        row.state = end;
        row.reason = change.reason.or(row.reason);
        row.version += 1;
        Ok(())
    }

    /// Begins to end the order: at once while no payment was asked for, else by asking the owner of the money.
    pub async fn request_cancellation(
        &mut self,
        app: &App,
        tx: &mut Tx,
        next: OrderState,
        reason: Reason,
        cause: &str,
    ) -> Result<(), Error> {
        let mut change = Change { reason: Some(reason), ..Change::default() };
        if next == OrderState::Cancelled {
            return self.cancel(app, tx, &[next], cause, &change).await;
        }
        // From here on the answer of payment-service ends it, however late that comes. Time only asks again.
        change.ask_again_at = Some(tx.now() + Unanswered::FIRST_WAIT);
        self.transition(app, tx, &[next], cause, &change).await?;
        self.ask_to_cancel(tx);
        Ok(())
    }

    /// Writes down why an order that shall end already shall end no matter what comes.
    pub async fn wish_to_end(
        &mut self,
        app: &App,
        tx: &mut Tx,
        reason: Reason,
        cause: &str,
    ) -> Result<(), Error> {
        let (id, now) = (self.row.order_id, tx.now());
        store::orders::set_reason(tx.conn(), id, reason, now).await?;
        let why = Cause { name: cause, at: now };
        let what = What::default().saying("all of it, even if it is paid");
        store::history::insert(tx.conn(), id, what, why).await?;
        app.changes.notify(tx, self.row.checkout_id);
        self.row.reason = Some(reason);
        self.row.version += 1;
        Ok(())
    }

    /// Asks payment-service to give the payment up. It answers each time.
    pub fn ask_to_cancel(&self, tx: &mut Tx) {
        tx.emit(&CancelPayment {
            payment_id: self.row.payment.id,
            checkout_id: self.row.checkout_id,
        });
    }

    /// Ends the order without its being supplied. `path` leads to `Cancelled`; `change` is what became known with it.
    pub async fn cancel(
        &mut self,
        app: &App,
        tx: &mut Tx,
        path: &[OrderState],
        cause: &str,
        change: &Change,
    ) -> Result<(), Error> {
        let reason = change.reason.or(self.row.reason).unwrap_or(Reason::PaymentWindowOver);
        let change = Change { reason: Some(reason), ..change.clone() };
        self.transition(app, tx, path, cause, &change).await?;
        self.void_parts(tx, cause).await?;
        tx.emit(&OrderCancelled {
            checkout_id: self.row.checkout_id,
            order_id: self.row.order_id,
            number: self.row.number.clone(),
            buyer: self.row.buyer,
            reason: events_out::cancel_reason(reason),
            cancelled_at: tx.now(),
        });
        Ok(())
    }

    /// The seller orders end with an order that is not confirmed.
    pub async fn void_parts(&self, tx: &mut Tx, cause: &str) -> Result<(), Error> {
        let cause = Cause { name: cause, at: tx.now() };
        Ok(store::parts::set_all(tx.conn(), self.row.order_id, Transition::VOID, cause).await?)
    }
}
