//! A seller who owes us: since when, who is told, and what is written off when two say so.

use contracts::order::SellerOrderCredited;
use contracts::payment::{Share, VendorBalanceOverdue, VendorBalanceWrittenOff};
use contracts::vendor::VendorStatus;
use jiff::Timestamp;
use kernel::{Clock, CreditId, Money, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client};

use crate::four_eyes::two;
use crate::payouts::{credit, sale};
use crate::second_look;
use crate::stage::{Stage, share};

const PATH: &str = "/v1/admin/write-offs";
const DAY: i64 = 86_400;

/// A seller whose sale was paid out a minute ago.
pub async fn paid_out(stage: &Stage) -> (VendorId, contracts::payment::CreatePayment) {
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    let first = sale(vendor);
    stage.sold(&first).await;
    stage.run_now().await;
    stage.advance(60);
    (vendor, first)
}

async fn act(who: &Client, write_off: &Value, act: &str) -> Answer {
    let id = write_off["write_off_id"].as_str().unwrap();
    who.post(&format!("{PATH}/{id}/{act}"), &json!({})).await
}

/// What sellers owe us, and since when.
async fn owed(stage: &Stage) -> Vec<(i64, Timestamp)> {
    let staff = stage.app.as_staff(&["payments.manage"]);
    let page = staff.get("/v1/admin/overdue-balances").await.expect(200);
    let items = page["items"].as_array().unwrap().iter();
    let read = |item: &Value| {
        let since = item["since"].as_str().unwrap().parse().unwrap();
        (item["owed"]["amount"].as_i64().unwrap(), since)
    };
    items.map(read).collect()
}

/// The debt would be lost, and then the payout could go.
#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn while_a_payout_waits_nothing_is_written_off(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, sale) = second_look::owed(&stage).await;
    second_look::run(&stage, &two(&stage).0).await;
    let payout = second_look::waiting(&stage).await;
    stage.app.deliver(credit(&sale)).await;
    stage.advance(60 * DAY);
    let (one, other) = two(&stage);
    let wish = json!({"vendor_id": vendor, "reason": "The seller is gone."});
    let early = one.post(PATH, &wish).await.problem(409, "payment/not-writable-off");
    assert!(early["detail"].as_str().unwrap().contains("hold it first"), "{early}");
    let held = json!({"reason": "It was sent back."});
    other.post(&second_look::act(&payout, "hold"), &held).await.expect(200);
    one.post(PATH, &wish).await.problem(404, "not-found");
    assert_eq!((stage.available(vendor).await, stage.account("bank").await), (0, 0));
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn since_when_a_seller_owes_is_kept_until_nothing_is_owed(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, first) = paid_out(&stage).await;
    let back = |parts| {
        let seller_order_id = first.shares[0].seller_order_id;
        let taxable = Money::inr(0);
        let piece = Share { seller_order_id, vendor_id: vendor, taxable, ..share(parts) };
        SellerOrderCredited { credit_id: CreditId::new(), share: piece, ..credit(&first) }
    };
    assert_eq!(owed(&stage).await, []);
    let fell = stage.app.clock.now();
    stage.app.deliver(back([113_911, 12_990, 2_338, 551, 110])).await;
    stage.advance(DAY);
    stage.app.deliver(back([113_912, 12_990, 2_338, 550, 110])).await;
    assert_eq!(owed(&stage).await, [(227_823, fell)]);
    let path = format!("/v1/vendors/{vendor}/balance");
    let seen = stage.app.as_vendor(vendor).get(&path).await.expect(200);
    assert_eq!(seen["owes_since"], json!(fell));
    let second = sale(vendor);
    stage.sold(&second).await;
    assert_eq!(owed(&stage).await, [], "the next sale made up for it");
    stage.advance(DAY);
    let again = stage.app.clock.now();
    stage.app.deliver(credit(&second)).await;
    assert_eq!(owed(&stage).await, [(227_823, again)]);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_owed_for_sixty_days_is_lost_when_two_say_so(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, first) = paid_out(&stage).await;
    let fell = stage.app.clock.now();
    stage.app.deliver(credit(&first)).await;
    let wish = json!({"vendor_id": vendor, "reason": "The seller is gone."});
    let early = stage.app.as_staff(&["payments.manage"]).post(PATH, &wish).await;
    early.problem(409, "payment/not-writable-off");
    stage.forget_what_was_said().await;

    stage.advance(30 * DAY - 1);
    stage.app.run_timers().await;
    assert_eq!(stage.app.emitted::<VendorBalanceOverdue>().await, []);
    stage.advance(1);
    for _ in 0..2 {
        stage.app.run_timers().await;
    }
    let said = stage.app.emitted::<VendorBalanceOverdue>().await;
    assert_eq!(said.len(), 1);
    assert_eq!(
        (said[0].vendor_id, said[0].owed, said[0].since),
        (vendor, Money::inr(227_823), fell)
    );

    stage.advance(30 * DAY);
    let (one, other) = two(&stage);
    let proposed = one.post(PATH, &wish).await.expect(201);
    assert_eq!(one.post(PATH, &wish).await.expect(201), proposed);
    act(&one, &proposed, "approve").await.problem(403, "payment/own-approval");
    // Some of it is made up for meanwhile.
    let mut little = sale(vendor);
    little.shares[0] = Share { vendor_id: vendor, ..share([1_000, 0, 0, 0, 0]) };
    little.amount = Money::inr(1_000);
    stage.sold(&little).await;
    act(&other, &proposed, "approve").await.problem(409, "payment/not-writable-off");
    act(&other, &proposed, "decline").await.expect(200);
    assert_eq!(owed(&stage).await, [(226_823, fell)], "nothing is decided");

    let proposed = one.post(PATH, &wish).await.expect(201);
    for _ in 0..2 {
        act(&other, &proposed, "approve").await.expect(200);
    }
    assert_eq!(stage.app.emitted::<VendorBalanceWrittenOff>().await.len(), 1);
    assert_eq!((stage.available(vendor).await, stage.account("write_off").await), (0, 226_823));
    assert_eq!(owed(&stage).await, []);
    one.post(PATH, &wish).await.problem(404, "not-found");
    let listed = one.get(PATH).await.expect(200);
    let states: Vec<&Value> =
        listed["items"].as_array().unwrap().iter().map(|item| &item["status"]).collect();
    assert_eq!(states, ["booked", "declined"]);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn only_staff_with_the_permission_write_off_and_explain(pool: PgPool) {
    let stage = Stage::start(pool).await;
    for (client, status, slug) in [
        (stage.app.anonymous(), 401, "unauthenticated"),
        (stage.app.as_buyer(), 403, "forbidden"),
        (stage.app.as_staff(&["look"]), 403, "forbidden"),
    ] {
        for path in [PATH, "/v1/admin/overdue-balances"] {
            client.get(path).await.problem(status, slug);
        }
        for path in [PATH, "/v1/admin/settlement-explanations"] {
            client.post(path, &json!({})).await.problem(status, slug);
        }
    }
}
