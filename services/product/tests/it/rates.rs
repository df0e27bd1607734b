//! On the day that a rate of tax ends, nothing is sold with it any more.

use contracts::admin::Decision;
use contracts::product::{ProductStatus, ProductUpserted, StockRejected, StockReserved, Trouble};
use jiff::SignedDuration;
use serde_json::json;
use sqlx::PgPool;

use crate::stage::{Checkout, Mall, Seller, forget, lamp, moderated, open};

/// It is noon of 22 November in UTC; a rate that ends that day is over at half past six in the evening.
async fn end_eighteen_percent(mall: &Mall) {
    let end = sqlx::query("update gst_rates set valid_to = '2026-11-22' where rate_bp = 1800");
    end.execute(mall.db().pool()).await.expect("a rate can be ended");
}

const UNTIL_MIDNIGHT_IN_INDIA: SignedDuration = SignedDuration::from_mins(6 * 60 + 30);

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_line_whose_rate_has_ended_cannot_be_sold_whoever_comes_first(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    seller.sells(&mall, &["LAMP"], 5).await;
    end_eighteen_percent(&mall).await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1)]).reserve()).await;
    assert_eq!(mall.emitted::<StockReserved>().await.len(), 1);

    mall.clock.advance(UNTIL_MIDNIGHT_IN_INDIA);
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1)]).reserve()).await;
    let rejected = mall.emitted::<StockRejected>().await.remove(0);
    assert_eq!(rejected.problems[0].trouble, Trouble::NotSellable);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn what_bears_a_rate_that_has_ended_leaves_the_shelf_until_it_bears_another(pool: PgPool) {
    let mall = open(pool).await;
    let mut seller = Seller::approved(&mall).await;
    let id = seller.sells(&mall, &["LAMP"], 5).await;
    let mut cheap = lamp(&["BOOK"]);
    cheap["gst_rate_bp"] = json!(500);
    let other = seller.draft(cheap).await;
    seller.propose(other).await;
    moderated(&mall, other, Decision::Approve).await;
    forget(&mall).await;
    end_eighteen_percent(&mall).await;
    assert_eq!(mall.run_timers().await, 0);

    mall.clock.advance(UNTIL_MIDNIGHT_IN_INDIA);
    assert_eq!(mall.run_timers().await, 1);
    assert_eq!(mall.run_timers().await, 0);
    let said = mall.emitted::<ProductUpserted>().await;
    let [off] = &said[..] else { panic!("{said:?}") };
    assert_eq!((off.product_id, off.status), (id, ProductStatus::Rejected));

    // Another token: the one of noon is over.
    seller.client = mall.as_vendor(seller.id);
    let path = seller.path(&format!("/products/{id}"));
    let seen = seller.client.get(&path).await.expect(200);
    assert!(seen["reason"].as_str().unwrap().contains("rate of GST"), "{seen}");
    let proposed = seller.client.post(&format!("{path}/propose"), json!({})).await;
    let refused = proposed.problem(422, "validation-error");
    assert_eq!(refused["errors"][0]["pointer"], "/gst_rate_bp", "{refused}");

    let _ = seller.client.patch(&path, json!({ "gst_rate_bp": 4000 })).await.expect(200);
    seller.propose(id).await;
    moderated(&mall, id, Decision::Approve).await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1)]).reserve()).await;
    assert_eq!(mall.emitted::<StockReserved>().await.len(), 1);
}
