//! Events in: what the cart hears and overhears.

use chassis::{InMemoryProjection, Meta};
use contracts::order::{
    OrderCancelled, OrderConfirmed, OrderRejected, SellerOrderCredited, SellerOrderDelivered,
};
use contracts::product::{ProductUpserted, StockLevelChanged};
use contracts::user::AccountUpdated;
use contracts::vendor::VendorChanged;

use crate::error::Error;
use crate::{App, usecases};

chassis::hears! {
    App, Error, |app, event, meta, tx|
    handle OrderConfirmed { usecases::remember_confirmed(tx, &event).await }
    handle OrderRejected { usecases::restore(tx, event).await }
    handle OrderCancelled { usecases::remember_cancelled(tx, &event).await }
    handle SellerOrderDelivered { usecases::remember_delivered(tx, &event).await }
    handle SellerOrderCredited { usecases::remember_credited(tx, &event).await }
    in_memory ProductUpserted;
    in_memory StockLevelChanged;
    in_memory VendorChanged;
    in_memory AccountUpdated;
}

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
