//! Cash that was taken at doors arrives at our bank, once, from whoever had it.

use contracts::cart::PaymentMethod;
use contracts::order::SellerOrderShipped;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::stage::{Stage, ask, delivered};

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_is_due_from_the_carrier_until_it_arrives_and_what_is_missing_is_a_loss(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask(PaymentMethod::Cod);
    stage.app.deliver(ask.clone()).await;
    let seller_order = delivered(&ask, 0).seller_order;
    stage
        .app
        .deliver(SellerOrderShipped { seller_order, carrier: "Blue Dart".into(), ..sample() })
        .await;
    for (nth, share) in ask.shares.iter().enumerate() {
        stage.app.deliver(delivered(&ask, nth)).await;
        let (vendor, order) = (share.vendor_id, share.seller_order_id);
        let path = format!("/v1/vendors/{vendor}/orders/{order}/cod-collected");
        let seller = stage.app.as_vendor(vendor);
        seller.send(reqwest::Method::POST, &path, None).await.expect(200);
    }
    let staff = stage.app.as_staff(&["payments.manage"]);
    let path = "/v1/admin/cod-remittances";
    let due = staff.get(path).await.expect(200);
    let (first, second) = (&ask.shares[0], &ask.shares[1]);
    let own = format!("seller:{}", second.vendor_id);
    let told = |party: &Value| (party["party"].clone(), party["due"]["amount"].clone());
    let parties: Vec<_> = due["parties"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(
        parties,
        [
            (json!("Blue Dart"), json!(first.gross.minor())),
            (json!(own), json!(second.gross.minor()))
        ]
    );

    let remit = |party: &str, order, received: i64| {
        json!({"party": party, "seller_orders": [order], "bank_reference": "HDFC00000001",
               "received": {"amount": received, "currency": "INR"}})
    };
    let gross = first.gross.minor();
    let slug = "payment/not-remittable";
    let too_much = remit("Blue Dart", first.seller_order_id, gross + 1);
    staff.post(path, &too_much).await.problem(409, slug);
    let elsewhere = remit("Blue Dart", second.seller_order_id, 1);
    staff.post(path, &elsewhere).await.problem(409, slug);
    let short = remit("Blue Dart", first.seller_order_id, gross - 100);
    for _ in 0..2 {
        let booked = staff.post(path, &short).await.expect(201);
        assert_eq!(booked["due"]["amount"], gross);
    }
    let mut small = short.clone();
    small["bank_reference"] = json!("hdfc00000001");
    let same = staff.post(path, &small).await.expect(201);
    assert_eq!(same["bank_reference"], "HDFC00000001", "one transfer, however it is written");
    let again = remit("Blue Dart", first.seller_order_id, gross);
    staff.post(path, &again).await.problem(409, slug);
    assert_eq!(stage.account("bank").await, gross - 100);
    assert_eq!(stage.account("cod_short").await, 100);
    assert_eq!(stage.account("cod_receivable").await, second.gross.minor());
    let due = staff.get(path).await.expect(200);
    assert_eq!(due["parties"].as_array().unwrap().len(), 1);

    // Two people report the same at once.
    let mut last = remit(&own, second.seller_order_id, second.gross.minor());
    last["bank_reference"] = json!("HDFC00000002");
    let people = [(); 4].map(|()| stage.app.as_staff(&["payments.manage"]));
    let reports = people.iter().map(|person| person.post(path, &last));
    let answers = futures::future::join_all(reports).await;
    let answers: Vec<Value> = answers.into_iter().map(|answer| answer.expect(201)).collect();
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(stage.account("cod_receivable").await, 0);
}
