//! 30: the ledger.

use serde_json::{Value, json};

use crate::provider::Provider;
use crate::stage::Stage;

const PAYMENT: &str = "01934e5f-0000-7000-8000-000000000028";

pub async fn open_books() -> Stage {
    let stage = Stage::set(&["payment"], &[]).await;
    let unlock =
        "alter table postings disable trigger user; alter table journals disable trigger user;
         grant all on postings, journals to current_user";
    stage.run("payment", unlock).await;
    stage
}

#[tokio::test]
async fn a_ledger_that_does_not_balance_or_says_what_did_not_happen_is_found() {
    let stage = open_books().await;
    let holds = |account: &str, holds: i64, should: i64| {
        format!("for {PAYMENT}, {account} holds {holds} INR, but what happened adds up to {should}")
    };
    stage.finds(30, "payment", &[
        (
            "update postings set amount = amount + 1 where amount > 0",
            "update postings set amount = amount - 1 where amount > 0",
            "all accounts together hold 1 INR, not nothing",
        ),
        (
            "update postings set amount = amount + 1 where amount > 0",
            "update postings set amount = amount - 1 where amount > 0",
            &format!("journal capture:{PAYMENT} holds 1 INR, not nothing"),
        ),
        (
            "update attempts set amount = amount + 1",
            "update attempts set amount = amount - 1",
            &holds("psp_clearing", 259_800, 259_801),
        ),
        (
            "update shares set commission = commission + 1, payable = payable - 1",
            "update shares set commission = commission - 1, payable = payable + 1",
            &holds("commission_income", -25_980, -25_981),
        ),
        (
            "update shares set tcs = tcs - 1101, payable = payable + 1101",
            "update shares set tcs = tcs + 1101, payable = payable - 1101",
            &holds("vendor_payable of seller 01934e5f-0000-7000-8000-00000000000a", -227_823, -228_924),
        ),
        (
            "insert into attempts select 'pay_2', payment_id, status, 100, currency, reason, 'suspense', created_at, updated_at from attempts",
            "delete from attempts where provider_payment_id = 'pay_2'",
            &holds("suspense", 0, -100),
        ),
        (
            "create table aside as select * from postings; delete from postings",
            "insert into postings overriding system value select * from aside",
            &holds("tds_payable", 0, -220),
        ),
    ]).await;
}

#[tokio::test]
async fn cash_is_in_the_books_once_it_is_taken() {
    let stage = open_books().await;
    // The same sale, paid at the door.
    let by_cash = "
        delete from attempts;
        update payments set method = 'cod', status = 'cod_collected', provider_order_id = null;
        update shares set collected_at = now();
        update postings set account_id = (select account_id from accounts where code = 'cod_receivable') where amount > 0";
    stage.run("payment", by_cash).await;
    stage
        .finds(
            30,
            "payment",
            &[(
                "update shares set collected_at = null",
                "update shares set collected_at = now()",
                &format!(
                    "for {PAYMENT}, cod_receivable holds 259800 INR, but what happened adds up to 0"
                ),
            )],
        )
        .await;
}

/// Half of the sale is taken back, and the provider has accepted to give the money back.
const HALF_BACK: &str = "
    update shares set credited_gross = 129900, credited_taxable = 110084, credited_commission = 12990,
                      credited_commission_tax = 2338, credited_tcs = 550, credited_tds = 110, credited_payable = 113912;
    insert into refunds (refund_id, payment_id, kind, credit_id, seller_order_id, provider_payment_id, amount, currency,
                         status, attempt, provider_refund_id, requested_at, updated_at, accepted_at, version)
    values ('01934e5f-0000-7000-8000-0000000000d0', '01934e5f-0000-7000-8000-000000000028', 'credit',
            '01934e5f-0000-7000-8000-0000000000c0', '01934e5f-0000-7000-8000-000000000020', 'pay_1', 129900, 'INR',
            'accepted', 1, 'rfnd_1', now(), now(), now(), 2);
    insert into journals (journal_id, cause, payment_id, posted_at)
    values ('01934e5f-0000-7000-8000-0000000000f1', 'credit', '01934e5f-0000-7000-8000-000000000028', now()),
           ('01934e5f-0000-7000-8000-0000000000f2', 'refund_out', '01934e5f-0000-7000-8000-000000000028', now());
    insert into postings (journal_id, account_id, amount, currency)
    select journal_id::uuid, account_id, amount, 'INR'
      from accounts join (values
           ('01934e5f-0000-7000-8000-0000000000f1', 'vendor_payable_pending', 113912),
           ('01934e5f-0000-7000-8000-0000000000f1', 'commission_income', 12990),
           ('01934e5f-0000-7000-8000-0000000000f1', 'output_gst', 2338),
           ('01934e5f-0000-7000-8000-0000000000f1', 'tcs_payable', 550),
           ('01934e5f-0000-7000-8000-0000000000f1', 'tds_payable', 110),
           ('01934e5f-0000-7000-8000-0000000000f1', 'refunds_payable', -129900),
           ('01934e5f-0000-7000-8000-0000000000f2', 'refunds_payable', 129900),
           ('01934e5f-0000-7000-8000-0000000000f2', 'psp_clearing', -129900)) as p (journal_id, code, amount) using (code)";

