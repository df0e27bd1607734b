//! Staff buy and sell here, too, and decide nothing about that.

use kernel::{UserId, VendorId};
use payment::App;
use serde_json::json;
use sqlx::PgPool;
use testkit::{Client, TestApp};

use crate::disputes::{decide, disputed, waiting};
use crate::four_eyes::{act, goodwill, staff, two};
use crate::payouts::credit;
use crate::refund_accounts;
use crate::remittances;
use crate::second_look;
use crate::stage::{Stage, entity};
use crate::write_offs::paid_out;

/// A member of staff who is a member of this seller, too.
fn seller(app: &TestApp<App>, vendor: VendorId) -> Client {
    let mut claims = app.claims(UserId::new());
    claims.roles.push("admin".into());
    claims.perms = vec!["payments.manage".into()];
    claims.vendors = vec![vendor];
    app.as_claims(&claims)
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_of_staff_gives_goodwill_for_what_they_bought_or_sold(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    let (one, _) = two(&stage);
    let keyed = one.with("idempotency-key", "late-parcel-1");
    let proposed = keyed.post("/v1/admin/refunds", &goodwill(&ask, 5_000)).await.expect(201);
    let by_payment = json!({"payment_id": ask.payment_id, "amount": {"amount": 5_000, "currency": "INR"}, "reason": "Mine."});
    for (own, slug) in [
        (staff(&stage.app, ask.buyer), "payment/own-purchase"),
        (seller(&stage.app, ask.shares[1].vendor_id), "payment/own-seller"),
    ] {
        for verb in ["approve", "decline"] {
            own.post(&act(&proposed, verb), &json!({})).await.problem(403, slug);
        }
        for (key, body) in [("late-2", goodwill(&ask, 5_000)), ("late-3", by_payment.clone())] {
            let keyed = own.clone().with("idempotency-key", key);
            keyed.post("/v1/admin/refunds", &body).await.problem(403, slug);
        }
    }
    let another = seller(&stage.app, VendorId::new());
    assert_eq!(
        another.post(&act(&proposed, "approve"), &json!({})).await.expect(200)["status"],
        "requested"
    );
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_of_staff_pays_out_their_own_refund_or_looks_at_their_own_money(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.captured().await;
    let own = staff(&stage.app, ask.buyer);
    stage.tell("payment.captured", &entity("pay_small", &created.provider_order_id, 99)).await;
    let refund = stage.refunds("by_hand").await.remove(0);
    let said = json!({"bank_reference": "UTR20261130001"});
    own.post(&act(&refund, "settled"), &said).await.problem(403, "payment/own-purchase");
    let review = format!("/v1/admin/payments/{}/review", ask.payment_id);
    let accept = json!({"outcome": "accept", "provider_payment_id": "pay_small"});
    own.post(&review, &accept).await.problem(403, "payment/own-purchase");
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_of_staff_writes_off_what_their_own_seller_owes(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, sale) = paid_out(&stage).await;
    stage.app.deliver(credit(&sale)).await;
    stage.advance(60 * 86_400);
    let own = seller(&stage.app, vendor);
    let wish = json!({"vendor_id": vendor, "reason": "We are gone."});
    own.post("/v1/admin/write-offs", &wish).await.problem(403, "payment/own-seller");
    let (one, _) = two(&stage);
    let proposed = one.post("/v1/admin/write-offs", &wish).await.expect(201);
    let id = proposed["write_off_id"].as_str().unwrap();
    for verb in ["approve", "decline"] {
        let path = format!("/v1/admin/write-offs/{id}/{verb}");
        own.post(&path, &json!({})).await.problem(403, "payment/own-seller");
    }
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_of_staff_decides_who_bears_a_dispute_of_their_own_seller(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid, dispute) = disputed(&stage).await;
    decide(&stage, "lost", &dispute, &paid).await;
    let lost = waiting(&stage).await.remove(0);
    let path = format!("/v1/admin/disputes/{}/bearer", lost["dispute_id"].as_str().unwrap());
    let bearer = json!({"bearer": "platform"});
    let own = seller(&stage.app, ask.shares[0].vendor_id);
    own.post(&path, &bearer).await.problem(403, "payment/own-seller");
    staff(&stage.app, ask.buyer).post(&path, &bearer).await.problem(403, "payment/own-purchase");
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_of_staff_lets_their_own_seller_be_paid(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, _) = second_look::owed(&stage).await;
    second_look::run(&stage, &second_look::staff(&stage.app)).await;
    let payout = second_look::waiting(&stage).await;
    let own = seller(&stage.app, vendor);
    let approve = own.post(&second_look::act(&payout, "approve"), &json!({})).await;
    approve.problem(403, "payment/own-seller");
    let hold = own.post(&second_look::act(&payout, "hold"), &json!({"reason": "Mine."})).await;
    hold.problem(403, "payment/own-seller");
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_of_staff_says_what_arrived_of_the_cash_of_their_own_seller(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (due, report) = remittances::taken(&stage).await;
    let (one, _) = two(&stage);
    let seen = one.get(remittances::PATH).await.expect(200);
    let vendor = seen["parties"][0]["seller_orders"][0]["vendor_id"].as_str().unwrap();
    let own = seller(&stage.app, vendor.parse().unwrap());
    let all = own.post(remittances::PATH, &report(due, "BDREF0001")).await;
    all.problem(403, "payment/own-seller");
    let proposed = one.post(remittances::PATH, &report(due - 100, "BDREF0002")).await.expect(202);
    for verb in ["approve", "decline"] {
        let decided = own.post(&remittances::act(&proposed, verb), &json!({})).await;
        decided.problem(403, "payment/own-seller");
    }
    assert_eq!(stage.account("cod_receivable").await, due);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_of_staff_reads_where_the_buyer_of_their_own_seller_wants_cash(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, refund) = refund_accounts::owed(&stage).await;
    refund_accounts::give(&stage, &ask, "asha@okaxis").await.expect(200);
    let account = act(&refund, "account");
    let own = seller(&stage.app, ask.shares[0].vendor_id);
    own.get(&account).await.problem(403, "payment/own-seller");
    staff(&stage.app, ask.buyer).get(&account).await.problem(403, "payment/own-purchase");
    stage.forget_what_was_said().await;
}
