//! Numbers of a period, and who may see them.

use chassis::auth::callers::may;
use contracts::order::{SellerOrderArrived, SellerOrderDelivered};
use contracts::product::ProductUpserted;
use kernel::{ParcelId, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::scene::{Scene, confirmed, delivered, lotus, peacock, scarf};

const NOVEMBER: &str = "from=2026-11-01&to=2026-11-30";

fn inr(minor: i64) -> Value {
    json!({ "amount": minor, "currency": "INR" })
}

async fn told(pool: PgPool) -> Scene {
    let scene = Scene::set(pool).await;
    scene.deliver_all(scene.story().concat()).await;
    scene
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn staff_see_what_the_mall_sold(pool: PgPool) {
    let scene = told(pool).await;
    let staff = scene.app.as_staff(&["look"]);
    let seen = staff.get(&format!("/v1/analytics/overview?{NOVEMBER}")).await.expect(200);

    assert_eq!((&seen["from"], &seen["to"]), (&json!("2026-11-01"), &json!("2026-11-30")));
    assert_eq!((&seen["orders"], &seen["units"]), (&json!(2), &json!(10)));
    assert_eq!(seen["gross"], inr(589_400));
    assert_eq!(seen["average_order"], inr(294_700));
    assert_eq!(seen["collected"], inr(329_600));
    assert_eq!(
        (&seen["cancelled"], &seen["rejected"], &seen["reviews"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(seen["funnel"], json!({ "carts": 2, "placed": 2, "confirmed": 2, "delivered": 1 }));
    assert_eq!(seen["by_day"].as_array().unwrap().len(), 30);
    assert_eq!(
        seen["by_day"][20],
        json!({ "day": "2026-11-21", "orders": 2, "gross": inr(589_400), "credited": inr(0), "net": inr(589_400) })
    );
    assert_eq!(
        seen["by_day"][19],
        json!({ "day": "2026-11-20", "orders": 0, "gross": inr(0), "credited": inr(0), "net": inr(0) })
    );
    assert_eq!(
        seen["by_seller"],
        json!([
            { "vendor_id": lotus(), "vendor_name": "Lotus Home", "orders": 2, "gross": inr(519_600),
              "credited": inr(129_900), "net": inr(389_700) },
            { "vendor_id": peacock(), "vendor_name": "Peacock", "orders": 2, "gross": inr(69_800),
              "credited": inr(0), "net": inr(69_800) },
        ])
    );
    let lamp = sample::<ProductUpserted>().product_id;
    assert_eq!(
        seen["top_products"],
        json!([
            { "product_id": scarf(), "title": "Silk scarf", "units": 6, "gross": inr(60_000) },
            { "product_id": lamp, "title": "Brass oil lamp", "units": 4, "gross": inr(519_600) },
        ])
    );
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn a_part_in_several_parcels_is_delivered_with_the_last(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let seller = scene.app.as_vendor(lotus());
    let path = format!("/v1/vendors/{}/analytics?from=2026-11-22&to=2026-11-22", lotus());
    let told = async || seller.get(&path).await.expect(200)["delivered"].clone();
    scene.app.deliver(confirmed("1")).await;
    let parcel_id = Some(ParcelId::new());
    let parcel = delivered("1", 0, "2026-11-21T10:00:00Z");
    scene.app.deliver(SellerOrderDelivered { parcel_id, ..parcel }).await;
    assert_eq!(told().await, 0);
    let SellerOrderDelivered { seller_order, .. } = delivered("1", 0, "2026-11-22T10:00:00Z");
    scene.app.deliver(SellerOrderArrived { seller_order, ..sample() }).await;
    assert_eq!(told().await, 1, "on the day of the last one");
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn a_seller_sees_its_own_sales_only(pool: PgPool) {
    let scene = told(pool).await;
    let seller = scene.app.as_vendor(peacock());
    let own = format!("/v1/vendors/{}/analytics", peacock());
    let seen = seller.get(&format!("{own}?{NOVEMBER}")).await.expect(200);
    assert_eq!(
        (&seen["orders"], &seen["units"], &seen["delivered"]),
        (&json!(2), &json!(6), &json!(2))
    );
    assert_eq!((&seen["gross"], &seen["commission"]), (&inr(69_800), &inr(6_000)));
    assert_eq!(seen["payable"], inr(62_000));
    assert_eq!(seen["by_day"][20]["gross"], inr(69_800));
    assert_eq!(seen["top_products"].as_array().unwrap().len(), 1);
    assert_eq!(seen["top_products"][0]["title"], "Silk scarf");

    for path in [
        format!("/v1/vendors/{}/analytics", lotus()),
        format!("/v1/vendors/{}/analytics", VendorId::new()),
    ] {
        seller.get(&path).await.problem(404, "not-found");
        seller.get(&format!("{path}/live")).await.problem(404, "not-found");
        scene.app.as_buyer().get(&path).await.problem(403, "forbidden");
        scene.app.anonymous().get(&path).await.problem(401, "unauthenticated");
        scene.app.anonymous().get(&format!("{path}/live")).await.problem(401, "unauthenticated");
    }
    for all in ["/v1/analytics/overview", "/v1/analytics/live"] {
        seller.get(all).await.problem(403, "forbidden");
    }
    for wider in [own.clone(), format!("{own}/live"), "/v1/analytics/overview".into()] {
        for query in [format!("vendor_id={}", lotus()), "vendor_id=".into(), "all=true".into()] {
            seller.get(&format!("{wider}?{query}")).await.problem(400, "unknown-field");
        }
    }
    for id in ["me", "7", "%00", "*", ""] {
        seller.get(&format!("/v1/vendors/{id}/analytics")).await.problem(404, "not-found");
    }
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn what_is_taken_back_counts_on_its_own_day_and_leaves_the_day_of_the_sale(pool: PgPool) {
    let scene = told(pool).await;
    let staff = scene.app.as_staff(&["look"]);
    let seen = staff.get(&format!("/v1/analytics/overview?{NOVEMBER}")).await.expect(200);
    assert_eq!((&seen["gross"], &seen["credited"]), (&inr(589_400), &inr(129_900)));
    assert_eq!((&seen["net"], &seen["refunded"]), (&inr(459_500), &inr(129_900)));
    assert_eq!(seen["by_day"][20]["gross"], inr(589_400), "the day of the sale is as it was");
    let day = &seen["by_day"][23];
    assert_eq!((&day["credited"], &day["net"]), (&inr(129_900), &inr(-129_900)));
    let cause = &seen["credits"][0];
    assert_eq!((&cause["day"], &cause["cause"]), (&json!("2026-11-24"), &json!("returned")));
    assert_eq!((&cause["credits"], &cause["credited"]), (&json!(1), &inr(129_900)));
    assert_eq!(seen["credits"].as_array().unwrap().len(), 1);

    let lamps = scene.app.as_vendor(lotus());
    let path = format!("/v1/vendors/{}/analytics?{NOVEMBER}", lotus());
    let seen = lamps.get(&path).await.expect(200);
    assert_eq!((&seen["credited"], &seen["net"]), (&inr(129_900), &inr(389_700)));
    let payable = seen["payable"]["amount"].as_i64().unwrap();
    assert_eq!(seen["net_payable"], inr(payable - 113_911));
    let scarves = scene.app.as_vendor(peacock());
    let path = format!("/v1/vendors/{}/analytics?{NOVEMBER}", peacock());
    assert_eq!(scarves.get(&path).await.expect(200)["credited"], inr(0));

    // A day on which nothing was sold: no more than nothing came in, and no seller is among those who sold.
    let day = "/v1/analytics/overview?from=2026-11-24&to=2026-11-24";
    let seen = staff.get(day).await.expect(200);
    assert_eq!((&seen["net"], &seen["by_seller"]), (&inr(-129_900), &json!([])));
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn the_overview_is_for_staff_who_may_look(pool: PgPool) {
    let scene = Scene::set(pool).await;
    for path in ["/v1/analytics/overview", "/v1/analytics/live"] {
        scene.app.anonymous().get(path).await.problem(401, "unauthenticated");
        scene.app.as_buyer().get(path).await.problem(403, "forbidden");
        scene.app.as_vendor(lotus()).get(path).await.problem(403, "forbidden");
        scene.app.as_staff(&["mail.manage"]).get(path).await.problem(403, "forbidden");
        let wider = format!("{path}?vendor_id={}", lotus());
        scene.app.as_staff(may::ALL).get(&wider).await.problem(400, "unknown-field");
    }
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn a_period_that_cannot_be_is_refused_and_named(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let staff = scene.app.as_staff(may::ALL);
    for (query, pointer) in [
        ("from=2026-11-02&to=2026-11-01", "from"),
        ("from=2025-11-22&to=2026-11-23", "from"),
        ("from=2027-01-01", "from"),
        ("from=soon", "from"),
        ("to=2026-13-01", "to"),
        ("to=-009999-01-01", "to"),
        ("to=9999-12-31", "to"),
        ("to=99999999999-01-01", "to"),
        ("from=%00", "from"),
        ("from=-1", "from"),
        ("from=2026-02-30", "from"),
        ("from=2026-11-01&from=2026-11-02", "from"),
    ] {
        let refused = staff.get(&format!("/v1/analytics/overview?{query}")).await;
        let problem = refused.problem(422, "validation-error");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}: {problem}");
    }
    for no_day in ["soon", "-1", "2026-13-01", "2026-11-01T00:00:00Z"] {
        let refused = staff.get(&format!("/v1/analytics/overview?to={no_day}")).await;
        let why = &refused.problem(422, "validation-error")["errors"][0]["detail"];
        assert_eq!(why, "must be a day, such as 2026-11-30", "{no_day}");
    }
    let usual = staff.get("/v1/analytics/overview").await.expect(200);
    assert_eq!((&usual["from"], &usual["to"]), (&json!("2026-10-24"), &json!("2026-11-22")));
    assert_eq!((&usual["orders"], &usual["average_order"]), (&json!(0), &inr(0)));
}
