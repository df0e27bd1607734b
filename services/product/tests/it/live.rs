//! The whole service against the real broker.

use contracts::admin::{Decision, ProductModerated};
use contracts::product::{
    ProductStatus, ProductUpserted, StockCommitted, StockLevelChanged, StockReserved,
};
use contracts::vendor::VendorChanged;
use sqlx::PgPool;
use testkit::{Bus, Live, eventually, live, sample, servers};

use crate::stage::{Checkout, Seller, lamp, open};

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn what_is_heard_from_kafka_is_answered_on_kafka(pool: PgPool) {
    let bus = Bus::start(&servers::unique()).await;
    // Nobody can sign in over HTTP here without user-service, so the draft is written in process.
    let mall = open(pool.clone()).await;
    let seller = Seller::approved(&mall).await;
    let id = seller.draft(lamp(&["LAMP"])).await;
    seller.propose(id).await;
    seller.receive("LAMP", 9).await;

    let service =
        Live::start::<product::App>(live::common(&bus, Some(&pool)), product::Config {}).await;
    bus.emit(&VendorChanged { vendor_id: seller.id, ..sample() }).await;
    let approved = ProductModerated { product_id: id, decision: Decision::Approve, ..sample() };
    bus.emit(&approved).await;
    let published = || {
        let all = bus.events::<ProductUpserted>();
        all.into_iter().find(|p| p.product_id == id && p.status == ProductStatus::Published)
    };
    eventually("the product is published", async || published()).await;
    assert!(!bus.events::<StockLevelChanged>().is_empty());

    let mut checkout = Checkout::of(&mall, &[("LAMP", 2)]);
    checkout.expires_at = "2100-01-01T00:00:00Z".parse().expect("a time");
    bus.emit(&checkout.reserve()).await;
    let reserved =
        || bus.events::<StockReserved>().into_iter().find(|r| r.checkout_id == checkout.id);
    eventually("the stock is held", async || reserved()).await;
    bus.emit(&checkout.confirmed()).await;
    let committed =
        || bus.events::<StockCommitted>().into_iter().find(|r| r.checkout_id == checkout.id);
    eventually("the stock is sold", async || committed()).await;

    let shown = reqwest::get(format!("{}/v1/products/{id}", service.url)).await.expect("an answer");
    assert_eq!(shown.status().as_u16(), 200);
    assert_eq!(seller.counters("LAMP").await, [7, 0, 2, 0]);
    service.stop().await;
}
