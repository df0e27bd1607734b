//! How many orders are on their way, for the dashboard.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};

use crate::App;
use crate::domain::saga::{OrderState, Unanswered};
use crate::error::Error;
use crate::store;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenOrders {}

impl Timer for OpenOrders {
    const NAME: &'static str = "order.open_orders";
    const EVERY: Duration = Duration::from_secs(10);
    // It decides nothing, so it may look while the service is behind.
    const WAITS_FOR_NEWS: bool = false;
}

/// The states in which orders rest; the others are passed within one transaction.
const RESTS: [OrderState; 4] = [
    OrderState::Reserving,
    OrderState::AwaitingPayment,
    OrderState::AwaitingCodOk,
    OrderState::CancelPending,
];

impl TimerHandler<OpenOrders> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let crowds = store::orders::count_open(tx.conn()).await?;
        // Those without orders too: a gauge keeps its last value.
        for state in RESTS {
            let name = state.into_str();
            let crowd = crowds.iter().find(|crowd| crowd.state == state);
            let orders = crowd.map_or(0, |crowd| u32::try_from(crowd.orders).unwrap_or(u32::MAX));
            let age = crowd.map_or(0, |crowd| now.duration_since(crowd.oldest).as_secs());
            let age = u32::try_from(age).unwrap_or(0);
            metrics::gauge!("mall_saga_orders", "service" => "order", "state" => name).set(orders);
            metrics::gauge!("mall_saga_oldest_seconds", "service" => "order", "state" => name)
                .set(age);
        }
        let unanswered = store::unanswered::count(tx.conn(), Unanswered::ASKS).await?;
        let unanswered = u32::try_from(unanswered).unwrap_or(u32::MAX);
        metrics::gauge!("mall_orders_unanswered", "service" => "order").set(unanswered);
        // Nothing was taken: it is not called again before its time.
        Ok(0)
    }
}
