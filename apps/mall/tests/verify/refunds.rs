//! 12, 13, 37: money that goes back.

use crate::stage::Stage;

/// A refund of what came as `pay_1`, with an id that begins with `id`.
fn refund(id: char, kind: &str, amount: i64, status: &str) -> String {
    let credit = if kind == "credit" { "gen_random_uuid()" } else { "null" };
    let accepted = if ["accepted", "done"].contains(&status) { "now()" } else { "null" };
    let done = if status == "done" { "now()" } else { "null" };
    format!(
        "insert into refunds (refund_id, payment_id, kind, credit_id, provider_payment_id, amount, currency, status, attempt,
                              provider_refund_id, requested_at, updated_at, accepted_at, done_at, version)
         values ('{id}1934e5f-0000-7000-8000-0000000000d0', '01934e5f-0000-7000-8000-000000000028', '{kind}', {credit}, 'pay_1',
                 {amount}, 'INR', '{status}', 1, case when {accepted} is not null then 'rfnd_{id}' end, now(), now(), {accepted},
                 {done}, 1)"
    )
}

#[tokio::test]
async fn money_of_an_order_that_ended_and_does_not_go_back_is_found() {
    let stage = Stage::set(&["order", "payment"], &[]).await;
    stage
        .run(
            "order",
            "update orders set state = 'cancelled', confirmed_at = null, cancel_reason = 'payment_window_over'",
        )
        .await;
    let late =
        "update payments set status = 'captured_late'; update attempts set booked = 'suspense'";
    stage.run("payment", late).await;
    stage.run("payment", "alter table postings disable trigger user").await;
    stage.breaks(12, "M261122-000001 (01934e5f-0000-7000-8000-00000000001f) is cancelled; of 259800 INR that came for it, 0 go back").await;

    stage.run("payment", &refund('0', "late", 259_800, "requested")).await;
    stage.finds(12, "payment", &[
        (
            "update refunds set amount = amount - 1",
            "update refunds set amount = amount + 1",
            "of 259800 INR that came for it, 259799 go back",
        ),
        (
            "insert into postings (journal_id, account_id, amount, currency)
             select '01934e5f-0000-7000-8000-0000000000f0', account_id, -500, 'INR' from accounts where code = 'suspense'",
            "delete from postings where amount = -500",
            "is cancelled, but 500 INR that came for it are still nobody's",
        ),
    ]).await;
}

