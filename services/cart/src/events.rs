//! Events in: what the cart hears and overhears.

use chassis::{EventHandler, InMemoryProjection, Meta, Tx};
use contracts::order::{
    OrderCancelled, OrderConfirmed, OrderRejected, SellerOrderCredited, SellerOrderDelivered,
};
use contracts::product::{ProductUpserted, StockLevelChanged};
use contracts::user::AccountUpdated;
use contracts::vendor::VendorChanged;

use crate::error::Error;
use crate::{App, usecases};

impl InMemoryProjection<ProductUpserted> for App {
    fn apply(&self, state: Option<ProductUpserted>, meta: &Meta) {
        if let Some(state) = state {
            self.shelf.product(state, meta.version);
        }
    }
}

impl InMemoryProjection<StockLevelChanged> for App {
    fn apply(&self, state: Option<StockLevelChanged>, meta: &Meta) {
        if let Some(state) = state {
            self.shelf.level(state, meta.version);
        }
    }
}

impl InMemoryProjection<VendorChanged> for App {
    fn apply(&self, state: Option<VendorChanged>, meta: &Meta) {
        if let Some(state) = state {
            self.shelf.vendor(state, meta.version);
        }
    }
}

impl InMemoryProjection<AccountUpdated> for App {
    fn apply(&self, state: Option<AccountUpdated>, meta: &Meta) {
        if let Some(state) = state {
            self.shelf.addresses(&state, meta.version);
        }
    }
}

impl EventHandler<OrderRejected> for App {
    async fn handle(&self, event: OrderRejected, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::restore(tx, event).await
    }
}

impl EventHandler<OrderConfirmed> for App {
    async fn handle(&self, event: OrderConfirmed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::remember_confirmed(tx, &event).await
    }
}

impl EventHandler<OrderCancelled> for App {
    async fn handle(&self, event: OrderCancelled, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::remember_cancelled(tx, &event).await
    }
}

impl EventHandler<SellerOrderDelivered> for App {
    async fn handle(
        &self,
        event: SellerOrderDelivered,
        _: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        usecases::remember_delivered(tx, &event).await
    }
}

impl EventHandler<SellerOrderCredited> for App {
    async fn handle(&self, event: SellerOrderCredited, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::remember_credited(tx, &event).await
    }
}
