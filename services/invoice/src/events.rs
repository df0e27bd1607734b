//! Door 2: what the invoice service hears.

use chassis::{Hear, Listeners, Lock, Meta, Tx};
use contracts::order::OrderConfirmed;
use contracts::user::ContactUpdated;
use contracts::vendor::VendorChanged;

use crate::error::Error;
use crate::{App, usecases};

/// Everything the invoice service hears.
pub fn listeners(app: &App) -> Listeners {
    Listeners::default()
        .on_locked::<OrderConfirmed, _>(app)
        .copy::<VendorChanged, _>(app)
        .copy::<ContactUpdated, _>(app)
}

impl Hear<OrderConfirmed> for App {
    type Error = Error;

    async fn hear(&self, confirmed: OrderConfirmed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::number(tx, &confirmed.order).await
    }
}

impl Lock<OrderConfirmed> for App {
    async fn lock(&self, events: &[OrderConfirmed], tx: &mut Tx) -> Result<(), Error> {
        usecases::lock_series(tx, events.iter().map(|confirmed| &confirmed.order)).await
    }
}

impl Hear<VendorChanged> for App {
    type Error = Error;

    async fn hear(&self, vendor: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::copy_seller(tx, vendor, meta.version).await
    }
}

impl Hear<ContactUpdated> for App {
    type Error = Error;

    async fn hear(&self, contact: ContactUpdated, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::copy_recipient(tx, &contact, meta.version).await
    }

    async fn forget(&self, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::forget_recipient(tx, &meta.key, meta.version).await
    }
}
