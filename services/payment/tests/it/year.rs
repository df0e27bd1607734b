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
