//! Events in: what this service hears.

use chassis::{EventHandler, Meta, Subscriptions, Tx};
use contracts::admin::VendorDecided;
use contracts::order::SellerOrderCredited;
use contracts::rating::RatingSummary;

use crate::error::Error;
use crate::{App, usecases};

/// Everything this service hears.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default()
        .handle::<VendorDecided>()
        .handle::<SellerOrderCredited>()
        .project::<RatingSummary>()
}

impl EventHandler<VendorDecided> for App {
    async fn handle(&self, decided: VendorDecided, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::decide::decide(tx, decided).await
    }
}

impl EventHandler<SellerOrderCredited> for App {
    async fn handle(&self, event: SellerOrderCredited, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::strike::strike(tx, &event).await
    }
}

impl EventHandler<RatingSummary> for App {
    async fn handle(&self, summary: RatingSummary, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::project_rating::project_rating(tx, &summary, meta.version).await
    }
}
