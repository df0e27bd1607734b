//! Where a buyer who paid in cash wants it back.

use contracts::ops::StaffActed;
use contracts::order::SellerOrderCompleted;
use contracts::payment::{CreatePayment, RefundDone, RefundFailed, RefundPayer, RefundRequested};
use contracts::user::{AccountStatus, AccountUpdated};
use kernel::UserId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, sample};

use crate::four_eyes::{act, ask_cod, collect, two};
use crate::stage::{Stage, whole_credit};

fn path(ask: &CreatePayment) -> String {
    format!("/v1/payments/{}/refund-account", ask.payment_id)
}

pub async fn give(stage: &Stage, ask: &CreatePayment, vpa: &str) -> Answer {
    stage.app.as_user(ask.buyer).put(&path(ask), &json!({ "vpa": vpa })).await
}

/// A cash order of which a part that was paid is taken back, and the refund of it.
pub async fn owed(stage: &Stage) -> (CreatePayment, Value) {
    let ask = ask_cod(stage).await;
    collect(stage, &ask, 0).await;
    stage.app.deliver(whole_credit(&ask, 0)).await;
    assert!(stage.app.emitted::<RefundFailed>().await[0].needs_account, "the buyer is asked");
    assert_eq!(stage.app.emitted::<RefundRequested>().await.len(), 1);
    let refund = stage.refunds("by_hand").await.remove(0);
    assert_eq!((&refund["has_account"], &refund["buyer_erased"]), (&json!(false), &json!(false)));
    (ask, refund)
}