#[tokio::test]
async fn more_given_back_than_was_taken_is_found() {
    let stage = Stage::set(&["payment"], &[]).await;
    stage.run("payment", &refund('0', "credit", 259_799, "done")).await;
    let undo = "delete from refunds where refund_id = '11934e5f-0000-7000-8000-0000000000d0'";
    let more = |status: &str| refund('1', "credit", 2, status);
    let cash = format!(
        "{}; update refunds set provider_payment_id = null, seller_order_id = '01934e5f-0000-7000-8000-000000000020'
             where refund_id = '11934e5f-0000-7000-8000-0000000000d0'",
        more("by_hand")
    );
    let words = "of pay_1 over 259800 INR, 259801 are given back";
    stage.finds(13, "payment", &[
        (&more("requested"), undo, words),
        (&more("accepted"), undo, words),
        (&cash, undo, "of 0 INR that were taken for 01934e5f-0000-7000-8000-000000000020 in cash, 2 are given back"),
        (
            "update refunds set currency = 'USD'",
            "update refunds set currency = 'INR'",
            "is in USD, the money came in INR",
        ),
        (
            "update attempts set status = 'failed', booked = null",
            "update attempts set status = 'captured', booked = 'order'",
            "of pay_1 over 0 INR, 259799 are given back",
        ),
    ]).await;
    let of_our_own = |amount| refund('2', "goodwill", amount, "requested");
    let undo = "delete from refunds where kind = 'goodwill'";
    stage
        .finds(
            13,
            "payment",
            &[
                (
                    &of_our_own(259_801),
                    undo,
                    "of pay_1 over 259800 INR, 259801 are given back",
                ),
                (
                    &format!("{}; update refunds set provider_payment_id = null where kind = 'goodwill'", of_our_own(1)),
                    undo,
                    "of 0 INR that were taken for 01934e5f-0000-7000-8000-000000000028 in cash, 1 are given of our own",
                ),
            ],
        )
        .await;
    // What the provider never did is not given back.
    stage.run("payment", &more("stuck")).await;
    stage.holds(13).await;

    // A bank that asks afterwards has nothing to do with it; one that asked before has.
    let dispute = "insert into disputes (dispute_id, provider_dispute_id, payment_id, provider_payment_id, amount, currency,
                                         state, opened_at)
                   values ('01934e5f-0000-7000-8000-0000000000d3', 'disp_1', '01934e5f-0000-7000-8000-000000000028',
                           'pay_1', 1000, 'INR', 'open', now() + interval '1 minute')";
    stage.run("payment", dispute).await;
    let words = "of pay_1 over 259800 INR, a bank took or asks for 1000, and 259799 are given back beside it";
    let after = "update disputes set opened_at = now() + interval '1 minute'";
    let before = "update disputes set opened_at = now() - interval '1 minute'";
    let lost = "update disputes set opened_at = now() - interval '1 day', state = 'lost', decided_at = now()";
    stage.finds(13, "payment", &[(before, after, words), (lost, after, words)]).await;
    // The buyer has that by the dispute.
    stage.run("payment", lost).await;
    let by_it =
        "update refunds set accepted_at = null, provider_refund_id = null, dispute_id = (select dispute_id from disputes)
                  where status = 'done'";
    stage.run("payment", by_it).await;
    stage.holds(13).await;
}

#[tokio::test]
async fn more_credited_than_was_shared_is_found() {
    let stage = Stage::set(&["payment"], &[]).await;
    let unlock = "alter table shares drop constraint shares_credited_at_most_check, drop constraint shares_credited_sum_check";
    stage.run("payment", unlock).await;
    let words = |amount: i64, name: &str, credited: i64| {
        format!(
            "of {amount} INR of {name} in the share of 01934e5f-0000-7000-8000-000000000020, {credited} are credited"
        )
    };
    stage
        .finds(
            13,
            "payment",
            &[
                (
                    "update shares set credited_gross = gross + 1",
                    "update shares set credited_gross = gross",
                    &words(259_800, "gross", 259_801),
                ),
                (
                    "update shares set credited_tcs = tcs + 1",
                    "update shares set credited_tcs = 0",
                    &words(1_101, "tcs", 1_102),
                ),
                (
                    "update shares set credited_taxable = taxable + 1",
                    "update shares set credited_taxable = 0",
                    &words(220_169, "taxable value", 220_170),
                ),
            ],
        )
        .await;
}

#[tokio::test]
async fn cash_that_went_to_nobody_known_is_found() {
    let stage = Stage::set(&["payment"], &[]).await;
    stage.run("payment", &refund('0', "credit", 100, "by_hand")).await;
    let account = "insert into refund_accounts (payment_id, buyer, sealed, edition, given_at)
                   values ('01934e5f-0000-7000-8000-000000000028', gen_random_uuid(), 'sealed', 1, now())";
    let paid = "update refunds set provider_payment_id = null, status = 'done', done_at = now(), paid_to = 1";
    stage.run("payment", &format!("{account}; {paid}")).await;
    let words =
        "of cash is paid out by hand, but neither to an account of its buyer nor for a reason";
    let (to, nowhere) = ("update refunds set paid_to = 1", "update refunds set paid_to = null");
    let other = "is paid to account 2 of its buyer, who gave no more than 1";
    stage
        .finds(
            37,
            "payment",
            &[(nowhere, to, words), ("update refunds set paid_to = 2", to, other)],
        )
        .await;
    let reason =
        "update refunds set paid_to = null, without_account = 'The buyer came to our office.'";
    stage.run("payment", reason).await;
    stage.holds(37).await;
}
