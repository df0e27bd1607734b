//! What became of checkouts and of parcels that are paid for in cash: the till counts them.

use chassis::Tx;
use contracts::cart::PaymentMethod;
use contracts::order::{
    CreditCause, OrderCancelled, OrderConfirmed, SellerOrderCredited, SellerOrderDelivered,
};
use jiff::Timestamp;
use kernel::CheckoutId;

use crate::error::Error;
use crate::store::standing::{self, ParcelNews};

/// An order is confirmed: it is paid for, or its parcels will be at the door.
pub async fn remember_confirmed(tx: &mut Tx, event: &OrderConfirmed) -> Result<(), Error> {
    remember_answer(tx, event.order.checkout_id, event.confirmed_at).await?;
    if event.order.payment_method == PaymentMethod::Cod {
        standing::insert_parcels(tx.conn(), &event.order).await?;
    }
    Ok(())
}

/// An order ended unpaid.
pub async fn remember_cancelled(tx: &mut Tx, event: &OrderCancelled) -> Result<(), Error> {
    remember_answer(tx, event.checkout_id, event.cancelled_at).await
}

/// A checkout is not open any more.
async fn remember_answer(tx: &mut Tx, checkout: CheckoutId, at: Timestamp) -> Result<(), Error> {
    Ok(standing::answer(tx.conn(), checkout, at).await?)
}

/// A parcel arrived.
pub async fn remember_delivered(tx: &mut Tx, event: &SellerOrderDelivered) -> Result<(), Error> {
    let news = ParcelNews { ended: true, turned_away: false };
    Ok(standing::keep_news(tx.conn(), &event.seller_order, news).await?)
}

/// Something was taken back; perhaps because the buyer did not take it.
pub async fn remember_credited(tx: &mut Tx, event: &SellerOrderCredited) -> Result<(), Error> {
    let turned_away = event.cause == CreditCause::ReturnedToOrigin;
    let news = ParcelNews { ended: event.ended, turned_away };
    Ok(standing::keep_news(tx.conn(), &event.seller_order, news).await?)
}
