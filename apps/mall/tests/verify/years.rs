//! 30: financial years that were closed.

use crate::ledger::open_books;

/// The sale of the year before was taken back in it, after its income tax was deposited, and the seller was charged that.
const YEAR_IS_OVER: &str = "
    update journals set posted_at = '2026-03-10T12:00:00Z';
    insert into accounts (code, kind, vendor_id)
    values ('vendor_payable_available', 'liability', '01934e5f-0000-7000-8000-00000000000a'),
           ('tds_adjustable', 'asset', '01934e5f-0000-7000-8000-00000000000a');
    insert into journals (journal_id, cause, payment_id, posted_at)
    values ('01934e5f-0000-7000-8000-0000000000f6', 'credit:1', '01934e5f-0000-7000-8000-000000000028',
            '2026-03-20T12:00:00Z'),
           ('01934e5f-0000-7000-8000-0000000000f7', 'tds_year:01934e5f-0000-7000-8000-00000000000a:2025', null,
            '2026-03-31T19:30:00Z');
    insert into postings (journal_id, account_id, amount, currency)
    select journal_id::uuid, account_id, amount, 'INR'
      from accounts join (values
           ('01934e5f-0000-7000-8000-0000000000f6', 'tds_adjustable', 220),
           ('01934e5f-0000-7000-8000-0000000000f6', 'tds_payable', -220),
           ('01934e5f-0000-7000-8000-0000000000f7', 'vendor_payable_available', 220),
           ('01934e5f-0000-7000-8000-0000000000f7', 'tds_adjustable', -220)) as p (journal_id, code, amount) using (code);
    insert into vendor_balances (vendor_id, currency, available, negative_since)
    values ('01934e5f-0000-7000-8000-00000000000a', 'INR', -220, '2026-03-31T19:30:00Z');
    insert into tax_years (year, closed_at) values ('2025-04-01', '2026-03-31T19:30:00Z');
    insert into tax_charges (year, vendor_id, currency, amount, charged_at)
    values ('2025-04-01', '01934e5f-0000-7000-8000-00000000000a', 'INR', 220, '2026-03-31T19:30:00Z')";

#[tokio::test]
async fn income_tax_that_is_left_of_a_year_is_charged_to_the_paisa() {
    let stage = open_books().await;
    stage.run("payment", YEAR_IS_OVER).await;
    let seller = "seller 01934e5f-0000-7000-8000-00000000000a";
    stage
        .finds(
            30,
            "payment",
            &[
                (
                    "update tax_charges set amount = 221",
                    "update tax_charges set amount = 220",
                    &format!("of the year from 2025-04-01 {seller} has 220 INR of income tax left, but was charged 221"),
                ),
                (
                    "create table charged as select * from tax_charges; delete from tax_charges",
                    "insert into tax_charges select * from charged",
                    &format!("for no payment, vendor_payable of {seller} holds 220 INR, but what happened adds up to 0"),
                ),
            ],
        )
        .await;
}

/// What was sold in March was taken back in April, and its income tax stands.
const TAKEN_BACK_LATE: &str = "
    update journals set posted_at = '2026-03-10T12:00:00Z';
    update postings set seller_order_id = '01934e5f-0000-7000-8000-000000000020';
    insert into accounts (code, kind, vendor_id)
    values ('tds_adjustable', 'asset', '01934e5f-0000-7000-8000-00000000000a');
    insert into credits (credit_id, payment_id, seller_order_id, amount, currency, created_at)
    select '01934e5f-0000-7000-8000-0000000000c9', payment_id, seller_order_id, 1, currency, '2026-04-06T12:00:00Z' from shares
     where seller_order_id = '01934e5f-0000-7000-8000-000000000020';
    insert into journals (journal_id, cause, payment_id, posted_at)
    select '01934e5f-0000-7000-8000-0000000000f6', 'credit:01934e5f-0000-7000-8000-0000000000c9', payment_id,
           '2026-04-06T12:00:00Z' from credits where credit_id = '01934e5f-0000-7000-8000-0000000000c9';
    insert into postings (journal_id, account_id, amount, currency, seller_order_id)
    select '01934e5f-0000-7000-8000-0000000000f6', account_id, amount, 'INR', '01934e5f-0000-7000-8000-000000000020'
      from accounts join (values ('tds_adjustable', 19), ('commission_income', -19)) as p (code, amount) using (code)";

#[tokio::test]
async fn income_tax_that_is_taken_back_late_and_not_charged_is_found() {
    let stage = open_books().await;
    stage.holds(30).await;
    stage.run("payment", TAKEN_BACK_LATE).await;
    let words = "credit 01934e5f-0000-7000-8000-0000000000c9 took 19 INR of income tax back in a later year than that of its sale, and 0 were charged";
    stage.breaks(30, words).await;
}
