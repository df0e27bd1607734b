//! A buyer gets money once: from a bank, from the provider, of the platform's own, or by hand.

use contracts::payment::{
    CancelPayment, CreatePayment, PaymentCancelled, RefundDone, RefundFailed, RefundRequested,
    Share,
};
use kernel::Money;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::disputes::{bear, decide, disputed, lost_credit, made_up, tell, waiting};
use crate::four_eyes::{act, goodwill, two};
use crate::held_refunds::made;
use crate::stage::{Stage, share, whole_credit};

/// Proposes goodwill for an order under a key. What is answered, and its slug if it is a problem.
async fn propose(stage: &Stage, ask: &CreatePayment, key: &str, amount: i64) -> (u16, Value) {
    let (one, _) = two(stage);
    let keyed = one.with("idempotency-key", key);
    let answer = keyed.post("/v1/admin/refunds", &goodwill(ask, amount)).await;
    (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap())
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn no_goodwill_is_given_of_what_a_bank_took_or_asks_for(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.captured().await;
    let (status, early) = propose(&stage, &ask, "early", 5_000).await;
    assert_eq!(status, 201);
    let order = stage.psp.get(&format!("/sandbox/orders/{}", created.provider_order_id)).await;
    let paid = order["payments"][0].clone();
    let path = format!("/sandbox/payments/{}/dispute", paid["id"].as_str().unwrap());
    let dispute = stage.psp.post(&path, json!({"webhook": {"lose": true}})).await;
    tell(&stage, "payment.dispute.created", &dispute, &paid).await;
    assert_eq!(propose(&stage, &ask, "open", 1).await.0, 422);

    decide(&stage, "lost", &dispute, &paid).await;
    assert_eq!(propose(&stage, &ask, "lost", 1).await.0, 422);
    let lost = waiting(&stage).await.remove(0);
    bear(&stage, &lost, "platform").await.expect(200);
    assert_eq!(propose(&stage, &ask, "borne", 235_600).await.0, 422);
    let (_, other) = two(&stage);
    let approve = other.post(&act(&early, "approve"), &json!({})).await;
    approve.problem(422, "payment/goodwill-too-much");
    assert_eq!(made(&stage).await, 0);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn money_that_came_too_late_waits_for_the_bank_that_asks_for_it(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let (payment_id, checkout_id) = (ask.payment_id, ask.checkout_id);
    stage.app.deliver(CancelPayment { payment_id, checkout_id }).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.bring("evt_late", "payment.captured", &paid).await.expect(200);
    // Its refund is on its way when the bank asks.
    let path = format!("/sandbox/payments/{}/dispute", paid["id"].as_str().unwrap());
    let dispute = stage.psp.post(&path, json!({"webhook": {"lose": true}})).await;
    tell(&stage, "payment.dispute.created", &dispute, &paid).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.refunds("requested").await[0]["reason"], "disputed");
    decide(&stage, "lost", &dispute, &paid).await;
    stage.app.run_jobs().await;
    assert_eq!((stage.refunds("done").await.len(), made(&stage).await), (1, 0));
    stage.accounts_are_empty().await;
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_the_provider_refused_is_paid_by_a_dispute_that_is_lost(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.captured().await;
    let order = &created.provider_order_id;
    stage
        .psp
        .post(&format!("/sandbox/orders/{order}/plan"), json!({"refund": {"answer": "refused"}}))
        .await;
    stage.app.deliver(whole_credit(&ask, 0)).await;
    stage.app.run_jobs().await;
    let stuck = stage.refunds("stuck").await.remove(0);

    let paid = stage.psp.get(&format!("/sandbox/orders/{order}")).await["payments"][0].clone();
    let path = format!("/sandbox/payments/{}/dispute", paid["id"].as_str().unwrap());
    let dispute = stage.psp.post(&path, json!({"webhook": {"lose": true}})).await;
    tell(&stage, "payment.dispute.created", &dispute, &paid).await;
    let (one, _) = two(&stage);
    let said = json!({"bank_reference": "UTR20261130001"});
    let by_hand = one.post(&act(&stuck, "settled"), &said).await;
    by_hand.problem(409, "payment/not-by-hand");
    decide(&stage, "lost", &dispute, &paid).await;
    stage.app.run_jobs().await;
    assert_eq!((stage.refunds("done").await.len(), made(&stage).await), (1, 0));
    assert_eq!(stage.account("refunds_payable").await, 0);
    assert_eq!(stage.account("dispute_hold").await, ask.shares[1].gross.minor());
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_taken_back_while_sellers_begin_to_bear_a_dispute_is_the_banks(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid, dispute) = disputed(&stage).await;
    decide(&stage, "lost", &dispute, &paid).await;
    let lost = waiting(&stage).await.remove(0);
    bear(&stage, &lost, "sellers").await.expect(200);
    // The buyer took it back before order-service heard who bears it.
    stage.app.deliver(lost_credit(&ask, 1)).await;
    stage.app.deliver(whole_credit(&ask, 0)).await;
    stage.app.run_jobs().await;
    assert_eq!((stage.refunds("done").await.len(), made(&stage).await), (1, 0));
    stage.accounts_are_empty().await;
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn it_is_the_banks_also_where_the_provider_has_enough_left(pool: PgPool) {
    let stage = Stage::start(pool).await;
    // The provider knows nothing of it, and will not give it back.
    let (ask, paid) = stage.captured_as_pay_1().await;
    stage.app.deliver(whole_credit(&ask, 0)).await;
    stage.app.run_jobs().await;
    let left = ask.shares[1].gross.minor();
    tell(&stage, "payment.dispute.lost", &made_up("disp_1", left, "INR"), &paid).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.refunds("stuck").await.len(), 1);
    let lost = waiting(&stage).await.remove(0);
    bear(&stage, &lost, "sellers").await.expect(200);

    let mut piece = whole_credit(&ask, 1);
    let mut rest = lost_credit(&ask, 1);
    piece.share = Share {
        seller_order_id: piece.share.seller_order_id,
        vendor_id: piece.share.vendor_id,
        ..share([50_000, 0, 0, 0, 0])
    };
    piece.share.taxable = Money::inr(50_000);
    rest.share.gross = Money::inr(left - 50_000);
    rest.share.payable = Money::inr(rest.share.payable.minor() - 50_000);
    rest.share.taxable = Money::inr(40_082);
    for credit in [piece, rest] {
        stage.app.deliver(credit).await;
    }
    stage.app.run_jobs().await;
    assert_eq!(stage.refunds("done").await[0]["amount"]["amount"], 50_000);
    assert_eq!(stage.account("dispute_hold").await, 0);
    assert_eq!(stage.account("chargeback_loss").await, 0);
    assert_eq!(stage.account("refunds_payable").await, -ask.shares[0].gross.minor());
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_sellers_should_bear_and_was_given_back_beside_it_is_the_platforms(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid) = stage.captured_as_pay_1().await;
    tell(&stage, "payment.dispute.lost", &made_up("disp_1", 235_600, "INR"), &paid).await;
    let lost = waiting(&stage).await.remove(0);
    bear(&stage, &lost, "sellers").await.expect(200);
    let (first, second) = (ask.shares[0].gross.minor(), ask.shares[1].gross.minor());
    // Somebody gives it back on the provider's own pages, and it is taken back.
    let foreign = json!({"id": "rfnd_by_hand", "payment_id": "pay_1", "amount": first, "currency": "INR",
                         "receipt": null, "notes": [], "acquirer_data": {}, "status": "processed"});
    stage.tell_refund("refund.processed", &foreign, &paid).await;
    stage.app.deliver(lost_credit(&ask, 1)).await;
    assert_eq!(stage.account("dispute_hold").await, first, "some is still to be taken back");
    stage.app.deliver(whole_credit(&ask, 0)).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.account("dispute_hold").await, 0);
    assert_eq!(stage.account("chargeback_loss").await, first);
    let staff = stage.app.as_staff(&["payments.manage"]);
    let all = staff.get("/v1/admin/disputes").await.expect(200);
    assert_eq!(all["items"][0]["by_sellers"]["amount"], second);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn of_what_goodwill_left_too_little_of_only_the_rest_needs_a_person(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    let (_, given) = propose(&stage, &ask, "sorry", 50_000).await;
    let (one, other) = two(&stage);
    other.post(&act(&given, "approve"), &json!({})).await.expect(200);
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<RefundDone>().await.len(), 1);
    assert_eq!(stage.app.emitted::<RefundRequested>().await.len(), 1);

    for nth in [0, 1] {
        stage.app.deliver(whole_credit(&ask, nth)).await;
    }
    stage.app.run_jobs().await;
    let done: i64 =
        stage.app.emitted::<RefundDone>().await.iter().map(|d| d.refund.amount.minor()).sum();
    assert_eq!(done, 185_600, "all that the provider still had");
    let waits = stage.app.emitted::<RefundFailed>().await;
    assert_eq!((waits.len(), waits[0].refund.amount.minor()), (1, 50_000));
    assert_eq!((&*waits[0].reason, waits[0].needs_a_person), ("too-little-left", true));
    assert_eq!(
        waits[0].refund.credit_id,
        stage.app.emitted::<RefundRequested>().await[2].refund.credit_id
    );
    assert_eq!(stage.account("psp_clearing").await, 0);

    let rest = stage.refunds("stuck").await.remove(0);
    let said = json!({"bank_reference": "UTR20261130001", "without_account": "At the counter."});
    one.post(&act(&rest, "settled"), &said).await.expect(200);
    assert_eq!(other.post(&act(&rest, "approve"), &json!({})).await.expect(200)["status"], "done");
    assert_eq!(stage.account("refunds_payable").await, 0);
    assert_eq!((stage.account("goodwill").await, stage.account("bank").await), (50_000, -50_000));
    stage.forget_what_was_said().await;
}
