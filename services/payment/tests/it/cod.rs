//! Cash at the door.

use contracts::cart::PaymentMethod;
use contracts::payment::{CancelPayment, CodCollected, CreatePayment};
use kernel::VendorId;
use serde_json::json;
use sqlx::PgPool;
use testkit::Answer;

use crate::four_eyes::ask_cod;
use crate::stage::{Stage, ask, delivered};

async fn collect_as(stage: &Stage, vendor: VendorId, ask: &CreatePayment, nth: usize) -> Answer {
    let order = ask.shares[nth].seller_order_id;
    let path = format!("/v1/vendors/{vendor}/orders/{order}/cod-collected");
    stage.app.as_vendor(vendor).send(reqwest::Method::POST, &path, None).await
}

async fn collect(stage: &Stage, ask: &CreatePayment, nth: usize) -> Answer {
    collect_as(stage, ask.shares[nth].vendor_id, ask, nth).await
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn each_seller_collects_its_own_and_the_last_one_ends_it(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask_cod(&stage).await;
    collect(&stage, &ask, 0).await.problem(409, "payment/not-delivered");
    assert_eq!(stage.account("cod_receivable").await, 0);

    stage.app.deliver(delivered(&ask, 0)).await;
    let first = collect(&stage, &ask, 0).await.expect(200);
    assert_eq!(first["collected"], json!({"amount": 107_869, "currency": "INR"}));
    assert_eq!(first["status"], "cod_accepted");
    stage.advance(60);
    assert_eq!(collect(&stage, &ask, 0).await.expect(200), first, "asking again changes nothing");
    let emitted = stage.app.emitted::<CodCollected>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!(emitted[0].seller_order_id, ask.shares[0].seller_order_id);
    assert_eq!(emitted[0].collected.minor(), 107_869);
    assert_eq!(stage.account("cod_receivable").await, 107_869);
    assert_eq!(stage.account("vendor_payable_pending").await, -94_925);

    stage.app.deliver(delivered(&ask, 1)).await;
    assert_eq!(collect(&stage, &ask, 1).await.expect(200)["status"], "cod_collected");
    assert_eq!(stage.app.emitted::<CodCollected>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "cod_collected");
    assert_eq!(stage.account("cod_receivable").await, 235_600);
    assert_eq!(stage.account("psp_clearing").await, 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_delivery_may_be_heard_before_the_payment(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask(PaymentMethod::Cod);
    stage.app.deliver(delivered(&ask, 0)).await;
    stage.app.deliver(ask.clone()).await;
    collect(&stage, &ask, 0).await.expect(200);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_collects_for_another_seller(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask_cod(&stage).await;
    stage.app.deliver(delivered(&ask, 0)).await;
    let other = ask.shares[1].vendor_id;
    collect_as(&stage, other, &ask, 0).await.problem(404, "not-found");
    collect_as(&stage, VendorId::new(), &ask, 0).await.problem(404, "not-found");
    assert_eq!(stage.account("cod_receivable").await, 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn no_cash_is_due_for_what_is_paid_or_void(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (paid, _) = stage.captured().await;
    stage.app.deliver(delivered(&paid, 0)).await;
    collect(&stage, &paid, 0).await.problem(409, "payment/not-cod");

    let void = ask_cod(&stage).await;
    stage.app.deliver(delivered(&void, 0)).await;
    let (payment_id, checkout_id) = (void.payment_id, void.checkout_id);
    stage.app.deliver(CancelPayment { payment_id, checkout_id }).await;
    collect(&stage, &void, 0).await.problem(409, "payment/not-cod");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn many_taps_at_once_book_once(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask_cod(&stage).await;
    stage.app.deliver(delivered(&ask, 0)).await;
    let taps = (0..5).map(|_| collect(&stage, &ask, 0));
    for answer in futures::future::join_all(taps).await {
        answer.expect(200);
    }
    assert_eq!(stage.app.emitted::<CodCollected>().await.len(), 1);
    assert_eq!(stage.account("cod_receivable").await, 107_869);
}
