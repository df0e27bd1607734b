//! The whole service against the real broker.

use contracts::product::{ProductUpserted, StockLevelChanged};
use contracts::user::KeyPublished;
use contracts::vendor::VendorChanged;
use search::{App, Config};
use serde_json::Value;
use testkit::{Bus, Live, eventually, live, sample, servers};

async fn total(running: &Live, words: &str) -> i64 {
    let url = format!("{}/v1/search/products?q={words}", running.url);
    let page: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    page["total"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_is_rebuilt_before_it_is_ready_and_follows_what_is_said() {
    let bus = Bus::start(&servers::unique()).await;
    bus.emit(&sample::<KeyPublished>()).await;
    bus.emit(&sample::<VendorChanged>()).await;
    bus.emit(&sample::<ProductUpserted>()).await;
    bus.emit(&sample::<StockLevelChanged>()).await;
    let running = Live::start::<App>(live::common(&bus, None), Config::default()).await;
    assert_eq!(
        total(&running, "lamp").await,
        1,
        "ready means that everything said before is found"
    );

    let renamed = ProductUpserted { title: "Copper kettle".into(), ..sample() };
    bus.emit(&renamed).await;
    eventually("the new title is found", async || {
        (total(&running, "kettle").await == 1).then_some(())
    })
    .await;
    assert_eq!(total(&running, "oil").await, 0);
    running.stop().await;

    let again = Live::start::<App>(live::common(&bus, None), Config::default()).await;
    assert_eq!((total(&again, "kettle").await, total(&again, "oil").await), (1, 0));
    again.stop().await;
}
