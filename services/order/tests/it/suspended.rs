//! What a seller who is suspended has not shipped.

use contracts::order::{CreditCause, Disposition};
use contracts::vendor::VendorStatus;
use serde_json::json;
use sqlx::PgPool;

use crate::sold::{amounts, confirmed, credits, go, open, statuses};
use crate::world::World;

const HOUR: i64 = 3600;

async fn stands(world: &World, nth: usize, status: VendorStatus) {
    let mut vendor = world.shops[nth].vendor.clone();
    vendor.status = status;
    world.app.deliver(vendor).await;
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn it_is_taken_back_after_a_day_and_what_is_on_its_way_arrives(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    for nth in [0, 1, 2] {
        go(&world, &order, nth, &["accept", "pack"]).await;
    }
    go(&world, &order, 1, &["ship"]).await;
    stands(&world, 0, VendorStatus::Suspended).await;
    stands(&world, 1, VendorStatus::Suspended).await;
    world.wait(23 * HOUR);
    // Whatever else is said of a seller meanwhile, the time runs on.
    stands(&world, 0, VendorStatus::Suspended).await;
    assert_eq!(world.app.run_timers().await, 0, "staff may still lift it");

    world.wait(HOUR);
    assert_eq!(world.app.run_timers().await, 1);
    assert_eq!(world.app.run_timers().await, 0, "once");
    let said = credits(&world).await;
    assert_eq!((said.len(), said[0].cause, said[0].ended), (1, CreditCause::StaffCancelled, true));
    assert_eq!(said[0].lines[0].stock, Disposition::Uncommit);
    assert_eq!(amounts(&said[0].share), [131_274, 14_970, 2695, 634, 127]);
    let view = world.order(order.order_id).await;
    assert_eq!(statuses(&view), ["staff_cancelled", "shipped", "packed"]);
    let why = &view["seller_orders"][0]["credits"][0]["reason"];
    assert_eq!(why, &json!("its seller does not sell here at present"));
    go(&world, &order, 1, &["deliver"]).await;
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_suspension_that_is_lifted_in_time_takes_nothing_back(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept"]).await;
    stands(&world, 0, VendorStatus::Suspended).await;
    world.wait(23 * HOUR);
    stands(&world, 0, VendorStatus::Approved).await;
    for nth in [1, 2] {
        go(&world, &order, nth, &["accept"]).await;
    }
    world.wait(2 * HOUR);
    assert_eq!(world.app.run_timers().await, 0);
    // Suspended again, it has a day again.
    stands(&world, 0, VendorStatus::Suspended).await;
    world.wait(23 * HOUR);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(HOUR);
    assert_eq!(world.app.run_timers().await, 1);
    let view = world.order(order.order_id).await;
    assert_eq!(statuses(&view), ["staff_cancelled", "accepted", "accepted"]);
    assert_eq!(credits(&world).await.len(), 1);
}
