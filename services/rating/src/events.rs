//! Door 2: deliveries, which may be rated, and decisions of staff.

use chassis::{Hear, Meta, Tx};
use contracts::admin::ReviewModerated;
use contracts::order::SellerOrderDelivered;

use crate::error::Error;
use crate::{App, usecases};

impl Hear<SellerOrderDelivered> for App {
    type Error = Error;

    async fn hear(
        &self,
        event: SellerOrderDelivered,
        _meta: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        usecases::remember_delivery(tx, &event).await
    }
}

impl Hear<ReviewModerated> for App {
    type Error = Error;

    async fn hear(&self, event: ReviewModerated, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::moderate(tx, &event).await
    }
}
