//! Door 2: what this service hears.

use chassis::{Hear, Listeners, Meta, Tx};
use contracts::admin::VendorDecided;
use contracts::rating::RatingSummary;

use crate::error::Error;
use crate::{App, usecases};

/// Everything this service hears.
pub fn listeners(app: &App) -> Listeners {
    Listeners::default().on::<VendorDecided, _>(app).copy::<RatingSummary, _>(app)
}

impl Hear<VendorDecided> for App {
    type Error = Error;

    async fn hear(&self, decided: VendorDecided, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::decide::decide(tx, decided).await
    }
}

impl Hear<RatingSummary> for App {
    type Error = Error;

    async fn hear(&self, summary: RatingSummary, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::copy_rating::copy_rating(tx, &summary, meta.version).await
    }
}
