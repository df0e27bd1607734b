//! Events in: what the payment service hears.

use chassis::{EventHandler, Meta, Subscriptions, Tx};
use contracts::order::SellerOrderDelivered;
use contracts::payment::{CancelPayment, CreatePayment};

use crate::error::Error;
use crate::{App, usecases};

/// Everything the payment service hears.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default()
        .handle::<CreatePayment>()
        .handle::<CancelPayment>()
        .project::<SellerOrderDelivered>()
}

impl EventHandler<CreatePayment> for App {
    type Error = Error;

    async fn handle(&self, ask: CreatePayment, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::create(self, tx, ask).await
    }
}

impl EventHandler<CancelPayment> for App {
    type Error = Error;

    async fn handle(&self, ask: CancelPayment, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::cancel(tx, ask.payment_id).await
    }
}

impl EventHandler<SellerOrderDelivered> for App {
    type Error = Error;

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
