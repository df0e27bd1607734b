//! The whole service against the real broker.

use contracts::admin::ReviewModerated;
use contracts::order::SellerOrderDelivered;
use contracts::user::KeyPublished;
use rating::{App, Config};
use sqlx::PgPool;
use testkit::{Bus, Live, eventually, live, sample, servers};

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn a_delivery_heard_from_kafka_may_be_rated(pool: PgPool) {
    let bus = Bus::start(&servers::unique()).await;
    bus.emit(&sample::<KeyPublished>()).await;
    let running = Live::start::<App>(live::common(&bus, Some(&pool)), Config::default()).await;

    bus.emit(&sample::<SellerOrderDelivered>()).await;
    bus.emit(&sample::<ReviewModerated>()).await;

    let purchases = eventually("the purchase is known", async || {
        let count =
            sqlx::query_scalar::<_, i64>("select count(*) from purchases").fetch_one(&pool).await;
        count.ok().filter(|n| *n > 0)
    })
    .await;
    assert_eq!(purchases, 2, "the product and its seller");
    running.stop().await;
}
