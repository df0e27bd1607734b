//! The whole service against the real broker.

use cart::App;
use contracts::Event;
use contracts::cart::ItemAdded;
use contracts::product::{ProductUpserted, StockLevelChanged};
use contracts::user::KeyPublished;
use contracts::vendor::VendorChanged;
use serde_json::json;
use sqlx::PgPool;
use testkit::{Bus, Live, eventually, live, sample, servers};

use crate::scene::config;

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn what_is_overheard_fills_the_shelf_and_what_changes_is_said(pool: PgPool) {
    let bus = Bus::start(&servers::unique()).await;
    bus.emit(&sample::<KeyPublished>()).await;
    bus.emit(&sample::<VendorChanged>()).await;
    bus.emit(&sample::<ProductUpserted>()).await;
    bus.emit(&sample::<StockLevelChanged>()).await;
    let running = Live::start::<App>(live::common(&bus, Some(&pool)), config()).await;
    let line = format!("{}/v1/cart/lines/LAMP-BRASS-18", running.url);

    let put =
        reqwest::Client::new().put(line).json(&json!({ "quantity": 2 })).send().await.unwrap();

    assert_eq!(put.status(), 200);
    let emitted = eventually("the line is said", async || {
        Some(bus.events::<ItemAdded>()).filter(|emitted| !emitted.is_empty())
    })
    .await;
    assert_eq!(emitted[0].quantity, 2);
    let record = bus.read(ItemAdded::TOPIC).remove(0);
    assert_eq!(record.meta().unwrap().version, 1);
    running.stop().await;
}