/// Goodwill of 5 000 was approved, somebody gave 700 back on the provider's own pages, and the bank asks 1 000 back.
const OF_OUR_OWN: &str = "
    insert into refunds (refund_id, payment_id, kind, provider_payment_id, amount, currency, status, attempt,
                         provider_refund_id, requested_at, updated_at, accepted_at, version)
    values ('01934e5f-0000-7000-8000-0000000000d1', '01934e5f-0000-7000-8000-000000000028', 'goodwill', 'pay_1', 5000,
            'INR', 'requested', 1, null, now(), now(), null, 1),
           ('01934e5f-0000-7000-8000-0000000000d2', '01934e5f-0000-7000-8000-000000000028', 'foreign', 'pay_1', 700,
            'INR', 'accepted', 1, 'rfnd_2', now(), now(), now(), 1);
    insert into disputes (dispute_id, provider_dispute_id, payment_id, provider_payment_id, amount, currency, state, opened_at)
    values ('01934e5f-0000-7000-8000-0000000000d3', 'disp_1', '01934e5f-0000-7000-8000-000000000028', 'pay_1', 1000,
            'INR', 'open', now());
    insert into journals (journal_id, cause, payment_id, posted_at)
    values ('01934e5f-0000-7000-8000-0000000000f3', 'goodwill', '01934e5f-0000-7000-8000-000000000028', now()),
           ('01934e5f-0000-7000-8000-0000000000f4', 'foreign', '01934e5f-0000-7000-8000-000000000028', now()),
           ('01934e5f-0000-7000-8000-0000000000f5', 'dispute', '01934e5f-0000-7000-8000-000000000028', now());
    insert into postings (journal_id, account_id, amount, currency)
    select journal_id::uuid, account_id, amount, 'INR'
      from accounts join (values
           ('01934e5f-0000-7000-8000-0000000000f3', 'goodwill', 5000),
           ('01934e5f-0000-7000-8000-0000000000f3', 'refunds_payable', -5000),
           ('01934e5f-0000-7000-8000-0000000000f4', 'suspense', 700),
           ('01934e5f-0000-7000-8000-0000000000f4', 'psp_clearing', -700),
           ('01934e5f-0000-7000-8000-0000000000f5', 'dispute_hold', 1000),
           ('01934e5f-0000-7000-8000-0000000000f5', 'psp_clearing', -1000)) as p (journal_id, code, amount) using (code)";

#[tokio::test]
async fn what_is_given_of_our_own_foreign_or_disputed_is_in_the_books_as_it_stands() {
    let stage = open_books().await;
    stage.run("payment", OF_OUR_OWN).await;
    let holds = |account: &str, holds: i64, should: i64| {
        format!("for {PAYMENT}, {account} holds {holds} INR, but what happened adds up to {should}")
    };
    stage.finds(30, "payment", &[
        (
            "update refunds set status = 'proposed' where kind = 'goodwill'",
            "update refunds set status = 'requested' where kind = 'goodwill'",
            &holds("goodwill", 5_000, 0),
        ),
        (
            "update refunds set kind = 'credit', credit_id = gen_random_uuid() where kind = 'foreign'",
            "update refunds set kind = 'foreign', credit_id = null where kind = 'credit'",
            &holds("suspense", 700, 0),
        ),
        (
            "update disputes set state = 'won', decided_at = now()",
            "update disputes set state = 'open', decided_at = null",
            &holds("dispute_hold", 1_000, 0),
        ),
        (
            "update disputes set state = 'lost', decided_at = now(), bearer = 'platform', borne_by = gen_random_uuid(),
                                 by_sellers = 0",
            "update disputes set state = 'open', decided_at = null, bearer = null, borne_by = null, by_sellers = null",
            &holds("chargeback_loss", 0, 1_000),
        ),
        (
            "update disputes set state = 'lost', decided_at = now(), bearer = 'sellers', borne_by = gen_random_uuid(),
                                 by_sellers = amount;
             update refunds set status = 'stuck' where kind = 'goodwill'",
            "update disputes set state = 'open', decided_at = null, bearer = null, borne_by = null, by_sellers = null;
             update refunds set status = 'requested' where kind = 'goodwill'",
            &format!("for {PAYMENT}, 1000 INR are held for disputes, but who bears them is decided"),
        ),
    ]).await;
}

