//! When the time to send it back is over, the seller's money is free.

use contracts::cart::PaymentMethod;
use contracts::order::SellerOrderCompleted;
use contracts::payment::{CodAccepted, CodCollected, CreatePayment};
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
async fn cash_that_nobody_reports_is_shown_and_counts_as_taken_in_the_end(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask(PaymentMethod::Cod);
    stage.app.deliver(ask.clone()).await;
    assert_eq!(stage.app.emitted::<CodAccepted>().await.len(), 1);
    let (share, other) = (&ask.shares[0], &ask.shares[1]);
    stage.app.deliver(delivered(&ask, 0)).await;
    let staff = stage.app.as_staff(&["payments.manage"]);
    let cash = async || staff.get("/v1/admin/cod-remittances").await.expect(200);
    let seen = cash().await;
    let unreported = &seen["unreported"][0];
    let party = format!("seller:{}", share.vendor_id);
    assert_eq!((&seen["unreported_count"], &seen["parties"]), (&json!(1), &json!([])));
    assert_eq!(
        (&unreported["party"], &unreported["amount"]["amount"], &unreported["seller_order_id"]),
        (&json!(party), &json!(share.gross.minor()), &json!(share.seller_order_id))
    );
    assert_eq!(balance(&stage, &ask, 0).await, (json!(0), json!(0)), "nothing came");

    for _ in 0..2 {
        stage.app.deliver(completed(&ask, 0)).await;
    }
    let taken = stage.app.emitted::<CodCollected>().await;
    assert_eq!((taken.len(), taken[0].collected), (1, share.gross));
    assert_eq!(balance(&stage, &ask, 0).await, (json!(0), json!(share.payable.minor())));
    let seen = cash().await;
    assert_eq!((&seen["unreported_count"], &seen["unreported"]), (&json!(0), &json!([])));
    assert_eq!(seen["parties"][0]["due"]["amount"], share.gross.minor());
    assert_eq!(stage.account("cod_receivable").await, share.gross.minor());

    // Reported after all, it is as before.
    let (vendor, order) = (share.vendor_id, share.seller_order_id);
    let path = format!("/v1/vendors/{vendor}/orders/{order}/cod-collected");
    let seller = stage.app.as_vendor(vendor);
    let late = seller.send(reqwest::Method::POST, &path, None).await.expect(200);
    assert_eq!(late["collected"]["amount"], share.gross.minor());
    assert_eq!(stage.account("cod_receivable").await, share.gross.minor());

    // What an older build completed is found within a minute.
    let older = "update shares set completed_at = created_at where seller_order_id = $1";
    sqlx::query(older).bind(other.seller_order_id.as_uuid()).execute(&stage.pool).await.unwrap();
    stage.advance(60);
    stage.app.run_timers().await;
    assert_eq!(stage.app.emitted::<CodCollected>().await[0].collected, other.gross);
    assert_eq!(stage.status(&ask).await, "cod_collected");
    assert_eq!(balance(&stage, &ask, 1).await, (json!(0), json!(other.payable.minor())));
}
