//! Orders, numbers, health.

use admin::{App, Config};
use contracts::email::EmailBounced;
use contracts::ops::{DeadLettered, Redriven};
use contracts::order::{
    CreditCause, OrderCancelled, OrderConfirmed, OrderPlaced, ReturnChanged, ReturnState,
    SellerOrderArrived, SellerOrderCompleted, SellerOrderCredited, SellerOrderDelivered,
    SellerOrderPacked, SellerOrderShipped,
};
use contracts::payment::{
    DisputeBearer, DisputeChanged, DisputeState, ForeignRefundSeen, PaymentCaptured,
    PaymentMismatch, PayoutChanged, PayoutState, RefundDone, RefundFailed,
};
use contracts::user::AccountUpdated;
use jiff::SignedDuration;
use kernel::ParcelId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{TestApp, sample, servers};

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn an_order_is_found_by_number_with_its_parts_as_far_as_they_are(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    app.deliver(sample::<OrderConfirmed>()).await;
    app.deliver(sample::<SellerOrderArrived>()).await;
    app.deliver(sample::<SellerOrderShipped>()).await;
    app.deliver(sample::<OrderPlaced>()).await;
    let staff = app.as_staff(&["look"]);

    let page = staff.get("/v1/admin/orders?number=M261122-000001").await.expect(200);

    let order = &page["items"][0];
    assert_eq!(order["status"], "confirmed", "an order placed that is heard late changes nothing");
    assert_eq!(order["total"], json!({ "amount": 259_800, "currency": "INR" }));
    assert_eq!(order["seller_orders"][0]["status"], "delivered");
    let of_part = staff.get("/v1/admin/orders?number=M261122-000001-1").await.expect(200);
    assert_eq!(of_part["items"], page["items"]);
    assert_eq!(staff.get("/v1/admin/orders?number=M0").await.expect(200)["items"], json!([]));
    assert_eq!(
        staff.get("/v1/admin/orders?status=cancelled").await.expect(200)["items"],
        json!([])
    );
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn an_unpaid_order_is_found_by_the_word_that_it_says_itself(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    app.deliver(sample::<OrderPlaced>()).await;
    let staff = app.as_staff(&["look"]);
    for word in
        ["placed", "reserving", "reserved", "awaiting_payment", "awaiting_cod_ok", "cancel_pending"]
    {
        let page = staff.get(&format!("/v1/admin/orders?status={word}")).await.expect(200);
        assert_eq!(page["items"][0]["status"], "placed", "{word}");
    }
    staff.get("/v1/admin/orders?status=waiting").await.problem(422, "validation-error");
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn a_part_is_delivered_when_its_last_parcel_is(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let parcel_id = Some(ParcelId::new());
    app.deliver(sample::<OrderConfirmed>()).await;
    app.deliver(sample::<SellerOrderPacked>()).await;
    app.deliver(SellerOrderShipped { parcel_id, ..sample() }).await;
    assert_eq!(status(&app).await, "packed", "some of it is still to be sent");
    app.deliver(SellerOrderShipped { parcel_id, to_follow: Vec::new(), ..sample() }).await;
    app.deliver(SellerOrderDelivered { parcel_id, ..sample() }).await;
    assert_eq!(status(&app).await, "shipped", "another parcel is on its way");
    app.deliver(sample::<SellerOrderArrived>()).await;
    assert_eq!(status(&app).await, "delivered");
}

/// Where the first part of the sampled order stands.
async fn status(app: &TestApp<App>) -> Value {
    let path = "/v1/admin/orders?number=M261122-000001";
    let page = app.as_staff(&["look"]).get(path).await.expect(200);
    page["items"][0]["seller_orders"][0]["status"].clone()
}

async fn board(app: &TestApp<App>) -> Value {
    app.as_staff(&["look"]).get("/v1/admin/dashboard").await.expect(200)
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn the_dashboard_counts_what_there_is_and_what_waits(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    app.deliver(sample::<OrderConfirmed>()).await;
    app.deliver(sample::<OrderConfirmed>()).await;
    app.deliver(sample::<AccountUpdated>()).await;
    app.deliver(sample::<EmailBounced>()).await;
    app.deliver(sample::<PaymentMismatch>()).await;
    app.deliver(sample::<DeadLettered>()).await;

    let before = board(&app).await;

    assert_eq!(before["orders_total"], 1);
    assert_eq!(
        (&before["users"], &before["bounced_mails"], &before["payments_in_review"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(before["open"]["dead_letters"], 1);
    app.deliver(sample::<Redriven>()).await;
    app.deliver(sample::<DeadLettered>()).await;
    assert_eq!(board(&app).await["open"]["dead_letters"], 0);
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn a_refund_that_needs_a_person_waits_until_it_is_made(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let waiting = async || board(&app).await["refunds_by_hand"].clone();
    app.deliver(RefundFailed { needs_a_person: false, ..sample() }).await;
    assert_eq!(waiting().await, 0, "it is tried again");
    let failed = RefundFailed { needs_a_person: true, ..sample() };
    app.deliver(failed.clone()).await;
    app.deliver(failed.clone()).await;
    assert_eq!(waiting().await, 1);
    app.deliver(sample::<RefundDone>()).await;
    app.deliver(failed).await;
    assert_eq!(waiting().await, 0, "what is made stays made");
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn a_contested_return_waits_until_it_is_decided(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let waiting = async || board(&app).await["returns_contested"].clone();
    let moved = |state, second| {
        let mut event = ReturnChanged { state, ..sample() };
        event.seller_order.at += SignedDuration::from_secs(second);
        event
    };
    app.deliver(moved(ReturnState::Refused, 1)).await;
    assert_eq!(waiting().await, 0);
    app.deliver(moved(ReturnState::Contested, 2)).await;
    assert_eq!(waiting().await, 1);
    app.deliver(moved(ReturnState::Approved, 3)).await;
    app.deliver(moved(ReturnState::Contested, 2)).await;
    assert_eq!(waiting().await, 0, "what was decided stays so when it is heard again");
    app.deliver(moved(ReturnState::Contested, 4)).await;
    assert_eq!(waiting().await, 1, "now it is about what came");
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn a_payout_waits_until_somebody_lets_it_go_or_holds_it(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let waiting = async || board(&app).await["payouts_waiting"].clone();
    let moved = |state, second| {
        let mut event = PayoutChanged { state, ..sample() };
        event.at += SignedDuration::from_secs(second);
        event
    };
    app.deliver(moved(PayoutState::Waiting, 1)).await;
    assert_eq!(waiting().await, 1);
    app.deliver(moved(PayoutState::Held, 2)).await;
    app.deliver(moved(PayoutState::Waiting, 1)).await;
    assert_eq!(waiting().await, 0, "what was decided stays so when it is heard again");
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn wrong_money_foreign_refunds_and_disputes_wait_until_they_are_decided(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let waiting = async || {
        let board = board(&app).await;
        let counts = ["payments_in_review", "foreign_refunds", "disputes"];
        counts.map(|count| board[count].as_i64().unwrap())
    };
    let mismatch = sample::<PaymentMismatch>();
    app.deliver(mismatch.clone()).await;
    let foreign = sample::<ForeignRefundSeen>();
    app.deliver(foreign.clone()).await;
    let dispute = |state, bearer| DisputeChanged { state, bearer, ..sample() };
    app.deliver(dispute(DisputeState::Open, None)).await;
    assert_eq!(waiting().await, [1, 1, 1]);

    app.deliver(PaymentCaptured { payment: mismatch.payment, ..sample() }).await;
    app.deliver(RefundDone { refund: foreign.refund, ..sample() }).await;
    app.deliver(dispute(DisputeState::Lost, None)).await;
    assert_eq!(waiting().await, [0, 0, 1], "somebody has to say who bears it");
    app.deliver(dispute(DisputeState::Lost, Some(DisputeBearer::Platform))).await;
    assert_eq!(waiting().await, [0, 0, 0]);
}

/// The buyer's bank took the money of what was sent back.
fn settled() -> SellerOrderCredited {
    SellerOrderCredited { cause: CreditCause::Disputed, ended: true, lines: Vec::new(), ..sample() }
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn a_part_stands_where_its_order_says(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    app.deliver(sample::<OrderConfirmed>()).await;
    app.deliver(SellerOrderCredited { ended: false, ..sample() }).await;
    assert_eq!(status(&app).await, "confirmed");
    app.deliver(sample::<SellerOrderArrived>()).await;
    // What a bank paid back stays with its buyer, and is completed in its time.
    app.deliver(settled()).await;
    assert_eq!(status(&app).await, "delivered");
    app.deliver(sample::<SellerOrderCompleted>()).await;
    assert_eq!(status(&app).await, "completed");
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn what_a_bank_paid_back_on_its_way_is_lost(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    app.deliver(sample::<OrderConfirmed>()).await;
    app.deliver(sample::<SellerOrderShipped>()).await;
    app.deliver(settled()).await;
    assert_eq!(status(&app).await, "lost");
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn the_parts_of_an_order_that_is_cancelled_end_with_it(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let placed = sample::<OrderPlaced>();
    let order_id = placed.order.order_id;
    app.deliver(placed).await;
    assert_eq!(status(&app).await, "pending");
    app.deliver(OrderCancelled { order_id, ..sample() }).await;
    assert_eq!(status(&app).await, "cancelled");
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn health_names_who_does_not_answer(pool: PgPool) {
    let nobody = format!("http://127.0.0.1:{}", servers::free_port());
    let config = Config { services: format!("order={nobody}, user={nobody}") };
    let app = TestApp::<App>::start(pool, config).await;
    let health = app.as_staff(&["look"]).get("/v1/admin/health").await.expect(200);
    assert_eq!(health["ready"], false);
    assert_eq!(
        health["services"][1],
        json!({ "service": "user", "ready": false, "detail": "does not answer" })
    );
}
