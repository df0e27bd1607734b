//! A payout and a credit of the same seller at the same moment: one waits for the other, whichever is first.

use contracts::order::SellerOrderCredited;
use contracts::vendor::VendorStatus;
use kernel::VendorId;
use serde_json::json;
use sqlx::PgPool;
use testkit::eventually;

use crate::payouts::{SALE, credit, sale};
use crate::stage::Stage;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    Payout,
    Credit,
}

/// A seller of whom a sale is free, and all of it being taken back.
async fn seller(stage: &Stage) -> (VendorId, SellerOrderCredited) {
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    let sale = sale(vendor);
    stage.sold(&sale).await;
    (vendor, credit(&sale))
}

/// Until so many transactions wait for a lock of another one.
async fn until_waiting(pool: &PgPool, many: i64) {
    let waiting = "select count(*) from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'";
    eventually("so many wait", async || {
        let seen: i64 = sqlx::query_scalar(waiting).fetch_one(pool).await.ok()?;
        (seen >= many).then_some(())
    })
    .await;
}

/// Has `one` and `other` wait for the seller's balance, in this order, before either gets it.
async fn in_turn(stage: &Stage, vendor: VendorId, one: impl Future, other: impl Future) {
    // Its row is there since something came free.
    let row = format!("vendor_balances where vendor_id = '{}'", vendor.as_uuid());
    both_wait_for(stage, &row, one, other).await;
}

/// Has `one` and `other` wait for a row, in this order, before either gets it.
pub async fn both_wait_for(stage: &Stage, row: &str, one: impl Future, other: impl Future) {
    let mut held = stage.app.db().begin().await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("select from {row} for update")))
        .execute(held.conn())
        .await
        .unwrap();
    let other = async {
        until_waiting(&stage.pool, 1).await;
        other.await;
    };
    let release = async {
        until_waiting(&stage.pool, 2).await;
        held.commit().await.unwrap();
    };
    futures::join!(one, other, release);
}

/// What the seller got, how much of it we are owed back, and whether the provider paid the same.
async fn books_are_exact(stage: &Stage, vendor: VendorId) -> i64 {
    let mine = |listed: Vec<serde_json::Value>| -> Vec<i64> {
        let mine = listed.into_iter().filter(|payout| payout["vendor_id"] == json!(vendor));
        mine.map(|payout| payout["amount"]["amount"].as_i64().unwrap()).collect()
    };
    let paid = mine(stage.payouts().await);
    assert!(paid.len() <= 1, "paid twice: {paid:?}");
    let paid: i64 = paid.iter().sum();
    assert!([0, SALE[0]].contains(&paid), "{paid}");
    assert_eq!(stage.available(vendor).await, -paid, "what was paid and taken back is owed to us");
    paid
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_payout_and_a_credit_take_turns_whichever_is_first(pool: PgPool) {
    let stage = Stage::start(pool).await;
    for first in [First::Payout, First::Credit] {
        let (vendor, back) = seller(&stage).await;
        stage.begin_run().await;
        let (pay, take_back) = (stage.app.run_jobs(), stage.app.deliver(back));
        let paid = match first {
            First::Payout => {
                Box::pin(in_turn(&stage, vendor, pay, take_back)).await;
                SALE[0]
            }
            First::Credit => {
                Box::pin(in_turn(&stage, vendor, take_back, pay)).await;
                0
            }
        };
        stage.app.run_jobs().await;
        assert_eq!(books_are_exact(&stage, vendor).await, paid, "{first:?}");
        stage.advance(86_400);
    }

    // And as it comes, a dozen at once.
    let mut many = Vec::new();
    for _ in 0..12 {
        many.push(seller(&stage).await);
    }
    stage.begin_run().await;
    let (vendors, backs): (Vec<_>, Vec<_>) = many.into_iter().unzip();
    // The payouts begin at one end, the credits at the other: somewhere in the middle they meet.
    let take_back = async {
        for back in backs.into_iter().rev() {
            stage.app.deliver(back).await;
        }
    };
    futures::join!(stage.app.run_jobs(), take_back);
    stage.app.run_jobs().await;
    let mut paid = SALE[0];
    for vendor in vendors {
        paid += books_are_exact(&stage, vendor).await;
    }
    assert_eq!(stage.account("bank").await, -paid);
    let books = stage.psp.get("/sandbox/ledger").await;
    let amounts = books["payouts"].as_array().unwrap().iter().map(|payout| &payout["amount"]);
    assert_eq!(amounts.map(|amount| amount.as_i64().unwrap()).sum::<i64>(), paid);
}
