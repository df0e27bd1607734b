//! What every verb of the saga shares: taking the order's lock, and going along a path.

use chassis::Tx;
use contracts::order::OrderCancelled;
use contracts::payment::CancelPayment;
use kernel::OrderId;

use super::events_out;
use crate::App;
use crate::domain::order::Reason;
use crate::domain::saga;
use crate::domain::saga::Step;
use crate::domain::seller_order::Transition;
use crate::error::Error;
use crate::store;
use crate::store::history::Cause;
use crate::store::orders::{Change, OrderRow};

/// An order whose row is locked until the transaction ends.
#[derive(Debug)]
pub struct Locked {
    /// The order as it stands.
    pub header: OrderRow,
}

impl Locked {
    /// Takes the lock.
    pub async fn take(tx: &mut Tx, order_id: OrderId) -> Result<Self, Error> {
        let header = store::orders::lock(tx.conn(), order_id).await?.ok_or(Error::NotFound)?;
        Ok(Self { header })
    }

    /// Takes the lock for a fact about the order. Where the database was restored from a backup, the checkout that the order
    /// comes of is heard again as well, perhaps later than what followed from it.
    pub async fn take_for_fact(tx: &mut Tx, order_id: OrderId) -> Result<Self, Error> {
        let header = store::orders::lock(tx.conn(), order_id).await?;
        Ok(Self { header: header.ok_or(Error::NotYet("the order"))? })
    }

    /// The state a fact leads to, or nothing when it leads nowhere.
    pub fn next(&self, step: Step, cause: &str) -> Result<Option<saga::State>, Error> {
        match step {
            Step::Moved(next) => Ok(Some(next)),
            Step::Same => Ok(None),
            Step::TooEarly => Err(Error::NotYet("what this follows from")),
            Step::TooLate => {
                tracing::warn!(
                    order.id = %self.header.order_id, cause,
                    "order {} is {:?} already", self.header.number, self.header.state
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
        path: &[saga::State],
        cause: &str,
        change: &Change,
    ) -> Result<(), Error> {
        let Some(end) = path.last().copied() else { return Ok(()) };
        let now = tx.now();
        let header = &mut self.header;
        store::orders::set_state(tx.conn(), header, end, change, now).await?;
        let (id, from, why) = (header.order_id, Some(header.state), Cause { name: cause, at: now });
        store::history::insert_path(tx.conn(), id, from, path, why).await?;
        app.changes.notify(tx, header.checkout_id);
        tracing::info!(
            order.id = %header.order_id, checkout.id = %header.checkout_id, cause,
            "order {} goes from {:?} to {end:?}", header.number, header.state
        );
        header.state = end;
        header.reason = change.reason.or(header.reason);
        header.version += 1;
        Ok(())
    }

    /// Begins to end the order: at once while no payment was asked for, else by asking the owner of the money.
    pub async fn request_cancellation(
        &mut self,
        app: &App,
        tx: &mut Tx,
        next: saga::State,
        reason: Reason,
        cause: &str,
    ) -> Result<(), Error> {
        let change = Change { reason: Some(reason), ..Change::default() };
        if next == saga::State::Cancelled {
            return self.cancel(app, tx, &[next], cause, &change).await;
        }
        self.transition(app, tx, &[next], cause, &change).await?;
        tx.emit(&CancelPayment {
            payment_id: self.header.payment.id,
            checkout_id: self.header.checkout_id,
        });
        Ok(())
    }

    /// Ends the order without its being supplied. `path` leads to `Cancelled`; `change` is what became known with it.
    pub async fn cancel(
        &mut self,
        app: &App,
        tx: &mut Tx,
        path: &[saga::State],
        cause: &str,
        change: &Change,
    ) -> Result<(), Error> {
        let reason = change.reason.or(self.header.reason).unwrap_or(Reason::PaymentWindowOver);
        let change = Change { reason: Some(reason), ..change.clone() };
        self.transition(app, tx, path, cause, &change).await?;
        self.void_parts(tx, cause).await?;
        tx.emit(&OrderCancelled {
            checkout_id: self.header.checkout_id,
            order_id: self.header.order_id,
            number: self.header.number.clone(),
            buyer: self.header.buyer,
            reason: events_out::cancel_reason(reason),
            cancelled_at: tx.now(),
        });
        Ok(())
    }

    /// The seller orders end with an order that is not confirmed.
    pub async fn void_parts(&self, tx: &mut Tx, cause: &str) -> Result<(), Error> {
        let cause = Cause { name: cause, at: tx.now() };
        Ok(store::parts::set_all(tx.conn(), self.header.order_id, Transition::VOID, cause).await?)
    }
}
