//! Events in: what the user service hears.

use chassis::{EventHandler, Meta, Subscriptions, Tx};
use contracts::vendor::VendorChanged;

use crate::error::Error;
use crate::{App, usecases};

/// Everything the user service hears.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default().project::<VendorChanged>()
}

impl EventHandler<VendorChanged> for App {
    async fn handle(&self, vendor: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::project_members(tx, &vendor, meta.version).await
    }
}