async fn kept(stage: &Stage) -> Vec<String> {
    sqlx::query_scalar("select sealed from refund_accounts").fetch_all(&stage.pool).await.unwrap()
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_goes_where_its_buyer_says_and_two_pay_it(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, refund) = owed(&stage).await;
    let (one, other) = two(&stage);
    let account = act(&refund, "account");
    one.get(&account).await.problem(404, "not-found");
    let buyer = stage.app.as_user(ask.buyer);
    let none = buyer.get(&path(&ask)).await.expect(200);
    assert_eq!(none, json!({"vpa": null, "given_at": null, "changeable": true}));

    give(&stage, &ask, "asha@okaxis").await.expect(200);
    let given = give(&stage, &ask, "asha.rao@okicici").await.expect(200);
    assert_eq!((&given["vpa"], &given["changeable"]), (&json!("a***@okicici"), &json!(true)));
    assert_eq!(buyer.get(&path(&ask)).await.expect(200), given);
    assert!(!kept(&stage).await[0].contains("okicici"), "it is sealed");

    assert_eq!(stage.refunds("by_hand").await[0]["has_account"], true);
    assert_eq!(one.get(&account).await.expect(200)["vpa"], "asha.rao@okicici");
    let acts = stage.app.emitted::<StaffActed>().await;
    assert_eq!((acts.len(), &*acts[0].act), (1, "refund.read_account"), "who read it is known");
    assert!(!acts[0].said.contains("okicici"));

    let said = json!({"bank_reference": "UTR20261130001"});
    one.post(&act(&refund, "settled"), &said).await.expect(200);
    give(&stage, &ask, "asha@okaxis").await.problem(409, "payment/refund-underway");
    let same = give(&stage, &ask, "asha.rao@okicici").await.expect(200);
    assert_eq!(same["changeable"], false, "said again, it is as before");
    // Said by mistake: until it is said again, another account may be given.
    one.post(&act(&refund, "decline"), &json!({})).await.expect(200);
    give(&stage, &ask, "asha@okaxis").await.expect(200);
    one.post(&act(&refund, "settled"), &said).await.expect(200);
    let done = other.post(&act(&refund, "approve"), &json!({})).await.expect(200);
    assert_eq!((&done["status"], &done["without_account"]), (&json!("done"), &Value::Null));
    one.get(&account).await.problem(409, "payment/not-by-hand");
    let done = stage.app.emitted::<RefundDone>().await;
    assert_eq!((done.len(), done[0].paid_by), (1, Some(RefundPayer::Hand)));
    stage.app.emitted::<StaffActed>().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn without_an_account_cash_is_paid_for_a_written_reason_only(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, refund) = owed(&stage).await;
    let (one, other) = two(&stage);
    let settled = act(&refund, "settled");
    let mut said = json!({"bank_reference": "UTR20261130001"});
    one.post(&settled, &said).await.problem(409, "payment/no-refund-account");
    said["without_account"] = json!("The buyer came to our office.");
    let waits = one.post(&settled, &said).await.expect(200);
    assert_eq!(waits["without_account"], "The buyer came to our office.");
    other.post(&act(&refund, "approve"), &json!({})).await.expect(200);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_the_provider_will_not_give_back_goes_where_its_buyer_says(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.captured().await;
    let plan = format!("/sandbox/orders/{}/plan", created.provider_order_id);
    stage.psp.post(&plan, json!({"refund": {"answer": "refused"}})).await;
    give(&stage, &ask, "asha@okaxis").await.problem(409, "payment/not-cash");
    stage.app.deliver(whole_credit(&ask, 0)).await;
    stage.app.run_jobs().await;
    let failed = stage.app.emitted::<RefundFailed>().await.pop().unwrap();
    assert!(failed.needs_a_person && failed.needs_account, "the buyer is asked");
    let refund = stage.refunds("stuck").await.remove(0);
    assert_eq!(refund["has_account"], false);

    let (one, other) = two(&stage);
    let (settled, said) = (act(&refund, "settled"), json!({"bank_reference": "UTR20261130001"}));
    one.post(&settled, &said).await.problem(409, "payment/no-refund-account");
    let given = give(&stage, &ask, "asha@okaxis").await.expect(200);
    assert_eq!(given["changeable"], true);
    assert_eq!(stage.refunds("stuck").await[0]["has_account"], true);
    assert_eq!(one.get(&act(&refund, "account")).await.expect(200)["vpa"], "asha@okaxis");
    let waits = one.post(&settled, &said).await.expect(200);
    assert_eq!((&waits["status"], &waits["approval"]), (&json!("stuck"), &json!("report")));
    give(&stage, &ask, "asha@okicici").await.problem(409, "payment/refund-underway");
    one.post(&act(&refund, "approve"), &json!({})).await.problem(403, "payment/own-approval");
    let done = other.post(&act(&refund, "approve"), &json!({})).await.expect(200);
    assert_eq!((&done["status"], &done["has_account"]), (&json!("done"), &json!(true)));
    assert_eq!(stage.account("bank").await, -ask.shares[0].gross.minor());
    give(&stage, &ask, "asha@okicici").await.problem(409, "payment/not-cash");
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_report_that_waits_is_not_replaced_by_another_one(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, refund) = owed(&stage).await;
    give(&stage, &ask, "asha@okaxis").await.expect(200);
    let (one, other) = two(&stage);
    let settled = act(&refund, "settled");
    let said = json!({"bank_reference": "REFA0001"});
    let another = json!({"bank_reference": "REFB0001", "without_account": "At the counter."});
    let waits = one.post(&settled, &said).await.expect(200);
    for who in [&one, &other] {
        who.post(&settled, &another).await.problem(409, "payment/another-report");
    }
    assert_eq!(stage.refunds("by_hand").await, [waits], "it is as it was");

    // Taken back, another one is said; whoever saw the first one does not agree to it.
    one.post(&act(&refund, "decline"), &json!({})).await.expect(200);
    one.post(&settled, &another).await.expect(200);
    let approve = act(&refund, "approve");
    other.post(&approve, &said).await.problem(409, "payment/another-report");
    let same = json!({"bank_reference": "REFB0001"});
    let done = other.post(&approve, &same).await.expect(200);
    assert_eq!((&done["status"], &done["bank_reference"]), (&json!("done"), &json!("REFB0001")));
    assert_eq!(other.post(&approve, &same).await.expect(200), done);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_account_is_given_by_whoever_pays_cash_and_by_nobody_else(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (paid, _) = stage.captured().await;
    give(&stage, &paid, "asha@okaxis").await.problem(409, "payment/not-cash");
    let online = stage.app.as_user(paid.buyer).get(&path(&paid)).await.expect(200);
    assert_eq!(online["changeable"], false);

    let ask = ask_cod(&stage).await;
    let vpa = json!({"vpa": "asha@okaxis"});
    let stranger = stage.app.as_user(UserId::new());
    stranger.put(&path(&ask), &vpa).await.problem(404, "not-found");
    stranger.get(&path(&ask)).await.problem(404, "not-found");
    stage.app.anonymous().put(&path(&ask), &vpa).await.problem(401, "unauthenticated");
    let staff = stage.app.as_staff(&["payments.manage"]);
    staff.put(&path(&ask), &vpa).await.problem(404, "not-found");
    let refund = json!({"refund_id": kernel::RefundId::new().to_string()});
    stage.app.as_staff(&["look"]).get(&act(&refund, "account")).await.problem(403, "forbidden");
    stage.app.as_user(ask.buyer).get(&act(&refund, "account")).await.problem(403, "forbidden");
    staff.get(&act(&refund, "account")).await.problem(404, "not-found");
    assert!(kept(&stage).await.is_empty());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn only_an_upi_address_is_one(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask_cod(&stage).await;
    let long = format!("{}@okaxis", "a".repeat(10_000));
    for bad in [
        "",
        "asha",
        "asha@",
        "@okaxis",
        "a@b@c",
        "asha\u{0}@okaxis",
        "asha@ok\naxis",
        "आशा@okaxis",
        &long,
    ] {
        let answer = give(&stage, &ask, bad).await;
        let problem = answer.problem(422, "validation-error");
        assert!(bad.is_empty() || !problem.to_string().contains(bad), "it is not repeated");
    }
    let buyer = stage.app.as_user(ask.buyer);
    let more = json!({"vpa": "asha@okaxis", "name": "Asha"});
    buyer.put(&path(&ask), &more).await.problem(400, "unknown-field");
    buyer.put(&path(&ask), &json!({"vpa": null})).await.problem(422, "validation-error");
    assert!(kept(&stage).await.is_empty());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_account_and_the_report_that_it_was_paid_take_turns(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, refund) = owed(&stage).await;
    give(&stage, &ask, "asha@okaxis").await.expect(200);
    let (one, _) = two(&stage);
    let (said, settled) = (json!({"bank_reference": "UTR20261130001"}), act(&refund, "settled"));
    let (changed, reported) =
        tokio::join!(give(&stage, &ask, "asha@okicici"), one.post(&settled, &said));
    reported.expect(200);
    let edition: i32 =
        sqlx::query_scalar("select paid_to from refunds").fetch_one(&stage.pool).await.unwrap();
    // Changed before, it is the new one that is paid; else it is not changed.
    let expected = if edition == 2 { 200 } else { 409 };
    assert_eq!(changed.status.as_u16(), expected);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_account_is_forgotten_with_its_buyer_once_no_refund_waits_for_it(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, refund) = owed(&stage).await;
    give(&stage, &ask, "asha@okaxis").await.expect(200);
    let (user_id, status) = (ask.buyer, AccountStatus::Erased);
    stage.app.deliver(AccountUpdated { user_id, status, ..sample() }).await;
    stage.app.run_timers().await;
    assert_eq!(kept(&stage).await.len(), 1, "a refund waits for it");
    let seen = stage.refunds("by_hand").await.remove(0);
    assert_eq!((&seen["buyer_erased"], &seen["has_account"]), (&json!(true), &json!(true)));
    give(&stage, &ask, "asha@okicici").await.problem(404, "not-found");

    let (one, other) = two(&stage);
    one.post(&act(&refund, "settled"), &json!({"bank_reference": "UTR20261130001"}))
        .await
        .expect(200);
    other.post(&act(&refund, "approve"), &json!({})).await.expect(200);
    stage.app.run_timers().await;
    assert_eq!(kept(&stage).await.len(), 1, "the other part may come back");
    collect(&stage, &ask, 1).await;
    let seller_order = crate::stage::delivered(&ask, 1).seller_order;
    stage.app.deliver(SellerOrderCompleted { seller_order }).await;
    stage.app.run_timers().await;
    assert!(kept(&stage).await.is_empty());
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_was_paid_stays_where_it_went_when_accounts_are_lost_and_given_again(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, refund) = owed(&stage).await;
    let (one, other) = two(&stage);
    for vpa in ["asha@okaxis", "asha.rao@okicici"] {
        give(&stage, &ask, vpa).await.expect(200);
    }
    let said = json!({"bank_reference": "UTR20261130001"});
    one.post(&act(&refund, "settled"), &said).await.expect(200);
    other.post(&act(&refund, "approve"), &json!({})).await.expect(200);

    // As the README says, when the key that seals them is lost.
    sqlx::query("delete from refund_accounts").execute(&stage.pool).await.unwrap();
    give(&stage, &ask, "asha@okhdfc").await.expect(200);
    let paid_there = "select count(*) from refunds join refund_accounts using (payment_id) where paid_to >= edition";
    let paid_there: i64 = sqlx::query_scalar(paid_there).fetch_one(&stage.pool).await.unwrap();
    assert_eq!(paid_there, 0, "nothing was paid to the new one");
    stage.forget_what_was_said().await;
}
