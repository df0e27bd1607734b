//! A seller sees, part by part, how what the buyer paid becomes what is owed.

use contracts::order::{CreditCause, SellerOrderCredited};
use contracts::payment::Share;
use contracts::vendor::VendorStatus;
use kernel::VendorId;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::payouts::{credit, sale};
use crate::stage::{Stage, share};

/// One of the two pieces: 1,299 rupees.
const PIECE: [i64; 5] = [113_911, 12_990, 2_338, 551, 110];

fn parts(amounts: [i64; 5]) -> Value {
    let rupees = |minor| json!({"amount": minor, "currency": "INR"});
    let [payable, commission, commission_tax, tcs, tds] = amounts.map(rupees);
    let gross = rupees(amounts.iter().sum());
    json!({"gross": gross, "commission": commission, "commission_tax": commission_tax, "tcs": tcs, "tds": tds,
           "payable": payable})
}

fn sum(items: &[Value], member: &str) -> i64 {
    items.iter().map(|item| item[member]["amount"].as_i64().unwrap()).sum()
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn gross_becomes_net_and_all_of_it_is_the_balance(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    let first = sale(vendor);
    stage.sold(&first).await;
    stage.run_now().await;
    stage.advance(60);
    let second = sale(vendor);
    stage.pay_for(&second).await;
    let one = &first.shares[0];
    let piece = Share { seller_order_id: one.seller_order_id, vendor_id: vendor, ..share(PIECE) };
    let back = SellerOrderCredited { cause: CreditCause::Returned, share: piece, ..credit(&first) };
    stage.app.deliver(back.clone()).await;

    let seller = stage.app.as_vendor(vendor);
    let path = format!("/v1/vendors/{vendor}");
    let page = seller.get(&format!("{path}/earnings")).await.expect(200);
    let items = page["items"].as_array().unwrap();
    let whole = parts(crate::payouts::SALE);
    let newer = &items[0];
    assert_eq!(newer["seller_order_id"], json!(second.shares[0].seller_order_id));
    assert_eq!((&newer["sale"], &newer["left"], &newer["credits"]), (&whole, &whole, &json!([])));
    let older = &items[1];
    let rest = parts([113_912, 12_990, 2_338, 550, 110]);
    assert_eq!((&older["sale"], &older["left"]), (&whole, &rest));
    let mut credited = parts(PIECE);
    credited["credit_id"] = json!(back.credit_id);
    credited["why"] = json!("returned");
    credited["at"] = older["credits"][0]["at"].clone();
    assert_eq!(older["credits"], json!([credited]));

    // What was paid out is taken from the sum of what is due.
    let owed = seller.get(&format!("{path}/balance")).await.expect(200);
    assert_eq!(sum(items, "pending"), owed["pending"]["amount"].as_i64().unwrap());
    let paid = sum(&stage.payouts().await, "amount");
    assert_eq!(sum(items, "available") - paid, owed["available"]["amount"].as_i64().unwrap());
    assert_eq!((paid, stage.available(vendor).await), (227_823, -113_911));

    let ledger = seller.get(&format!("{path}/ledger")).await.expect(200);
    let lines = ledger["items"].as_array().unwrap();
    assert_eq!(lines[0]["parts"]["gross"]["amount"], -129_900);
    assert_eq!((&lines[1]["parts"], &lines[2]["parts"]), (&whole, &Value::Null), "sold, paid out");
    stage.forget_what_was_said().await;
}

/// When the year of its sale is over, what is taken back costs its seller the income tax, too.
#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn income_tax_that_is_charged_late_belongs_to_what_was_taken_back(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.at("2027-02-05T12:00:00Z");
    let old = sale(vendor);
    stage.sold(&old).await;
    stage.at("2027-04-06T12:00:00Z");
    stage.app.deliver(credit(&old)).await;
    let page = stage.app.as_vendor(vendor).get(&format!("/v1/vendors/{vendor}/earnings")).await;
    let earning = page.expect(200)["items"][0].clone();
    assert_eq!(earning["sale"], parts(crate::payouts::SALE));
    let [back] = &earning["credits"].as_array().unwrap()[..] else { panic!("{earning}") };
    let payable = crate::payouts::SALE[0];
    assert_eq!(back["payable"]["amount"], payable + 220);
    assert_eq!(earning["available"]["amount"], -220);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_not_paid_for_is_no_earning_and_lists_go_on(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    let vendor = ask.shares[0].vendor_id;
    let path = format!("/v1/vendors/{vendor}/earnings");
    let seller = stage.app.as_vendor(vendor);
    assert_eq!(seller.get(&path).await.expect(200)["items"], json!([]));
    let mut sold = Vec::new();
    for _ in 0..3 {
        stage.advance(1);
        let sale = sale(vendor);
        stage.pay_for(&sale).await;
        sold.insert(0, json!(sale.order_id));
    }
    let mut seen = Vec::new();
    let mut next = format!("{path}?limit=2");
    for _ in 0..2 {
        let page = seller.get(&next).await.expect(200);
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["order_id"].clone()));
        let after = page["next"].as_str().unwrap_or_default();
        next = format!("{path}?limit=2&after={after}");
    }
    assert_eq!(seen, sold);
    let only = format!("{path}?order_id={}", sold[1].as_str().unwrap());
    let page = seller.get(&only).await.expect(200);
    assert_eq!((page["items"].as_array().unwrap().len(), &page["next"]), (1, &Value::Null));
    stage.forget_what_was_said().await;
}
