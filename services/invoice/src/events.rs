//! Events in: what the invoice service hears.

use chassis::{EventHandler, LockingHandler, Meta, Subscriptions, Tx};
use contracts::order::{OrderConfirmed, SellerOrderCredited};
use contracts::payment::CommissionClosed;
use contracts::user::ContactUpdated;
use contracts::vendor::VendorChanged;

use crate::error::Error;
use crate::{App, usecases};

/// Everything the invoice service hears.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default()
        .handle_locking::<OrderConfirmed>()
        .handle_locking::<SellerOrderCredited>()
        .handle::<CommissionClosed>()
        .project::<VendorChanged>()
        .project::<ContactUpdated>()
}

impl EventHandler<OrderConfirmed> for App {
    async fn handle(&self, confirmed: OrderConfirmed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::number(tx, &confirmed.order).await
    }
}

impl LockingHandler<OrderConfirmed> for App {
    async fn lock(&self, events: &[OrderConfirmed], tx: &mut Tx) -> Result<(), Error> {
        usecases::lock_series(tx, events.iter().map(|confirmed| &confirmed.order)).await
    }
}

impl EventHandler<SellerOrderCredited> for App {
    async fn handle(
        &self,
        credited: SellerOrderCredited,
        _: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        usecases::credit(tx, &credited).await
    }
}

impl LockingHandler<SellerOrderCredited> for App {
    async fn lock(&self, events: &[SellerOrderCredited], tx: &mut Tx) -> Result<(), Error> {
        usecases::lock_credits(tx, events).await
    }
}

impl EventHandler<CommissionClosed> for App {
    async fn handle(&self, closed: CommissionClosed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::close_month(tx, closed).await
    }
}

impl EventHandler<VendorChanged> for App {
    async fn handle(&self, vendor: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::project_seller(tx, vendor, meta.version).await
    }
}

impl EventHandler<ContactUpdated> for App {
    async fn handle(&self, contact: ContactUpdated, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::project_recipient(tx, &contact, meta.version).await
    }

    async fn handle_tombstone(&self, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::forget_recipient(tx, &meta.key, meta.version).await
    }
}
