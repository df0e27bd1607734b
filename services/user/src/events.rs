//! Door 2: what the user service hears.

use chassis::{Hear, Listeners, Meta, Tx};
use contracts::vendor::VendorChanged;

use crate::error::Error;
use crate::{App, usecases};

/// Everything the user service hears.
pub fn listeners(app: &App) -> Listeners {
    Listeners::default().copy::<VendorChanged, _>(app)
}

impl Hear<VendorChanged> for App {
    type Error = Error;

    async fn hear(&self, vendor: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::copy_members(tx, &vendor, meta.version).await
    }
}
