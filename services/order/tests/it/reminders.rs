//! Sellers are told while there is time.

use contracts::order::{DueStep, SellerOrderDueSoon};
use sqlx::PgPool;

use crate::sold::{act, confirmed, go, part_of, shops};
use crate::world::{World, config};

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_is_told_once_per_step_when_time_is_short(pool: PgPool) {
    let settings = order::Config { remind_accept_s: 21_600, remind_ship_s: 43_200, ..config() };
    let world = World::configured(pool, settings, shops()).await;
    let order = confirmed(&world).await;
    act(&world, &order, 2, "reject").await.expect(200);
    go(&world, &order, 1, &["accept"]).await;

    world.wait(18 * 3600 - 1);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(1);
    assert_eq!(world.app.run_timers().await, 1);
    assert_eq!(world.app.run_timers().await, 0);
    let told = world.app.emitted::<SellerOrderDueSoon>().await.remove(0);
    assert_eq!(told.seller_order.seller_order_id, part_of(&order, 0));
    assert_eq!(
        (told.step, told.due_at.to_string()),
        (DueStep::Accept, "2026-11-23T12:00:00Z".into())
    );

    // What it does starts another time, of which it is told again; packing does not.
    go(&world, &order, 0, &["accept"]).await;
    world.wait(42 * 3600);
    assert_eq!(world.app.run_timers().await, 1);
    go(&world, &order, 1, &["pack"]).await;
    assert_eq!(world.app.run_timers().await, 0);
    let told = world.app.emitted::<SellerOrderDueSoon>().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].seller_order.seller_order_id, part_of(&order, 1));
    assert_eq!(
        (told[0].step, told[0].due_at.to_string()),
        (DueStep::Ship, "2026-11-25T12:00:00Z".into())
    );

    // Whoever is late is not told any more.
    world.wait(30 * 3600);
    assert_eq!(world.app.run_timers().await, 2);
    assert!(world.app.emitted::<SellerOrderDueSoon>().await.is_empty());
}
