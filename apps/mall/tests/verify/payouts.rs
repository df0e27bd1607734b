//! 36: what sellers are paid.

use crate::stage::Stage;

/// Journal `nth`: `amount` goes from `other` to what is free for the seller, or from there when it is negative.
fn journal(nth: u32, cause: &str, other: &str, amount: i64) -> String {
    let id = format!("01934e5f-0000-7000-8000-00000000f1{nth:02}");
    format!(
        "insert into journals (journal_id, cause, payment_id, posted_at) values ('{id}', '{cause}', null, now());
         insert into postings (journal_id, account_id, amount, currency)
         select '{id}', account_id, case code when '{other}' then {amount} else -({amount}) end, 'INR'
           from accounts where code in ('{other}', 'vendor_payable_available')"
    )
}

/// What a seller was paid in a run.
fn payout(nth: u32, amount: i64) -> String {
    let id = format!("01934e5f-0000-7000-8000-00000000f2{nth:02}");
    let row = format!(
        "insert into payout_runs values (date '2026-11-01' + {nth}, now());
         insert into payouts (payout_id, run_on, vendor_id, amount, currency, status, requested_at, updated_at, version)
         values ('{id}', date '2026-11-01' + {nth}, '01934e5f-0000-7000-8000-00000000000a', {amount}, 'INR', 'requested',
                 now(), now(), 1);"
    );
    row + &journal(nth, &format!("payout:{id}"), "bank", -amount)
}

#[tokio::test]
async fn a_payout_beyond_what_was_free_is_found() {
    let stage = Stage::set(&["payment"], &[]).await;
    stage
        .run(
            "payment",
            "insert into accounts (code, kind, vendor_id)
        values ('vendor_payable_available', 'liability', '01934e5f-0000-7000-8000-00000000000a')",
        )
        .await;
    stage.run("payment", &journal(1, "release:1", "vendor_payable_pending", 1000)).await;
    stage.run("payment", &payout(2, 800)).await;
    stage.holds(36).await;
    // Something is taken back after it was paid: the seller owes it, and nobody did anything wrong.
    stage.run("payment", &journal(3, "credit:1", "vendor_payable_pending", -500)).await;
    stage.holds(36).await;
    stage.run("payment", &payout(4, 100)).await;
    let words = "paid seller 01934e5f-0000-7000-8000-00000000000a 100 INR, but -300 were free";
    stage.breaks(36, words).await;
}
