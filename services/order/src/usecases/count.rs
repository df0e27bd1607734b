//! How many orders are on their way, for the dashboard.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};

use crate::App;
use crate::domain::saga::State;
use crate::error::Error;
use crate::store;

/// Looks at the open orders from time to time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenOrders {}

impl Timer for OpenOrders {
    const NAME: &'static str = "order.open_orders";
    const EVERY: Duration = Duration::from_secs(10);
    const WAITS_FOR_NEWS: bool = false;
}

/// The states in which orders rest.
const RESTS: [(State, &str); 4] = [
    (State::Reserving, "reserving"),
    (State::AwaitingPayment, "awaiting_payment"),
    (State::AwaitingCodOk, "awaiting_cod_ok"),
    (State::CancelPending, "cancel_pending"),
];

impl TimerHandler<OpenOrders> for App {
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let crowds = store::orders::count_open(tx.conn()).await?;
        for (state, name) in RESTS {
            let crowd = crowds.iter().find(|crowd| crowd.state == state);
            let orders = crowd.map_or(0, |crowd| u32::try_from(crowd.orders).unwrap_or(u32::MAX));
            let age = crowd.map_or(0, |crowd| now.duration_since(crowd.oldest).as_secs());
            let age = u32::try_from(age).unwrap_or(0);
            metrics::gauge!("mall_saga_orders", "service" => "order", "state" => name).set(orders);
            metrics::gauge!("mall_saga_oldest_seconds", "service" => "order", "state" => name)
                .set(age);
        }
        // Nothing was taken: it is not called again before its time.
        Ok(0)
    }
}
