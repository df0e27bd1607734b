//! Door 2: what the cart hears and overhears.

use chassis::{Hear, Meta, Overhear, Tx};
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

impl Hear<OrderRejected> for App {
    type Error = Error;

    async fn hear(&self, event: OrderRejected, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::restore(tx, event).await
    }
}
