//! Events in: what is heard, and what falls due.

use chassis::{BatchTimerHandler, LockingHandler, Timer, Timers, Tx};
use contracts::admin::ProductModerated;
use contracts::order::{
    OrderCancelled, OrderConfirmed, ParcelEnded, ReturnReceived, SellerOrderCredited,
    SellerOrderShipped,
};
use contracts::product::Reserve;
use contracts::rating::RatingSummary;
use contracts::vendor::VendorChanged;
use uuid::Uuid;

use crate::App;
use crate::error::Error;
use crate::usecases;

chassis::hears! {
    App, Error, |app, event, meta, tx|
    project VendorChanged { usecases::project::seller(tx, &event, meta.version).await }
    project RatingSummary { usecases::project::rating(tx, &event, meta.version).await }
    handle ProductModerated { usecases::moderate::moderate(tx, event).await }
    handle_locking Reserve { usecases::reserve::reserve(tx, event).await }
    handle_locking OrderConfirmed { usecases::confirm::confirm(tx, event).await }
    handle_locking OrderCancelled { usecases::cancel::cancel(tx, event).await }
    handle_locking SellerOrderShipped { usecases::ship::ship(tx, event).await }
    handle_locking SellerOrderCredited { usecases::credit::credit(tx, event).await }
    handle_locking ReturnReceived { usecases::credit::receive(tx, event).await }
    handle_locking ParcelEnded { usecases::credit::end_parcel(tx, event).await }
}

/// Everything that falls due.
pub fn timers(app: &App) -> Timers {
    Timers::default()
        .handle_each::<HoldsOver, _>(app)
        .handle_each::<RatesOver, _>(app)
        .handle::<usecases::rates::RatesEnding, _>(app)
        .handle::<usecases::examine::RulesChanged, _>(app)
}

impl LockingHandler<Reserve> for App {
    async fn lock(&self, events: &[Reserve], tx: &mut Tx) -> Result<(), Error> {
        let checkouts = events.iter().map(|asked| (asked.checkout_id, asked.order_id));
        let skus = events.iter().flat_map(|asked| &asked.lines).map(|line| &line.sku);
        usecases::take_turns::take_turns(tx, checkouts, skus).await
    }
}

impl LockingHandler<OrderConfirmed> for App {
    async fn lock(&self, events: &[OrderConfirmed], tx: &mut Tx) -> Result<(), Error> {
        let orders = events.iter().map(|confirmed| &confirmed.order);
        let checkouts = orders.clone().map(|order| (order.checkout_id, order.order_id));
        let lines = orders.flat_map(|order| &order.parts).flat_map(|part| &part.lines);
        usecases::take_turns::take_turns(tx, checkouts, lines.map(|line| &line.sku)).await
    }
}

impl LockingHandler<OrderCancelled> for App {
    async fn lock(&self, events: &[OrderCancelled], tx: &mut Tx) -> Result<(), Error> {
        let checkouts = events.iter().map(|cancelled| (cancelled.checkout_id, cancelled.order_id));
        usecases::take_turns::take_turns(tx, checkouts, []).await
    }
}

/// Pieces of a seller order move.
macro_rules! lock_lines {
    ($($event:ty),+) => {$(
        impl LockingHandler<$event> for App {
            async fn lock(&self, events: &[$event], tx: &mut Tx) -> Result<(), Error> {
                let orders = events.iter().map(|moved| &moved.seller_order);
                let checkouts = orders.map(|order| (order.checkout_id, order.order_id));
                let lines = events.iter().flat_map(|moved| &moved.lines);
                usecases::take_turns::take_turns(tx, checkouts, lines.map(|line| &line.sku)).await
            }
        }
    )+};
}

lock_lines!(SellerOrderShipped, SellerOrderCredited, ReturnReceived, ParcelEnded);

/// Holds that were neither sold nor released in time.
pub enum HoldsOver {}

impl Timer for HoldsOver {
    const NAME: &'static str = "product.holds_over";
}

impl BatchTimerHandler<HoldsOver> for App {
    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        usecases::expire::overdue(except, tx).await
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        usecases::expire::expire(ids, tx).await
    }
}

/// Products on the shelf that bear a rate of tax which has ended.
pub enum RatesOver {}

impl Timer for RatesOver {
    const NAME: &'static str = "product.rates_over";
}

impl BatchTimerHandler<RatesOver> for App {
    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        usecases::withdraw::out_of_rate(except, tx).await
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        usecases::withdraw::withdraw(ids, tx).await
    }
}
