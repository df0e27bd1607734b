//! Events in: everything is a projection, so all of it can be dropped and heard again.

use chassis::{BatchHandler, EventHandler, Meta, Subscriptions, Tx};
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

/// What this service hears.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default()
        .project::<OrderPlaced>()
        .project::<OrderRejected>()
        .project::<OrderCancelled>()
        .project::<OrderConfirmed>()
        .project::<SellerOrderDelivered>()
        .project::<SellerOrderArrived>()
        .project::<SellerOrderCredited>()
        .project::<PaymentCaptured>()
        .project::<CodCollected>()
        .project::<RefundDone>()
        .project::<ReviewPublished>()
        .project_batch::<ItemAdded>()
        .project::<VendorChanged>()
        .project::<ProductUpserted>()
        .unhurried()
}

impl EventHandler<OrderPlaced> for App {
    async fn handle(&self, event: OrderPlaced, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let placed = Happened::Placed(day(event.order.placed_at));
        usecases::follow(tx, event.order.order_id, placed).await.map(drop)
    }
}

impl EventHandler<OrderRejected> for App {
    async fn handle(&self, event: OrderRejected, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let rejected = Happened::Rejected(day(event.rejected_at));
        usecases::follow(tx, event.order_id, rejected).await.map(drop)
    }
}

impl EventHandler<OrderCancelled> for App {
    async fn handle(&self, event: OrderCancelled, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let cancelled = Happened::Cancelled(day(event.cancelled_at));
        usecases::follow(tx, event.order_id, cancelled).await.map(drop)
    }
}

impl EventHandler<OrderConfirmed> for App {
    async fn handle(&self, event: OrderConfirmed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::sell(tx, &event).await
    }
}

impl EventHandler<SellerOrderDelivered> for App {
    async fn handle(
        &self,
        event: SellerOrderDelivered,
        _: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        // One of several parcels, perhaps: of the last one it is said that all of it arrived.
        if event.parcel_id.is_some() {
            return Ok(());
        }
        usecases::deliver(tx, &event.seller_order).await
    }
}

impl EventHandler<SellerOrderArrived> for App {
    async fn handle(&self, event: SellerOrderArrived, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::deliver(tx, &event.seller_order).await
    }
}

impl EventHandler<PaymentCaptured> for App {
    async fn handle(&self, event: PaymentCaptured, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let payment = event.payment;
        usecases::collect(tx, (payment.payment_id, None), payment.amount, payment.at).await
    }
}

impl EventHandler<CodCollected> for App {
    async fn handle(&self, event: CodCollected, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let what = (event.payment.payment_id, Some(event.seller_order_id));
        usecases::collect(tx, what, event.collected, event.payment.at).await
    }
}

impl EventHandler<SellerOrderCredited> for App {
    async fn handle(
        &self,
        event: SellerOrderCredited,
        _meta: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        usecases::credit(tx, &event).await
    }
}

impl EventHandler<RefundDone> for App {
    async fn handle(&self, event: RefundDone, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::refund(tx, &event.refund).await
    }
}

impl EventHandler<ReviewPublished> for App {
    async fn handle(&self, event: ReviewPublished, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::count_review(tx, &event).await
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

impl EventHandler<VendorChanged> for App {
    async fn handle(&self, event: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let (id, name) = (event.vendor_id, &event.display_name);
        Ok(names::keep_vendor(tx.conn(), id, name, meta.version).await?)
    }
}

impl EventHandler<ProductUpserted> for App {
    async fn handle(&self, event: ProductUpserted, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let (id, title) = (event.product_id, &event.title);
        Ok(names::keep_product(tx.conn(), id, title, meta.version).await?)
    }
}