#[tokio::test]
async fn what_goes_back_is_in_the_books_as_it_stands() {
    let stage = open_books().await;
    stage.run("payment", HALF_BACK).await;
    let holds = |account: &str, holds: i64, should: i64| {
        format!("for {PAYMENT}, {account} holds {holds} INR, but what happened adds up to {should}")
    };
    let accepted = "update refunds set status = 'accepted', accepted_at = now(), done_at = null";
    let requested = "update refunds set status = 'requested', accepted_at = null";
    let by_hand = "update refunds set status = 'done', accepted_at = null, done_at = now()";
    stage
        .finds(
            30,
            "payment",
            &[
                (requested, accepted, &holds("psp_clearing", 129_900, 259_800)),
                (requested, accepted, &holds("refunds_payable", 0, -129_900)),
                (by_hand, accepted, &holds("bank", 0, -129_900)),
                (
                    "update refunds set kind = 'late', credit_id = null",
                    "update refunds set kind = 'credit', credit_id = gen_random_uuid()",
                    &holds("suspense", 0, 129_900),
                ),
                (
                    "update shares set credited_gross = credited_gross - 550, credited_tcs = 0",
                    "update shares set credited_gross = credited_gross + 550, credited_tcs = 550",
                    &holds("tcs_payable", -551, -1_101),
                ),
            ],
        )
        .await;
    // Income tax that was deposited already counts for the seller's next sales; it is the same money.
    let deposited = "
        insert into accounts (code, kind, vendor_id) values ('tds_adjustable', 'asset', '01934e5f-0000-7000-8000-00000000000a');
        update postings set account_id = (select account_id from accounts where code = 'tds_adjustable') where amount = 110";
    stage.run("payment", deposited).await;
    stage.holds(30).await;
}

fn refund(id: &str, status: &str, captured: bool) -> Value {
    json!({"refund_id": id, "payment_id": "pay_1", "order_id": "order_1", "receipt": null, "amount": 129_900,
           "currency": "INR", "status": status, "captured": captured, "at": "2026-11-22T12:00:00Z"})
}

#[tokio::test]
async fn refunds_that_the_provider_has_otherwise_than_we_are_found() {
    let mut stage = open_books().await;
    stage.run("payment", HALF_BACK).await;
    let books =
        |refunds: &[Value]| json!({"captures": [capture("pay_1", 259_800)], "refunds": refunds});
    let provider = Provider::showing(books(&[refund("rfnd_1", "pending", true)])).await;
    stage.stack.provider = Some(provider.url.clone());
    stage.holds(30).await;

    let ours = refund("rfnd_1", "processed", true);
    // What failed there, and what was sent back without having been captured, is not our money.
    provider.show(books(&[
        ours.clone(),
        refund("rfnd_2", "failed", true),
        refund("rfnd_3", "processed", false),
    ]));
    stage.holds(30).await;
    provider.show(books(&[ours, refund("rfnd_2", "processed", true)]));
    stage
        .breaks(
            30,
            "the provider gave back 129900 INR of pay_1 as rfnd_2, our books have no such refund",
        )
        .await;
    provider.show(books(&[refund("rfnd_1", "failed", true)]));
    stage
        .breaks(
            30,
            "rfnd_1 is accepted of 129900 INR of pay_1 in our books, for the provider failed of",
        )
        .await;
    provider.show(books(&[]));
    stage
        .breaks(
            30,
            "rfnd_1 over 129900 INR is accepted in our books, the provider has no such refund",
        )
        .await;
}

fn capture(id: &str, amount: i64) -> Value {
    json!({"payment_id": id, "order_id": "order_1", "receipt": null, "amount": amount, "fee": 0, "currency": "INR",
           "at": "2026-11-22T12:00:00Z"})
}

#[tokio::test]
async fn money_that_the_provider_has_otherwise_than_we_is_found() {
    let mut stage = open_books().await;
    let books = |captures: &[Value]| json!({"captures": captures, "refunds": [], "totals": {}});
    let right = capture("pay_1", 259_800);
    let provider = Provider::showing(books(std::slice::from_ref(&right))).await;
    assert_eq!(stage.look(30).await.unseen, ["where the provider shows its books is not known"]);
    stage.stack.provider = Some(provider.url.clone());
    stage.holds(30).await;

    provider.show(books(&[right.clone(), capture("pay_9", 100)]));
    stage.breaks(30, "the provider captured pay_9 over 100 INR of its order order_1").await;
    let mut fresh = capture("pay_9", 100);
    fresh["at"] = json!("2999-01-01T00:00:00Z");
    provider.show(books(&[right, fresh]));
    stage.holds(30).await;
    provider.show(books(&[capture("pay_1", 259_799)]));
    stage
        .breaks(30, "pay_1 is over 259800 INR in our books, the provider captured 259799 INR")
        .await;
    provider.show(books(&[]));
    stage
        .breaks(30, "pay_1 over 259800 INR is captured in our books, the provider has no such")
        .await;
    provider.show(json!({"captures": "none"}));
    let found = stage.look(30).await;
    assert_eq!(found.unseen, ["the provider does not show its books: they name no captures"]);
}

