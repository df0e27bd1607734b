//! 30 and 15: what the provider settled, cash that arrived, refunds that wait for a bank, and what was dismissed.

use crate::ledger::open_books;
use crate::stage::Stage;

const SETTLED: &str = "
    insert into reconciliations (day, run, state, started_at, done_at) values ('2026-11-24', 1, 'done', now(), now());
    insert into settlements (settlement_id, currency, day, net, fee, tax, booked_at)
    values ('setl_1', 'INR', '2026-11-24', 259564, 236, 36, now());
    insert into journals (journal_id, cause, payment_id, posted_at)
    values ('01934e5f-0000-7000-8000-0000000000f6', 'settlement:setl_1', null, now());
    insert into postings (journal_id, account_id, amount, currency)
    select '01934e5f-0000-7000-8000-0000000000f6', account_id, amount, 'INR'
      from accounts join (values ('bank', 259564), ('psp_fees', 200), ('input_gst', 36), ('psp_clearing', -259800)) as p
                    (code, amount) using (code)";

#[tokio::test]
async fn what_was_settled_is_in_the_books_and_what_differs_is_found() {
    let stage = open_books().await;
    stage.run("payment", SETTLED).await;
    stage.finds(30, "payment", &[
        (
            "update settlements set tax = 37",
            "update settlements set tax = 36",
            "for no payment, input_gst holds 36 INR, but what happened adds up to 37",
        ),
        (
            "insert into differences (day, kind, name, why, theirs, currency, found_at)
             values ('2026-11-24', 'payment', 'pay_9', 'unknown', 100, 'INR', now())",
            "update differences set resolved_at = now()",
            "payment pay_9 of the settlements of 2026-11-24 is unknown: nothing INR in our books, 100 settled",
        ),
    ])
    .await;
}

/// A hundred paise that were settled and are nobody's, as two members of staff say.
const EXPLAINED: &str = r#"
    insert into differences (day, kind, name, why, theirs, currency, found_at, resolved_at)
    values ('2026-11-24', 'other', 'trf_1', 'unknown', 100, 'INR', now(), now());
    insert into proposals (proposal_id, kind, subject, about, status, proposed_by, proposed_at, decided_by, decided_at)
    select gen_random_uuid(), 'explanation', difference_id::text,
           jsonb_build_object('difference_id', difference_id, 'amount', '{"amount": 100, "currency": "INR"}'::jsonb,
                              'reason', 'Not ours.'), 'booked', gen_random_uuid(), now(), gen_random_uuid(), now()
      from differences;
    insert into journals (journal_id, cause, payment_id, posted_at)
    values ('01934e5f-0000-7000-8000-0000000000f7', 'explained', null, now());
    insert into postings (journal_id, account_id, amount, currency)
    select '01934e5f-0000-7000-8000-0000000000f7', account_id, amount, 'INR'
      from accounts join (values ('psp_clearing', 100), ('settlement_difference', -100)) as p (code, amount) using (code)"#;

#[tokio::test]
async fn what_is_explained_of_a_settlement_is_in_the_books() {
    let stage = open_books().await;
    stage.run("payment", SETTLED).await;
    stage.run("payment", EXPLAINED).await;
    let words = "settlement_difference holds -100 INR, but what happened adds up to 0";
    let declined = "update proposals set status = 'declined'";
    stage
        .finds(30, "payment", &[(declined, "update proposals set status = 'booked'", words)])
        .await;
}

#[tokio::test]
async fn what_waits_for_a_bank_or_for_the_provider_for_too_long_is_found() {
    let stage = Stage::set(&["order", "payment"], &[]).await;
    let day = "insert into reconciliations (day, run, state, started_at) values ('2026-11-24', 1, 'done', now())";
    stage.run("payment", day).await;
    let held = "
        insert into refunds (refund_id, payment_id, kind, provider_payment_id, amount, currency, status, attempt, reason,
                             requested_at, updated_at, version)
        select gen_random_uuid(), payment_id, 'late', provider_payment_id, 100, 'INR', 'requested', 1, 'disputed',
               now(), now() - interval '6 minutes', 1
          from attempts";
    stage.finds(15, "payment", &[
        (held, "delete from refunds", "of 100 INR waits for a dispute, but none of pay_1 is open"),
        (
            "update reconciliations set state = 'running', started_at = now() - interval '3 hours'",
            "update reconciliations set state = 'done'",
            "what was settled on 2026-11-24 is gone through since",
        ),
    ])
    .await;
}

#[tokio::test]
async fn cash_that_arrived_is_in_the_books() {
    let stage = open_books().await;
    let arrived = "
        delete from attempts;
        update payments set method = 'cod', status = 'cod_collected', provider_order_id = null;
        insert into remittances (bank_reference, party, due, received, currency, reported_at)
        values ('UTR0000000001', 'Blue Dart', 259800, 259700, 'INR', now());
        update shares set collected_at = now(), remitted_in = 'UTR0000000001';
        update postings set account_id = (select account_id from accounts where code = 'cod_receivable') where amount > 0;
        insert into journals (journal_id, cause, payment_id, posted_at)
        values ('01934e5f-0000-7000-8000-0000000000f5', 'remit', null, now());
        insert into postings (journal_id, account_id, amount, currency)
        select '01934e5f-0000-7000-8000-0000000000f5', account_id, amount, 'INR'
          from accounts join (values ('bank', 259700), ('cod_short', 100), ('cod_receivable', -259800)) as p (code, amount)
               using (code)";
    stage.run("payment", arrived).await;
    stage
        .finds(
            30,
            "payment",
            &[(
                "update remittances set received = received + 50",
                "update remittances set received = received - 50",
                "for no payment, cod_short holds 100 INR, but what happened adds up to 50",
            )],
        )
        .await;
}
