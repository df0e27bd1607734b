//! When the time to send it back is over, the seller's money is free.

use contracts::cart::PaymentMethod;
use contracts::order::SellerOrderCompleted;
use contracts::payment::{CodAccepted, CreatePayment};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::stage::{Stage, ask, delivered};

fn completed(ask: &CreatePayment, nth: usize) -> SellerOrderCompleted {
    SellerOrderCompleted { seller_order: delivered(ask, nth).seller_order }
}

async fn balance(stage: &Stage, ask: &CreatePayment, nth: usize) -> (Value, Value) {
    let vendor = ask.shares[nth].vendor_id;
    let seen = stage.app.as_vendor(vendor).get(&format!("/v1/vendors/{vendor}/balance")).await;
    let seen = seen.expect(200);
    (seen["pending"]["amount"].clone(), seen["available"]["amount"].clone())
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_the_buyer_keeps_is_its_sellers_to_have_once_and_no_others(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    let (owed, other) = (ask.shares[0].payable.minor(), ask.shares[1].payable.minor());
    assert_eq!(balance(&stage, &ask, 0).await, (json!(owed), json!(0)));
    stage.app.deliver(completed(&ask, 0)).await;
    stage.app.deliver(completed(&ask, 0)).await;
    assert_eq!(balance(&stage, &ask, 0).await, (json!(0), json!(owed)));
    assert_eq!(balance(&stage, &ask, 1).await, (json!(other), json!(0)));

    let vendor = ask.shares[0].vendor_id;
    let path = format!("/v1/vendors/{vendor}/ledger");
    let page = stage.app.as_vendor(vendor).get(&path).await.expect(200);
    let causes: Vec<_> = page["items"].as_array().unwrap().iter().map(|l| &l["cause"]).collect();
    let release = json!(format!("release:{}", ask.shares[0].seller_order_id));
    assert_eq!(causes[..2], [&release, &release]);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_that_is_reported_late_is_free_when_it_comes(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask(PaymentMethod::Cod);
    stage.app.deliver(ask.clone()).await;
    assert_eq!(stage.app.emitted::<CodAccepted>().await.len(), 1);
    stage.app.deliver(delivered(&ask, 0)).await;
    stage.app.deliver(completed(&ask, 0)).await;
    assert_eq!(balance(&stage, &ask, 0).await, (json!(0), json!(0)), "nothing came");

    let share = &ask.shares[0];
    let (vendor, order) = (share.vendor_id, share.seller_order_id);
    let path = format!("/v1/vendors/{vendor}/orders/{order}/cod-collected");
    let seller = stage.app.as_vendor(vendor);
    for _ in 0..2 {
        let _ = seller.send(reqwest::Method::POST, &path, None).await.expect(200);
    }
    assert_eq!(balance(&stage, &ask, 0).await, (json!(0), json!(share.payable.minor())));
}
