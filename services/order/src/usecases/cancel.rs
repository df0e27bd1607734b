//! The buyer cancels before paying.

use kernel::{OrderId, UserId};

use super::step::Locked;
use crate::App;
use crate::domain::order::Reason;
use crate::domain::saga::{NotCancellable, OrderStep};
use crate::error::Error;

/// Cancels `buyer`'s order, or begins to.
#[tracing::instrument(name = "order.cancel", skip_all, fields(order.id = %order_id))]
pub async fn cancel(app: &App, order_id: OrderId, buyer: UserId) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let mut order = Locked::take(&mut tx, order_id).await?;
    if order.row.buyer != buyer {
        return Err(Error::NotFound);
    }
    let step = order.row.state.cancel().map_err(|NotCancellable| Error::NotCancellable)?;

    match step {
        OrderStep::Moved(next) => {
            let (reason, cause) = (Reason::BuyerCancelled, "buyer.cancel");
            order.request_cancellation(app, &mut tx, next, reason, cause).await?;
        }
        OrderStep::Same | OrderStep::TooEarly | OrderStep::TooLate => {}
    }
    tx.commit().await?;
    Ok(())
}
