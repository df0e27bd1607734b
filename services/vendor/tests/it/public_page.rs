//! The page that everybody sees.

use contracts::admin::Decision;
use contracts::rating::{RatingSummary, Subject};
use kernel::ProductId;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::scene::{PDF, Scene, application};

async fn page(scene: &Scene) -> Value {
    scene.app.anonymous().get(&scene.path("")).await.expect(200)
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn only_who_may_sell_has_a_page_and_nothing_private_stands_on_it(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let anonymous = scene.app.anonymous();
    anonymous.get(&scene.path("")).await.problem(404, "not-found");

    scene.decide(Decision::Approve).await;

    let shown = page(&scene).await;
    assert_eq!(shown["display_name"], "Lotus Home");
    assert_eq!(shown["legal_name"], "Lotus Home Retail Private Limited");
    assert_eq!((shown["city"].as_str(), shown["state"].as_str()), (Some("Mumbai"), Some("27")));
    assert_eq!(shown["address"]["line1"], "4 Linking Road");
    assert_eq!(shown["rating"], json!({ "average": "0.00", "count": 0 }));
    assert_eq!(shown["since"], "2026-11-22T12:00:00Z");
    let members: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        members,
        [
            "address",
            "city",
            "display_name",
            "gstin",
            "legal_name",
            "rating",
            "since",
            "state",
            "vendor_id"
        ]
    );
    let text = shown.to_string();
    for secret in ["AAPFU", "8901", "HDFC", &scene.owner.to_string(), "1000"] {
        assert!(!text.contains(secret), "{secret} is shown: {text}");
    }
    scene.decide(Decision::Suspend).await;
    anonymous.get(&scene.path("")).await.problem(404, "not-found");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn the_page_shows_the_newest_stars_that_were_heard(pool: PgPool) {
    let scene = Scene::approved(pool).await;
    let subject = Subject::Vendor(scene.vendor_id);
    let stars = |sum, count| RatingSummary { subject, sum, count, histogram: [0; 5] };
    let older = scene.app.record(&stars(5, 1));
    let before = scene.app.anonymous().get(&scene.path("")).await;

    scene.app.deliver(stars(9, 2)).await;
    scene.app.deliver_record(older).await;
    let product = Subject::Product(ProductId::new());
    scene.app.deliver(RatingSummary { subject: product, ..stars(1, 1) }).await;

    assert_eq!(page(&scene).await["rating"], json!({ "average": "4.50", "count": 2 }));
    let after = scene.app.anonymous().get(&scene.path("")).await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn the_page_of_a_registered_seller_shows_its_number(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    for kind in ["pan", "gst_certificate", "bank_proof"] {
        scene.hand_in(kind, PDF).await;
    }
    scene.submit().await.expect(200);
    scene.decide(Decision::Approve).await;
    assert_eq!(page(&scene).await["gstin"], crate::scene::GSTIN);
}
