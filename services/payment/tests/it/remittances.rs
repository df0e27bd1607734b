//! Cash that was taken at doors arrives at our bank, once, from whoever had it.

use contracts::cart::PaymentMethod;
use contracts::order::SellerOrderShipped;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::four_eyes::two;
use crate::stage::{Stage, ask, delivered};

pub const PATH: &str = "/v1/admin/cod-remittances";

fn detail(problem: &Value) -> &str {
    problem["detail"].as_str().unwrap()
}

/// The carrier has the cash of the first part, and this is how much. What of it arrived is reported so.
pub async fn taken(stage: &Stage) -> (i64, impl Fn(i64, &str) -> Value) {
    let ask = ask(PaymentMethod::Cod);
    stage.app.deliver(ask.clone()).await;
    let seller_order = delivered(&ask, 0).seller_order;
    let carrier = "Blue Dart".to_owned();
    stage.app.deliver(SellerOrderShipped { seller_order, carrier, ..sample() }).await;
    stage.app.deliver(delivered(&ask, 0)).await;
    let share = ask.shares[0];
    let (vendor, order) = (share.vendor_id, share.seller_order_id);
    let path = format!("/v1/vendors/{vendor}/orders/{order}/cod-collected");
    stage.app.as_vendor(vendor).send(reqwest::Method::POST, &path, None).await.expect(200);
    let report = move |received: i64, reference: &str| {
        json!({"party": "Blue Dart", "seller_orders": [order], "bank_reference": reference,
               "received": {"amount": received, "currency": "INR"}, "reason": "They say it was stolen."})
    };
    (share.gross.minor(), report)
}

pub fn act(remittance: &Value, act: &str) -> String {
    format!("{PATH}/{}/{act}", remittance["remittance_id"].as_str().unwrap())
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_missing_is_lost_when_a_second_person_agrees(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (due, report) = taken(&stage).await;
    let (one, other) = two(&stage);
    let mut why_not = report(0, "BDREF0009");
    why_not.as_object_mut().unwrap().remove("reason");
    one.post(PATH, &why_not).await.problem(422, "payment/reason-required");

    let nothing = report(0, "BDREF0009");
    let proposed = one.post(PATH, &nothing).await.expect(202);
    assert_eq!(proposed["status"], "proposed");
    assert_eq!(other.post(PATH, &nothing).await.expect(202), proposed, "said again");
    let seen = other.get(PATH).await.expect(200);
    assert_eq!(seen["proposed"], json!([proposed]));
    assert_eq!(seen["parties"][0]["due"]["amount"], due, "it is due meanwhile");
    assert_eq!(stage.account("cod_short").await, 0);
    one.post(&act(&proposed, "approve"), &json!({})).await.problem(403, "payment/own-approval");
    let declined = one.post(&act(&proposed, "decline"), &json!({})).await.expect(200);
    assert_eq!(declined["status"], "declined");
    other
        .post(&act(&proposed, "approve"), &json!({}))
        .await
        .problem(409, "payment/nothing-to-approve");
    assert_eq!(stage.account("cod_receivable").await, due, "it stays due");

    let short = report(due - 100, "BDREF0009");
    let proposed = one.post(PATH, &short).await.expect(202);
    for _ in 0..2 {
        let booked = other.post(&act(&proposed, "approve"), &json!({})).await.expect(200);
        assert_eq!(booked["status"], "booked");
    }
    assert_eq!(
        one.post(PATH, &short).await.expect(201)["remittance_id"],
        proposed["remittance_id"]
    );
    let [bank, lost] = ["bank", "cod_short"].map(|code| stage.account(code));
    assert_eq!((bank.await, lost.await), (due - 100, 100));
    assert_eq!(stage.account("cod_receivable").await, 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_proposed_is_not_booked_when_the_cash_arrived_meanwhile(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (due, report) = taken(&stage).await;
    let (one, other) = two(&stage);
    let proposed = one.post(PATH, &report(due - 1, "BDREF0001")).await.expect(202);
    one.post(PATH, &report(due, "BDREF0002")).await.expect(201);
    let late = other.post(&act(&proposed, "approve"), &json!({})).await;
    late.problem(409, "payment/not-remittable");
    assert_eq!(stage.account("bank").await, due);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn more_than_was_taken_is_booked_and_much_more_by_two(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (due, report) = taken(&stage).await;
    let (one, other) = two(&stage);
    let much = report(due + 1_000_001, "BDREF0001");
    let proposed = one.post(PATH, &much).await.expect(202);
    other.post(&act(&proposed, "decline"), &json!({})).await.expect(200);
    one.post(PATH, &report(due + 1, "BDREF0001")).await.expect(201);
    assert_eq!(stage.account("bank").await, due + 1);
    assert_eq!((stage.account("cod_short").await, stage.account("cod_receivable").await), (-1, 0));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_carrier_is_one_party_however_its_name_is_spelled(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask(PaymentMethod::Cod);
    stage.app.deliver(ask.clone()).await;
    for (nth, carrier) in ["India Post", " INDIA  post "].into_iter().enumerate() {
        let (seller_order, carrier) = (delivered(&ask, nth).seller_order, carrier.to_owned());
        stage.app.deliver(SellerOrderShipped { seller_order, carrier, ..sample() }).await;
        stage.app.deliver(delivered(&ask, nth)).await;
        let share = &ask.shares[nth];
        let path = format!(
            "/v1/vendors/{}/orders/{}/cod-collected",
            share.vendor_id, share.seller_order_id
        );
        stage
            .app
            .as_vendor(share.vendor_id)
            .send(reqwest::Method::POST, &path, None)
            .await
            .expect(200);
    }

    let staff = stage.app.as_staff(&["payments.manage"]);
    let due = staff.get("/v1/admin/cod-remittances").await.expect(200);

    let parties = due["parties"].as_array().unwrap();
    assert_eq!(parties.len(), 1, "{due}");
    assert_eq!(parties[0]["party"], "India Post");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_is_due_from_the_carrier_until_it_arrives(pool: PgPool) {
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
    let elsewhere = remit("Blue Dart", second.seller_order_id, 1);
    let answer = staff.post(path, &elsewhere).await.problem(409, slug);
    assert!(detail(&answer).contains("not due from this party"), "{answer}");
    let exact = remit("Blue Dart", first.seller_order_id, gross);
    for _ in 0..2 {
        let booked = staff.post(path, &exact).await.expect(201);
        assert_eq!(
            (&booked["due"]["amount"], &booked["status"]),
            (&json!(gross), &json!("booked"))
        );
    }
    let mut small = exact.clone();
    small["bank_reference"] = json!("hdfc00000001");
    let same = staff.post(path, &small).await.expect(201);
    assert_eq!(same["bank_reference"], "HDFC00000001", "one transfer, however it is written");
    let again = remit("Blue Dart", first.seller_order_id, gross - 1);
    let answer = staff.post(path, &again).await.problem(409, slug);
    assert!(detail(&answer).contains("under this number"), "{answer}");
    assert_eq!(stage.account("bank").await, gross);
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
