//! Door 2: what the cart overhears and what it reacts to.

use chassis::{Meta, Overhear, React};
use contracts::order::OrderRejected;
use contracts::product::{ProductUpserted, StockLevelChanged};
use contracts::user::AccountUpdated;
use contracts::vendor::VendorChanged;

use crate::error::Error;
use crate::{App, usecases};

impl Overhear<ProductUpserted> for App {
    fn overhear(&self, state: Option<ProductUpserted>, meta: &Meta) {
        if let Some(state) = state {
            self.shelf.product(state, meta.version);
        }
    }
}

impl Overhear<StockLevelChanged> for App {
    fn overhear(&self, state: Option<StockLevelChanged>, meta: &Meta) {
        if let Some(state) = state {
            self.shelf.level(state, meta.version);
        }
    }
}

impl Overhear<VendorChanged> for App {
    fn overhear(&self, state: Option<VendorChanged>, meta: &Meta) {
        if let Some(state) = state {
            self.shelf.vendor(state, meta.version);
        }
    }
}

impl Overhear<AccountUpdated> for App {
    fn overhear(&self, state: Option<AccountUpdated>, meta: &Meta) {
        if let Some(state) = state {
            self.shelf.addresses(state.user_id, state.address_ids, meta.version);
        }
    }
}

impl React<OrderRejected> for App {
    type Error = Error;

    async fn react(&self, event: OrderRejected, _meta: &Meta) -> Result<(), Error> {
        usecases::restore(self, &event).await
    }
}
