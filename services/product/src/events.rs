//! Door 2: what is heard, and what falls due.

use chassis::{Hear, Listeners, Meta, TickEach, Timer, Timers, Tx};
use contracts::admin::ProductModerated;
use contracts::order::{OrderCancelled, OrderConfirmed, SellerOrderShipped};
use contracts::product::Reserve;
use contracts::rating::RatingSummary;
use contracts::vendor::VendorChanged;
use uuid::Uuid;

use crate::App;
use crate::error::Error;
use crate::usecases;

/// Everything that is heard.
pub fn listeners(app: &App) -> Listeners {
    Listeners::default()
        .copy::<VendorChanged, _>(app)
        .copy::<RatingSummary, _>(app)
        .on::<ProductModerated, _>(app)
        .on::<Reserve, _>(app)
        .on::<OrderConfirmed, _>(app)
        .on::<OrderCancelled, _>(app)
        .on::<SellerOrderShipped, _>(app)
}

/// Everything that falls due.
pub fn timers(app: &App) -> Timers {
    Timers::default().on_each::<HoldsOver, _>(app)
}

impl Hear<VendorChanged> for App {
    type Error = Error;

    async fn hear(&self, event: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::copy::seller(tx, &event, meta.version).await
    }
}

impl Hear<RatingSummary> for App {
    type Error = Error;

    async fn hear(&self, event: RatingSummary, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::copy::rating(tx, &event, meta.version).await
    }
}

impl Hear<ProductModerated> for App {
    type Error = Error;

    async fn hear(&self, event: ProductModerated, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::moderate::moderate(tx, event).await
    }
}

impl Hear<Reserve> for App {
    type Error = Error;

    async fn hear(&self, event: Reserve, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::reserve::reserve(tx, event).await
    }
}

impl Hear<OrderConfirmed> for App {
    type Error = Error;

    async fn hear(&self, event: OrderConfirmed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::confirm::confirm(tx, event).await
    }
}

impl Hear<OrderCancelled> for App {
    type Error = Error;

    async fn hear(&self, event: OrderCancelled, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::cancel::cancel(tx, event).await
    }
}

impl Hear<SellerOrderShipped> for App {
    type Error = Error;

    async fn hear(&self, event: SellerOrderShipped, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::ship::ship(tx, event).await
    }
}

/// Holds that were neither sold nor released in time.
pub enum HoldsOver {}

impl Timer for HoldsOver {
    const NAME: &'static str = "product.holds_over";
}

impl TickEach<HoldsOver> for App {
    type Error = Error;

    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        usecases::expire::overdue(except, tx).await
    }

    async fn tick(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        usecases::expire::expire(ids, tx).await
    }
}
