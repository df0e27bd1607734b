//! 33: returns to the tax offices, and what was deposited.

use crate::stage::Stage;

/// November of the true world is closed, and the tax that was collected is with the state.
const NOVEMBER: &str = r#"
    insert into tax_months (month, closed_at) values ('2026-11-01', '2026-11-30T19:30:00Z');
    insert into tax_closings (month, kind, vendor_id, place_of_supply, supply, currency, sold, taken_back, net, carried, due)
    values ('2026-11-01', 'tcs', '01934e5f-0000-7000-8000-00000000000a', '29', 'inter', 'INR', 220169, 0, 1101, 0, 1101),
           ('2026-11-01', 'tds', '01934e5f-0000-7000-8000-00000000000a', null, null, 'INR', 220169, 0, 220, 0, 220),
           ('2026-11-01', 'gst', null, null, null, 'INR', 25980, 0, 4676, 0, 4676);
    insert into proposals (proposal_id, kind, subject, about, status, proposed_by, proposed_at, decided_by, decided_at)
    values ('01934e5f-0000-7000-8000-0000000000e0', 'tax_deposit', 'CPIN00000001',
            '{"kind": "tcs", "month": "2026-11", "amount": {"amount": 1101, "currency": "INR"}, "reference": "CPIN00000001"}',
            'booked', '01934e5f-0000-7000-8000-0000000000e1', now(), '01934e5f-0000-7000-8000-0000000000e2', now());
    insert into journals (journal_id, cause, posted_at)
    values ('01934e5f-0000-7000-8000-0000000000f1', 'tcs:2026-11:CPIN00000001', '2026-12-05T12:00:00Z');
    insert into postings (journal_id, account_id, amount, currency)
    select '01934e5f-0000-7000-8000-0000000000f1', account_id, amount, 'INR'
      from accounts join (values ('tcs_payable', 1101), ('bank', -1101)) as p (code, amount) using (code);
    update shares set terms = '{"supply": "inter", "tcs_bp": 50, "tcs_base": {"amount": 220169, "currency": "INR"}}'"#;

#[tokio::test]
async fn a_return_that_is_not_what_the_books_hold_is_found() {
    let stage = Stage::set(&["payment"], &[]).await;
    stage.run("payment", NOVEMBER).await;
    stage.holds(30).await;
    stage.finds(33, "payment", &[
        (
            "update tax_closings set net = 1100, due = 1100 where kind = 'tcs'; update proposals set about = jsonb_set(about, '{amount,amount}', '1100')",
            "update tax_closings set net = 1101, due = 1101 where kind = 'tcs'; update proposals set about = jsonb_set(about, '{amount,amount}', '1101')",
            "tcs of 2026-11 is told as 1100 INR, and the books hold 1101",
        ),
        (
            "update tax_closings set net = 0, due = 0 where kind = 'tds'",
            "update tax_closings set net = 220, due = 220 where kind = 'tds'",
            "tds of 2026-11 is told as 0 INR, and the books hold 220",
        ),
        (
            "update tax_closings set carried = -1, due = 4675 where kind = 'gst'",
            "update tax_closings set carried = 0, due = 4676 where kind = 'gst'",
            "-1 INR of gst are carried into 2026-11, and 0 were left of the month before",
        ),
        (
            "update proposals set about = jsonb_set(about, '{amount,amount}', '1102')",
            "update proposals set about = jsonb_set(about, '{amount,amount}', '1101')",
            "1102 INR of tcs are deposited for 2026-11, and 1101 are due",
        ),
        (
            "update proposals set subject = 'CPIN00000002'",
            "update proposals set subject = 'CPIN00000001'",
            "tcs:2026-11:CPIN00000001 is a deposit of 0, and the books hold 1101",
        ),
        (
            "update shares set terms = jsonb_set(terms, '{tcs_base,amount}', '200000')",
            "update shares set terms = jsonb_set(terms, '{tcs_base,amount}', '220169')",
            "of seller order 01934e5f-0000-7000-8000-000000000020 1101 are collected at source on 200000",
        ),
    ]).await;
}
