//! The buyer cancels: before paying all of it, afterwards what was not shipped.

use kernel::{OrderId, UserId};

use super::step::Locked;
use super::take_back::{Decision, take_back_unshipped};
use crate::App;
use crate::domain::credit::CreditCause;
use crate::domain::order::Reason;
use crate::domain::saga::{NotCancellable, OrderState, OrderStep};
use crate::error::Error;

/// Cancels `buyer`'s order, or begins to. Of a confirmed one, all that was not shipped yet.
#[tracing::instrument(name = "order.cancel", skip_all, fields(order.id = %order_id))]
pub async fn cancel(app: &App, order_id: OrderId, buyer: UserId) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let mut order = Locked::take(&mut tx, order_id).await?;
    if order.row.buyer != buyer {
        return Err(Error::NotFound);
    }
    if order.row.state == OrderState::Confirmed {
        let decision = Decision::by(Some(buyer), CreditCause::BuyerCancelled);
        if take_back_unshipped(&mut tx, &order, &decision).await? == 0 {
            return Err(Error::NotCancellable);
        }
        tx.commit().await?;
        return Ok(());
    }
    let step = order.row.state.cancel().map_err(|NotCancellable| Error::NotCancellable)?;

    let (reason, cause) = (Reason::BuyerCancelled, "buyer.cancel");
    match step {
        OrderStep::Moved(next) => {
            order.request_cancellation(app, &mut tx, next, reason, cause).await?;
        }
        // It shall end already, because its time is over. The wish counts all the same: money may still come.
        OrderStep::Same
            if order.row.state == OrderState::CancelPending && order.row.reason != Some(reason) =>
        {
            order.wish_to_end(app, &mut tx, reason, cause).await?;
        }
        OrderStep::Same | OrderStep::TooEarly | OrderStep::TooLate => {}
    }
    tx.commit().await?;
    Ok(())
}