/// What is left of the sale is free, and most of it was paid to its seller.
const PAID_OUT: &str = "
    insert into sellers (vendor_id, is_approved, version) values ('01934e5f-0000-7000-8000-00000000000a', true, 1);
    insert into payout_runs (run_on, started_at) values ('2026-11-23', '2026-11-23T04:30:00Z');
    insert into payouts (payout_id, run_on, vendor_id, amount, currency, status, provider_payout_id, requested_at,
                         accepted_at, paid_at, updated_at, version)
    values ('01934e5f-0000-7000-8000-0000000000e0', '2026-11-23', '01934e5f-0000-7000-8000-00000000000a', 200000, 'INR',
            'paid', 'pout_1', now(), now(), now(), now(), 2);
    insert into accounts (code, kind, vendor_id)
    values ('vendor_payable_available', 'liability', '01934e5f-0000-7000-8000-00000000000a');
    insert into journals (journal_id, cause, payment_id, posted_at)
    values ('01934e5f-0000-7000-8000-0000000000f3', 'release', '01934e5f-0000-7000-8000-000000000028', now()),
           ('01934e5f-0000-7000-8000-0000000000f4', 'payout', null, now());
    insert into postings (journal_id, account_id, amount, currency)
    select journal_id::uuid, account_id, amount, 'INR'
      from accounts join (values
           ('01934e5f-0000-7000-8000-0000000000f3', 'vendor_payable_pending', 227823),
           ('01934e5f-0000-7000-8000-0000000000f3', 'vendor_payable_available', -227823),
           ('01934e5f-0000-7000-8000-0000000000f4', 'vendor_payable_available', 200000),
           ('01934e5f-0000-7000-8000-0000000000f4', 'bank', -200000)) as p (journal_id, code, amount) using (code);
    insert into vendor_balances (vendor_id, currency, available)
    values ('01934e5f-0000-7000-8000-00000000000a', 'INR', 27823)";

fn payout(id: &str, amount: i64, status: &str) -> Value {
    json!({"payout_id": id, "reference_id": null, "amount": amount, "currency": "INR", "status": status,
           "at": "2026-11-23T04:30:00Z"})
}

#[tokio::test]
async fn what_sellers_were_paid_is_in_the_books_and_at_the_provider() {
    let mut stage = open_books().await;
    stage.run("payment", PAID_OUT).await;
    let back = "update payouts set status = 'returned', back_at = now()";
    let paid = "update payouts set status = 'paid', back_at = null";
    stage
        .finds(
            30,
            "payment",
            &[
                (back, paid, "for no payment, bank holds -200000 INR, but what happened adds up to 0"),
                (
                    "update payouts set amount = 200001",
                    "update payouts set amount = 200000",
                    "for no payment, vendor_payable of seller 01934e5f-0000-7000-8000-00000000000a holds 200000 INR",
                ),
                (
                    "update vendor_balances set available = 27822",
                    "update vendor_balances set available = 27823",
                    "seller 01934e5f-0000-7000-8000-00000000000a has 27822 INR available, but its postings add up to 27823",
                ),
                (
                    "update vendor_balances set available = -1, negative_since = '2026-11-22T12:00:00Z'",
                    "update vendor_balances set available = 27823, negative_since = null",
                    "seller 01934e5f-0000-7000-8000-00000000000a owes us 1 INR since 2026-11-22",
                ),
            ],
        )
        .await;

    let books = |payouts: &[Value]| {
        let captures = [capture("pay_1", 259_800)];
        json!({"captures": captures, "refunds": [], "payouts": payouts})
    };
    let provider = Provider::showing(books(&[payout("pout_1", 200_000, "processed")])).await;
    stage.stack.provider = Some(provider.url.clone());
    stage.holds(30).await;
    for (payouts, words) in [
        (
            vec![],
            "payout pout_1 over 200000 INR is accepted in our books, the provider has no such",
        ),
        (
            vec![payout("pout_1", 200_000, "failed")],
            "payout pout_1 is paid of 200000 INR in our books, for the provider failed of 200000 INR",
        ),
        (
            vec![payout("pout_1", 200_000, "processed"), payout("pout_2", 1, "processed")],
            "the provider paid a seller 1 INR as pout_2, our books have no such payout",
        ),
    ] {
        provider.show(books(&payouts));
        stage.breaks(30, words).await;
    }
}
