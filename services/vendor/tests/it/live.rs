//! The whole service against the real broker.

use contracts::admin::Decision;
use contracts::rating::{RatingSummary, Subject};
use contracts::vendor::{VendorApproved, VendorChanged, VendorStatus};
use kernel::Clock;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Bus, Live, eventually, live, servers};
use vendor::App;

use crate::scene::{Scene, config};

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_decision_heard_from_the_broker_is_answered_on_it(pool: PgPool) {
    let scene = Scene::submitted(pool.clone()).await;
    let bus = Bus::start(&servers::unique()).await;
    let running = Live::start::<App>(live::common(&bus, Some(&pool)), config()).await;

    bus.emit(&scene.decision(Decision::Approve, scene.app.clock.now())).await;
    let subject = Subject::Vendor(scene.vendor_id);
    bus.emit(&RatingSummary { subject, sum: 9, count: 2, histogram: [0, 0, 0, 1, 1] }).await;

    let approved = eventually("the approval is said", async || {
        bus.events::<VendorApproved>().into_iter().next()
    })
    .await;
    assert_eq!(approved.vendor_id, scene.vendor_id);
    let changed =
        eventually("the seller is said", async || bus.events::<VendorChanged>().into_iter().next())
            .await;
    assert_eq!(changed.status, VendorStatus::Approved);
    let url = format!("{}{}", running.url, scene.path(""));
    let rating = eventually("the stars are on the page", async || {
        let page: Value = reqwest::get(&url).await.ok()?.json().await.ok()?;
        (page["rating"]["count"] == 2).then(|| page["rating"].clone())
    })
    .await;
    assert_eq!(rating, json!({ "average": "4.50", "count": 2 }));
    running.stop().await;
}
