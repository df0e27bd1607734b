//! The end of a financial year: income tax that counts for no sale any more.

use contracts::vendor::VendorStatus;
use kernel::VendorId;
use sqlx::PgPool;

use crate::payouts::{credit, sale};
use crate::stage::Stage;

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_left_of_deposited_income_tax_is_charged_once_when_the_year_ends(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    let first = sale(vendor);
    stage.sold(&first).await;
    // In the next month, when the income tax is deposited.
    stage.at("2026-12-05T12:00:00Z");
    stage.app.deliver(credit(&first)).await;
    assert_eq!((stage.available(vendor).await, stage.account("tds_adjustable").await), (0, 220));

    stage.at("2027-03-31T19:29:00Z");
    stage.payday().await;
    assert_eq!(stage.account("tds_adjustable").await, 220, "it is half to one in India");
    stage.at("2027-03-31T19:30:00Z");
    for _ in 0..2 {
        stage.payday().await;
    }
    assert_eq!((stage.available(vendor).await, stage.account("tds_adjustable").await), (-220, 0));

    let seller = stage.app.as_vendor(vendor);
    let path = format!("/v1/vendors/{vendor}/statements/2027-04.csv");
    let statement = seller.get(&path).await.text();
    let line = statement.lines().nth(2).unwrap();
    let year =
        format!("2027-04-01,,income tax of the year,tds_year:{vendor}:2026,available,-2.20,");
    assert!(line.starts_with(&year), "{line}");

    // In the new year nothing is left of it to be set off, nor owed for it.
    stage.pay_for(&sale(vendor)).await;
    assert_eq!(stage.account("tds_adjustable").await, 0);
    stage.at("2028-03-31T19:30:00Z");
    stage.payday().await;
    assert_eq!(stage.available(vendor).await, -220);
}

/// A sale that is paid and free, of which nothing is said any more.
async fn sold(stage: &Stage, vendor: VendorId) -> contracts::payment::CreatePayment {
    stage.forget_what_was_said().await;
    let sale = sale(vendor);
    stage.sold(&sale).await;
    sale
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_taken_back_after_a_set_off_counts_once_more_and_in_the_close(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    let first = sold(&stage, vendor).await;
    stage.at("2026-12-05T12:00:00Z");
    stage.app.deliver(credit(&first)).await;
    stage.at("2027-02-05T12:00:00Z");
    let second = sold(&stage, vendor).await;
    assert_eq!(stage.account("tds_adjustable").await, 0, "it was set off");
    stage.app.deliver(credit(&second)).await;
    let left = (stage.account("tds_adjustable").await, stage.account("tds_payable").await);
    assert_eq!(left, (220, -220), "November's is owed, and nothing of February's");

    stage.at("2027-03-31T19:30:00Z");
    stage.payday().await;
    assert_eq!((stage.available(vendor).await, stage.account("tds_adjustable").await), (-220, 0));
    for _ in 0..5 {
        stage.app.run_timers().await;
    }
    let below = "select count(*) from tax_closings where kind = 'tds' and (net < 0 or carried < 0)";
    let below: i64 = sqlx::query_scalar(below).fetch_one(&stage.pool).await.unwrap();
    assert_eq!(below, 0, "no later quarter carries any of it");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_taken_back_when_the_year_of_its_sale_is_over_is_charged_at_once(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.at("2027-02-05T12:00:00Z");
    let old = sold(&stage, vendor).await;
    stage.at("2027-04-06T12:00:00Z");
    stage.payday().await;
    let available = stage.available(vendor).await;
    stage.app.deliver(credit(&old)).await;
    let payable = crate::payouts::SALE[0];
    assert_eq!(stage.available(vendor).await, available - payable - 220);
    assert_eq!(stage.account("tds_adjustable").await, 0);
    let ledger = stage.app.as_vendor(vendor).get(&format!("/v1/vendors/{vendor}/ledger")).await;
    assert!(ledger.text().contains("tds_late:"), "the seller sees why");

    // The whole of what is deducted in the new year is owed.
    let owed = stage.account("tds_payable").await;
    sold(&stage, vendor).await;
    assert_eq!(stage.account("tds_payable").await, owed - 220);
    stage.at("2028-03-31T19:30:00Z");
    let before = stage.available(vendor).await;
    stage.payday().await;
    assert_eq!(stage.available(vendor).await, before, "nothing of it is left to be charged");
}
