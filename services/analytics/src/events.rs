//! Events in: everything is a projection, so all of it can be dropped and heard again.

use chassis::{BatchHandler, Meta, Tx};
use contracts::cart::ItemAdded;
use contracts::order::{
    OrderCancelled, OrderConfirmed, OrderPlaced, OrderRejected, SellerOrderArrived,
    SellerOrderCredited, SellerOrderDelivered,
};
use contracts::payment::{CodCollected, PaymentCaptured, RefundDone};
use contracts::product::ProductUpserted;
use contracts::rating::ReviewPublished;
use contracts::vendor::VendorChanged;

use crate::domain::period::day;
use crate::domain::story::Happened;
use crate::error::Error;
use crate::store::names;
use crate::{App, usecases};

chassis::hears! {
    App, Error, |app, event, meta, tx|
    project OrderPlaced {
        let placed = Happened::Placed(day(event.order.placed_at));
        usecases::follow(tx, event.order.order_id, placed).await.map(drop)
    }
    project OrderRejected {
        let rejected = Happened::Rejected(day(event.rejected_at));
        usecases::follow(tx, event.order_id, rejected).await.map(drop)
    }
    project OrderCancelled {
        let cancelled = Happened::Cancelled(day(event.cancelled_at));
        usecases::follow(tx, event.order_id, cancelled).await.map(drop)
    }
    project OrderConfirmed { usecases::sell(tx, &event).await }
    project SellerOrderDelivered {
        // One of several parcels, perhaps: of the last one it is said that all of it arrived.
        if event.parcel_id.is_some() {
            return Ok(());
        }
        usecases::deliver(tx, &event.seller_order).await
    }
    project SellerOrderArrived { usecases::deliver(tx, &event.seller_order).await }
    project SellerOrderCredited { usecases::credit(tx, &event).await }
    project PaymentCaptured {
        let payment = event.payment;
        usecases::collect(tx, (payment.payment_id, None), payment.amount, payment.at).await
    }
    project CodCollected {
        let what = (event.payment.payment_id, Some(event.seller_order_id));
        usecases::collect(tx, what, event.collected, event.payment.at).await
    }
    project RefundDone { usecases::refund(tx, &event.refund).await }
    project ReviewPublished { usecases::count_review(tx, &event).await }
    project_batch ItemAdded;
    project VendorChanged {
        let (id, name) = (event.vendor_id, &event.display_name);
        Ok(names::keep_vendor(tx.conn(), id, name, meta.version).await?)
    }
    project ProductUpserted {
        let (id, title) = (event.product_id, &event.title);
        Ok(names::keep_product(tx.conn(), id, title, meta.version).await?)
    }
}

impl BatchHandler<ItemAdded> for App {
    async fn handle_batch(
        &self,
        events: Vec<(Option<ItemAdded>, Meta)>,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let added = events.into_iter().filter_map(|(event, meta)| Some((event?, meta.time)));
        usecases::fill_carts(tx, &added.collect::<Vec<_>>()).await
    }
}
