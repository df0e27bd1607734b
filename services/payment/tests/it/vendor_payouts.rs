//! A seller looks at what it was paid.

use contracts::vendor::VendorStatus;
use kernel::VendorId;
use serde_json::json;
use sqlx::PgPool;

use crate::payouts::sale;
use crate::stage::Stage;

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_seller_sees_what_it_was_paid_and_what_was_booked_for_it(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    stage.sold(&sale(vendor)).await;
    stage.run_now().await;
    let first = stage.payouts().await.remove(0);
    let returned = stage.settle(&first["provider_payout_id"], "returned").await;
    stage.tell_payout("payout.reversed", &returned).await;
    stage.advance(86_400);
    stage.run_now().await;

    let seller = stage.app.as_vendor(vendor);
    let path = format!("/v1/vendors/{vendor}/payouts");
    let list = async |query: &str| {
        let page = seller.get(&format!("{path}{query}")).await.expect(200);
        let items = page["items"].as_array().unwrap().clone();
        items.into_iter().map(|payout| payout["state"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(list("").await, ["paid", "returned"]);
    assert_eq!(list("?state=returned").await, ["returned"]);
    assert_eq!(list("?from=2026-11-23").await, ["paid"]);
    assert_eq!(list("?to=2026-11-22").await, ["returned"]);
    let page = seller.get(&format!("{path}?limit=1")).await.expect(200);
    let next = format!("?limit=1&after={}", page["next"].as_str().unwrap());
    assert_eq!(list(&next).await, ["returned"]);

    let id = first["payout_id"].as_str().unwrap();
    let one = seller.get(&format!("{path}/{id}")).await.expect(200);
    assert_eq!(
        (&one["state"], &one["reason"]),
        (&json!("returned"), &json!("beneficiary_account_closed"))
    );
    let booked = one["postings"].as_array().unwrap().iter();
    let booked: Vec<_> = booked.map(|line| (&line["cause"], &line["amount"]["amount"])).collect();
    let causes = [json!(format!("payout_back:{id}")), json!(format!("payout:{id}"))];
    assert_eq!(booked, [(&causes[0], &json!(227_823)), (&causes[1], &json!(-227_823))]);

    let other = VendorId::new();
    let theirs = format!("/v1/vendors/{other}/payouts/{id}");
    stage.app.as_vendor(other).get(&theirs).await.problem(404, "not-found");
    stage.app.as_vendor(other).get(&path).await.problem(404, "not-found");
}
