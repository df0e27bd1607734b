//! Money that belongs to no order goes back by itself.

use contracts::payment::{
    CancelPayment, CreatePayment, PaymentCancelled, PaymentCaptured, PaymentMismatch,
    PaymentUnclaimed, RefundDone, RefundFailed, RefundKind, RefundRequested,
};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::stage::{Stage, entity};

async fn give_up(stage: &Stage, ask: &CreatePayment) {
    let (payment_id, checkout_id) = (ask.payment_id, ask.checkout_id);
    stage.app.deliver(CancelPayment { payment_id, checkout_id }).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
}

/// Everything there is to hear of one refund that the provider processes at once.
async fn went_back(stage: &Stage, why: RefundKind, amount: i64) {
    let unclaimed = stage.app.emitted::<PaymentUnclaimed>().await;
    assert_eq!((unclaimed.len(), unclaimed[0].why), (1, why));
    assert_eq!(unclaimed[0].received.minor(), amount);
    let requested = stage.app.emitted::<RefundRequested>().await;
    assert_eq!((requested.len(), requested[0].refund.kind), (1, why));
    assert_eq!(requested[0].refund.amount.minor(), amount);
    let done = stage.app.emitted::<RefundDone>().await;
    assert_eq!((done.len(), done[0].refund.refund_id), (1, requested[0].refund.refund_id));
    assert!(done[0].provider_refund_id.is_some() && done[0].bank_reference.is_some());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn money_after_the_end_goes_back_once(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    give_up(&stage, &ask).await;
    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    for event in ["payment.captured", "order.paid", "payment.captured"] {
        stage.tell(event, &paid).await;
    }
    went_back(&stage, RefundKind::Late, 235_600).await;
    assert!(stage.app.emitted_names().await.is_empty());
    assert_eq!(stage.status(&ask).await, "captured_late");
    stage.accounts_are_empty().await;

    let refunds = stage.psp.get("/sandbox/ledger").await["refunds"].clone();
    assert_eq!(refunds.as_array().unwrap().len(), 1);
    assert_eq!(refunds[0]["amount"], 235_600);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn the_right_number_of_dollars_goes_back_in_dollars(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let dollars = json!({"outcome": "captured", "currency": "USD"});
    let paid = stage.psp.pay(&created.provider_order_id, dollars).await;
    stage.tell("payment.captured", &paid).await;
    assert_eq!(stage.app.emitted::<PaymentMismatch>().await.len(), 1);
    let rupees: i64 = sqlx::query_scalar("select count(*) from postings where currency <> 'USD'")
        .fetch_one(&stage.pool)
        .await
        .unwrap();
    assert_eq!(rupees, 0, "no account of rupees holds dollars");

    give_up(&stage, &ask).await;
    went_back(&stage, RefundKind::Mismatch, 235_600).await;
    stage.accounts_are_empty().await;
    let refunds = stage.psp.get("/sandbox/ledger").await["refunds"].clone();
    assert_eq!((&refunds[0]["amount"], &refunds[0]["currency"]), (&json!(235_600), &json!("USD")));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_second_capture_goes_back_and_the_first_stays(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.captured().await;
    let order = &created.provider_order_id;
    stage.psp.post(&format!("/sandbox/orders/{order}/plan"), json!({"second": "captured"})).await;
    let second = stage.psp.pay(order, json!({"outcome": "captured"})).await;
    stage.tell("payment.captured", &second).await;
    went_back(&stage, RefundKind::Second, 235_600).await;
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.account("psp_clearing").await, 235_600);
    assert_eq!(stage.account("suspense").await, 0);
    assert_eq!(stage.account("refunds_payable").await, 0);
    let all = stage.app.as_staff(&["payments.manage"]).get("/v1/admin/payments").await.expect(200);
    assert_eq!(all["items"][0]["surplus_captures"], 1);
    let refund = &stage.refunds("done").await[0];
    assert_eq!(
        (&refund["kind"], &refund["provider_payment_id"]),
        (&json!("second"), &second["id"])
    );
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn wrong_money_waits_for_the_end_of_its_order_and_goes_back(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.underpaid().await;
    assert!(stage.app.emitted_names().await.is_empty(), "staff look at it");
    assert_eq!(stage.account("suspense").await, -100);

    give_up(&stage, &ask).await;
    went_back(&stage, RefundKind::Mismatch, 100).await;
    stage.accounts_are_empty().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn wrong_money_goes_back_when_the_right_money_comes(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.underpaid().await;
    let order = &created.provider_order_id;
    let right = json!({"outcome": "captured", "amount": 235_600});
    let right = stage.psp.pay(order, right).await;
    stage.tell("payment.captured", &right).await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    went_back(&stage, RefundKind::Mismatch, 100).await;
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.account("psp_clearing").await, 235_600);
    assert_eq!(stage.account("suspense").await, 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_the_provider_does_not_give_back_waits_for_a_person(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    give_up(&stage, &ask).await;
    for (id, amount) in [("pay_small", 99), ("pay_nothing", 0)] {
        stage.tell("payment.captured", &entity(id, &created.provider_order_id, amount)).await;
    }
    assert_eq!(stage.app.emitted::<PaymentUnclaimed>().await.len(), 1);
    let requested = stage.app.emitted::<RefundRequested>().await;
    assert_eq!(requested.len(), 1, "nothing is not given back");
    let failed = stage.app.emitted::<RefundFailed>().await;
    assert_eq!((failed.len(), failed[0].needs_a_person), (1, true));
    assert_eq!(failed[0].reason, "too-small");
    assert_eq!(stage.account("refunds_payable").await, -99);

    let id = requested[0].refund.refund_id;
    let path = format!("/v1/admin/refunds/{id}/settled");
    let staff = stage.app.as_staff(&["payments.manage"]);
    let by = json!({"bank_reference": "UTR20261130001"});
    let said = staff.post(&path, &by).await.expect(200);
    assert_eq!((&said["status"], &said["approval"]), (&json!("by_hand"), &json!("report")));
    let second = stage.app.as_staff(&["payments.manage"]);
    let approve = format!("/v1/admin/refunds/{id}/approve");
    let done: Value = second.post(&approve, &json!({})).await.expect(200);
    assert_eq!((&done["status"], &done["bank_reference"]), (&json!("done"), &by["bank_reference"]));
    assert_eq!(staff.post(&path, &by).await.expect(200), done, "reported twice, paid once");
    let other = json!({"bank_reference": "UTR20261130002"});
    staff.post(&path, &other).await.problem(409, "payment/not-by-hand");
    let told = stage.app.emitted::<RefundDone>().await;
    assert_eq!((told.len(), told[0].provider_refund_id.as_deref()), (1, None));
    assert_eq!(told[0].bank_reference.as_deref(), Some("UTR20261130001"));
    assert_eq!(stage.account("refunds_payable").await, 0);
    assert_eq!((stage.account("bank").await, stage.account("psp_clearing").await), (-99, 99));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_the_provider_gave_back_before_it_came_here_is_never_booked(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.captured().await;
    let refund = json!({"id": "rfnd_Auto", "payment_id": "pay_Auto", "amount": 235_600, "currency": "INR",
                        "receipt": null, "notes": [], "acquirer_data": {}, "status": "processed"});
    let mut never = entity("pay_Auto", &created.provider_order_id, 235_600);
    never["status"] = json!("refunded");
    never["captured"] = json!(false);
    for event in ["refund.created", "refund.processed"] {
        stage.tell_refund(event, &refund, &never).await;
    }
    assert_eq!(stage.kept("noted").await, 2);
    assert!(stage.app.emitted_names().await.is_empty());
    assert_eq!(stage.account("psp_clearing").await, 235_600);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn money_that_went_back_before_its_capture_was_heard_of_was_here(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    // On the provider's own pages, by hand.
    let id = paid["id"].as_str().unwrap();
    stage.psp.refund_by_hand(id).await;
    stage.advance(90);
    stage.app.run_timers().await;
    stage.app.run_jobs().await;
    assert_eq!(stage.status(&ask).await, "pending", "nothing is here that could pay it");
    stage.accounts_are_empty().await;
    let foreign = &stage.refunds("done").await[0];
    assert_eq!(
        (&foreign["kind"], &foreign["provider_payment_id"]),
        (&json!("foreign"), &paid["id"])
    );
    give_up(&stage, &ask).await;
    assert_eq!(stage.status(&ask).await, "cancelled");
    assert!(stage.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn money_that_was_kept_before_anything_gave_it_back_goes_back(pool: PgPool) {
    let stage = Stage::start(pool.clone()).await;
    let (ask, created) = stage.pending().await;
    give_up(&stage, &ask).await;
    let late = entity("pay_old", &created.provider_order_id, 235_600);
    stage.tell("payment.captured", &late).await;
    // As an older build left it.
    for forget in [
        "delete from refunds",
        "alter table postings disable trigger user",
        "alter table journals disable trigger user",
        "delete from postings where journal_id in (select journal_id from journals where cause not like 'suspense:%')",
        "delete from journals where cause not like 'suspense:%'",
        "delete from chassis.job",
    ] {
        sqlx::query(forget).execute(&pool).await.unwrap();
    }
    stage.forget_what_was_said().await;
    assert_eq!(stage.account("suspense").await, -235_600);
    assert_eq!(stage.app.run_timers().await, 1);
    assert_eq!(stage.app.emitted::<PaymentUnclaimed>().await[0].why, RefundKind::Late);
    assert_eq!(stage.account("suspense").await, 0);
    assert_eq!(stage.account("refunds_payable").await, -235_600);
    assert_eq!(stage.app.run_timers().await, 0, "once");
}
