//! Events in: what the payment service hears.

use chassis::{EventHandler, Meta, Subscriptions, Tx};
use contracts::order::{
    SellerOrderCompleted, SellerOrderCredited, SellerOrderDelivered, SellerOrderShipped,
};
use contracts::payment::{CancelPayment, CreatePayment};
use contracts::user::AccountUpdated;
use contracts::vendor::VendorChanged;

use crate::error::Error;
use crate::{App, usecases};

/// Everything the payment service hears.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default()
        .handle::<CreatePayment>()
        .handle::<CancelPayment>()
        .handle::<SellerOrderCredited>()
        .handle::<SellerOrderCompleted>()
        .project::<SellerOrderDelivered>()
        .project::<SellerOrderShipped>()
        .project::<VendorChanged>()
        .project::<AccountUpdated>()
}

impl EventHandler<CreatePayment> for App {
    async fn handle(&self, ask: CreatePayment, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::create(self, tx, ask).await
    }
}

impl EventHandler<CancelPayment> for App {
    async fn handle(&self, ask: CancelPayment, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::cancel(self, tx, ask.payment_id).await
    }
}

impl EventHandler<SellerOrderCredited> for App {
    async fn handle(&self, event: SellerOrderCredited, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::credit(tx, event).await
    }
}

impl EventHandler<SellerOrderCompleted> for App {
    async fn handle(
        &self,
        event: SellerOrderCompleted,
        _: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        usecases::release(tx, &event.seller_order).await
    }
}

impl EventHandler<SellerOrderDelivered> for App {
    async fn handle(
        &self,
        event: SellerOrderDelivered,
        _: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let order = event.seller_order;
        usecases::project_delivery(tx, order.seller_order_id, order.at).await
    }
}

impl EventHandler<SellerOrderShipped> for App {
    async fn handle(&self, event: SellerOrderShipped, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::project_carrier(tx, event.seller_order.seller_order_id, &event.carrier).await
    }
}

impl EventHandler<VendorChanged> for App {
    async fn handle(&self, event: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::project_seller(tx, &event, meta.version).await
    }
}

impl EventHandler<AccountUpdated> for App {
    async fn handle(&self, event: AccountUpdated, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::project_account(tx, &event).await
    }
}
