//! Events in: deliveries, which may be rated, and decisions of staff.

use chassis::{EventHandler, Meta, Tx};
use contracts::admin::ReviewModerated;
use contracts::order::SellerOrderDelivered;

use crate::error::Error;
use crate::{App, usecases};

impl EventHandler<SellerOrderDelivered> for App {
    async fn handle(
        &self,
        event: SellerOrderDelivered,
        _: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        usecases::remember_delivery(tx, &event).await
    }
}

impl EventHandler<ReviewModerated> for App {
    async fn handle(&self, event: ReviewModerated, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::moderate(tx, &event).await
    }
}
