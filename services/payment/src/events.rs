//! Door 2: what the payment service hears.

use chassis::{Hear, Listeners, Meta, Tx};
use contracts::order::SellerOrderDelivered;
use contracts::payment::{CancelPayment, CreatePayment};

use crate::error::Error;
use crate::{App, usecases};

/// Everything the payment service hears.
pub fn listeners(app: &App) -> Listeners {
    Listeners::default()
        .on::<CreatePayment, _>(app)
        .on::<CancelPayment, _>(app)
        .copy::<SellerOrderDelivered, _>(app)
}

impl Hear<CreatePayment> for App {
    type Error = Error;

    async fn hear(&self, ask: CreatePayment, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::create(self, tx, ask).await
    }
}

impl Hear<CancelPayment> for App {
    type Error = Error;

    async fn hear(&self, ask: CancelPayment, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::cancel(tx, ask.payment_id).await
    }
}

impl Hear<SellerOrderDelivered> for App {
    type Error = Error;

    async fn hear(&self, told: SellerOrderDelivered, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let order = told.seller_order;
        usecases::copy_delivery(tx, order.seller_order_id, order.at).await
    }
}
