//! What somebody gave back on the provider's own pages.

use contracts::payment::{ForeignRefundSeen, RefundDone, RefundKind, RefundRequested};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::four_eyes::{act, two};
use crate::stage::{Stage, whole_credit};

fn foreign(id: &str, amount: i64) -> Value {
    json!({"id": id, "payment_id": "pay_1", "amount": amount, "currency": "INR", "receipt": null, "notes": [],
           "acquirer_data": {"arn": "10000000000000"}, "status": "processed"})
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn it_is_booked_and_a_credit_of_as_much_takes_it_over(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid) = stage.captured_as_pay_1().await;
    stage.forget_what_was_said().await;
    let gross = ask.shares[0].gross.minor();
    for event in ["refund.created", "refund.processed", "refund.processed"] {
        stage.tell_refund(event, &foreign("rfnd_by_hand", gross), &paid).await;
    }
    let seen = stage.app.emitted::<ForeignRefundSeen>().await;
    assert_eq!((seen.len(), seen[0].refund.kind), (1, RefundKind::Foreign));
    assert!(stage.app.emitted_names().await.is_empty(), "the buyer is told nothing");
    assert_eq!(stage.account("suspense").await, gross);
    assert_eq!(stage.account("psp_clearing").await, 235_600 - gross);

    stage.app.deliver(whole_credit(&ask, 0)).await;
    stage.app.run_jobs().await;
    let requested = stage.app.emitted::<RefundRequested>().await.remove(0).refund;
    assert_eq!(
        (requested.kind, requested.refund_id),
        (RefundKind::Credit, seen[0].refund.refund_id)
    );
    assert_eq!(stage.app.emitted::<RefundDone>().await.len(), 1);
    assert_eq!(stage.account("suspense").await, 0);
    assert_eq!(stage.account("refunds_payable").await, 0);
    assert_eq!(stage.account("psp_clearing").await, 235_600 - gross, "it is not paid twice");
    // The other seller's was not given back by anybody.
    stage.app.deliver(whole_credit(&ask, 1)).await;
    assert_eq!(stage.account("refunds_payable").await, -ask.shares[1].gross.minor());
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn one_that_fails_is_with_the_provider_again(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, paid) = stage.captured_as_pay_1().await;
    stage.forget_what_was_said().await;
    for event in ["refund.created", "refund.failed", "refund.failed"] {
        stage.tell_refund(event, &foreign("rfnd_by_hand", 5_000), &paid).await;
    }
    assert_eq!(stage.app.emitted::<ForeignRefundSeen>().await.len(), 1);
    assert_eq!(stage.account("suspense").await, 0);
    assert_eq!(stage.account("psp_clearing").await, 235_600);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_it_was_for_nobody_knows_is_lost_when_two_say_so(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid) = stage.captured_as_pay_1().await;
    stage.forget_what_was_said().await;
    let gross = ask.shares[0].gross.minor();
    let (one, other) = two(&stage);
    let reason = json!({"reason": "A mistake of somebody who left."});
    stage.tell_refund("refund.created", &foreign("rfnd_by_hand", gross), &paid).await;
    let refund = stage.refunds("accepted").await.remove(0);
    let early = one.post(&act(&refund, "dismiss"), &reason).await;
    early.problem(409, "payment/not-dismissable");
    stage.tell_refund("refund.processed", &foreign("rfnd_by_hand", gross), &paid).await;
    stage.app.emitted::<ForeignRefundSeen>().await;

    let proposed = one.post(&act(&refund, "dismiss"), &reason).await.expect(200);
    assert_eq!(
        (&proposed["approval"], &proposed["words"]),
        (&json!("dismissal"), &reason["reason"])
    );
    assert_eq!(one.post(&act(&refund, "dismiss"), &reason).await.expect(200), proposed);
    let declined = other.post(&act(&refund, "decline"), &json!({})).await.expect(200);
    assert_eq!((&declined["approval"], &declined["status"]), (&Value::Null, &json!("done")));
    one.post(&act(&refund, "dismiss"), &reason).await.expect(200);
    one.post(&act(&refund, "approve"), &json!({})).await.problem(403, "payment/own-approval");
    assert_eq!(stage.account("suspense").await, gross, "nothing is decided");
    other.post(&act(&refund, "approve"), &json!({})).await.expect(200);
    other.post(&act(&refund, "approve"), &json!({})).await.expect(200);
    assert_eq!((stage.account("suspense").await, stage.account("write_off").await), (0, gross));
    assert_eq!(stage.app.emitted::<RefundDone>().await[0].refund.kind, RefundKind::Foreign);

    // It is dismissed: what the buyer is owed now is something else.
    stage.app.deliver(whole_credit(&ask, 0)).await;
    assert_eq!(stage.account("refunds_payable").await, -gross);
    let ours = stage.refunds("requested").await.remove(0);
    let ours = one.post(&act(&ours, "dismiss"), &reason).await;
    ours.problem(409, "payment/not-dismissable");
    stage.forget_what_was_said().await;
}
