//! What was sold is taken back: from everybody's share, and to the buyer.

use chassis::apply::ApplyError;
use chassis::subscriptions::Kind;
use chassis::{Service, dead_letters};
use contracts::cart::PaymentMethod;
use contracts::order::{CreditCause, SellerOrderCredited};
use contracts::payment::{
    CodAccepted, CodCollected, CreatePayment, PaymentCaptured, PaymentCreated, RefundDone,
    RefundFailed, RefundKind, RefundRequested, Share,
};
use kernel::Money;
use payment::App;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::Answer;

use crate::stage::{Stage, ask, delivered, share, whole_credit};

/// Three pieces of 499 rupees; what each of them takes back is what is left with it less what is left without it.
const WHOLE: [i64; 5] = [131_274, 14_970, 2_695, 634, 127];
const PIECES: [[i64; 5]; 3] =
    [[43_757, 4_990, 899, 212, 42], [43_759, 4_990, 898, 210, 43], [43_758, 4_990, 898, 212, 42]];

fn ask_for_three(method: PaymentMethod) -> CreatePayment {
    let mut ask = ask(method);
    ask.shares = vec![Share { taxable: Money::inr(126_864), ..share(WHOLE) }];
    ask.amount = Money::inr(149_700);
    ask
}

fn credit(ask: &CreatePayment, nth: usize, parts: [i64; 5], taxable: i64) -> SellerOrderCredited {
    let whole = ask.shares[nth];
    let (seller_order_id, vendor_id) = (whole.seller_order_id, whole.vendor_id);
    let back = Share { seller_order_id, vendor_id, taxable: Money::inr(taxable), ..share(parts) };
    SellerOrderCredited { share: back, ended: false, ..whole_credit(ask, nth) }
}

fn piece(ask: &CreatePayment, nth: usize) -> SellerOrderCredited {
    credit(ask, 0, PIECES[nth], 42_288)
}

/// All of a share of the usual order.
fn whole(ask: &CreatePayment, nth: usize) -> SellerOrderCredited {
    SellerOrderCredited { share: ask.shares[nth], ..credit(ask, nth, [0; 5], 0) }
}

async fn captured(stage: &Stage) -> CreatePayment {
    let ask = ask_for_three(PaymentMethod::Upi);
    stage.app.deliver(ask.clone()).await;
    stage.app.run_jobs().await;
    let created = stage.app.emitted::<PaymentCreated>().await.remove(0);
    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.tell("payment.captured", &paid).await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    ask
}

async fn accepted(stage: &Stage, ask: CreatePayment) -> CreatePayment {
    stage.app.deliver(ask.clone()).await;
    assert_eq!(stage.app.emitted::<CodAccepted>().await.len(), 1);
    ask
}

async fn collect(stage: &Stage, ask: &CreatePayment, nth: usize) -> Answer {
    let share = &ask.shares[nth];
    let path =
        format!("/v1/vendors/{}/orders/{}/cod-collected", share.vendor_id, share.seller_order_id);
    stage.app.as_vendor(share.vendor_id).send(reqwest::Method::POST, &path, None).await
}

async fn letters(stage: &Stage) -> usize {
    dead_letters::list(stage.app.db()).await.unwrap().len()
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn piece_by_piece_everything_goes_back_to_the_last_paisa(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = captured(&stage).await;
    let mut pending = -131_274;
    for (nth, parts) in PIECES.into_iter().enumerate() {
        let credit = piece(&ask, nth);
        stage.app.deliver(credit.clone()).await;
        pending += parts[0];
        assert_eq!(stage.account("vendor_payable_pending").await, pending);
        assert_eq!(stage.account("refunds_payable").await, -49_900, "owed before it moves");
        let requested = stage.app.emitted::<RefundRequested>().await.remove(0).refund;
        assert_eq!((requested.kind, requested.amount), (RefundKind::Credit, Money::inr(49_900)));
        assert_eq!(requested.credit_id, Some(credit.credit_id));
        assert_eq!(requested.seller_order_id, Some(ask.shares[0].seller_order_id));

        stage.app.run_jobs().await;
        let done = stage.app.emitted::<RefundDone>().await.remove(0);
        assert_eq!(done.refund.refund_id, requested.refund_id);
        // Heard again, it has no second effect.
        stage.app.deliver(credit).await;
        assert!(stage.app.emitted_names().await.is_empty());
    }
    stage.accounts_are_empty().await;
    assert_eq!(stage.status(&ask).await, "captured", "it was paid");
    assert_eq!(stage.psp.get("/sandbox/ledger").await["totals"]["INR"]["refunded"], 149_700);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn one_piece_back_is_posted_as_the_worked_example_says(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = captured(&stage).await;
    stage.app.deliver(piece(&ask, 0)).await;
    stage.app.run_jobs().await;
    for (account, balance) in [
        ("psp_clearing", 99_800),
        ("vendor_payable_pending", -87_517),
        ("commission_income", -9_980),
        ("output_gst", -1_796),
        ("tcs_payable", -422),
        ("tds_payable", -85),
        ("refunds_payable", 0),
    ] {
        assert_eq!(stage.account(account).await, balance, "{account}");
    }
    let vendor = ask.shares[0].vendor_id;
    let path = format!("/v1/vendors/{vendor}/ledger");
    let page = stage.app.as_vendor(vendor).get(&path).await.expect(200);
    assert_eq!(page["items"][0]["amount"], json!({"amount": -43_757, "currency": "INR"}));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn income_tax_of_a_month_that_is_over_counts_for_the_next_sales(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = captured(&stage).await;
    stage.advance(20 * 24 * 3600);
    stage.app.deliver(piece(&ask, 0)).await;
    assert_eq!(stage.account("tds_payable").await, -127);
    assert_eq!(stage.account("tds_adjustable").await, 42);
    assert_eq!(stage.account("tcs_payable").await, -422);
    let vendor = ask.shares[0].vendor_id;
    let path = format!("/v1/vendors/{vendor}/ledger");
    let page = stage.app.as_vendor(vendor).get(&path).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 2, "it is nothing that the seller is owed");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn credits_never_go_over_the_share(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = captured(&stage).await;
    let twice = [0, 1, 2, 3, 4].map(|n| PIECES[0][n] + PIECES[1][n]);
    for credit in [credit(&ask, 0, twice, 84_576), credit(&ask, 0, twice, 84_576)] {
        stage.app.deliver_record(stage.app.record(&credit)).await;
    }
    assert_eq!(letters(&stage).await, 1, "one of the two is too much");
    assert_eq!(stage.app.emitted::<RefundRequested>().await.len(), 1);
    assert_eq!(stage.account("refunds_payable").await, -99_800);
}

type Wrong = fn(&CreatePayment) -> SellerOrderCredited;

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_credit_that_does_not_fit_its_share_is_a_dead_letter(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let more_commission: Wrong = |ask| credit(ask, 0, [0, 14_971, 0, 0, 0], 0);
    let more_taxable: Wrong = |ask| credit(ask, 0, PIECES[0], 126_865);
    let anothers: Wrong = |ask| {
        let mut credit = piece(ask, 0);
        credit.share.seller_order_id = kernel::SellerOrderId::new();
        credit
    };
    let torn: Wrong = |ask| {
        let mut credit = piece(ask, 0);
        credit.share.gross = Money::inr(49_899);
        credit
    };
    let mut all = Vec::new();
    for wrong in [more_commission, more_taxable, anothers, torn] {
        all.push(wrong(&captured(&stage).await));
    }
    for (n, wrong) in all.iter().enumerate() {
        stage.app.deliver_record(stage.app.record(wrong)).await;
        assert_eq!(letters(&stage).await, n + 1);
        assert_eq!(stage.refunds("requested").await, Vec::<Value>::new());
        assert_eq!(stage.account("refunds_payable").await, 0, "nothing of it is booked");
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_not_paid_yet_is_waited_for(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let unknown = crate::stage::ask(PaymentMethod::Upi);
    let early = whole(&ask, 0);
    for credit in [&early, &whole(&unknown, 0)] {
        let subscribed = App::subscriptions().of(&stage.app.app);
        let consumer = chassis::run::consumer::<App>(stage.app.db(), &subscribed, Kind::Effect);
        let taken = consumer.apply(&[stage.app.record(credit)]).await;
        let Err(ApplyError::Handler { problem, .. }) = taken else { panic!("it was taken in") };
        assert_eq!((problem.status, problem.slug), (503, "payment/not-yet"));
    }
    assert_eq!(stage.refunds("requested").await, Vec::<Value>::new());

    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.tell("payment.captured", &paid).await;
    stage.app.deliver(early).await;
    assert_eq!(stage.refunds("requested").await.len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_was_taken_back_is_not_collected(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = accepted(&stage, ask_for_three(PaymentMethod::Cod)).await;
    stage.app.deliver(delivered(&ask, 0)).await;
    stage.app.deliver(piece(&ask, 0)).await;
    assert!(stage.app.emitted_names().await.is_empty(), "no money came, so none goes back");
    let taken = collect(&stage, &ask, 0).await.expect(200);
    assert_eq!(taken["collected"], json!({"amount": 99_800, "currency": "INR"}));
    assert_eq!(taken["status"], "cod_collected");
    assert_eq!(stage.app.emitted::<CodCollected>().await[0].collected, Money::inr(99_800));
    assert_eq!(stage.account("cod_receivable").await, 99_800);
    assert_eq!(stage.account("vendor_payable_pending").await, -87_517);

    // Taken back after the cash came: somebody has to give it back.
    let credit = piece(&ask, 1);
    stage.app.deliver(credit.clone()).await;
    let requested = stage.app.emitted::<RefundRequested>().await;
    assert_eq!(requested[0].refund.credit_id, Some(credit.credit_id));
    let failed = stage.app.emitted::<RefundFailed>().await;
    assert_eq!((&*failed[0].reason, failed[0].needs_a_person), ("was-cash", true));
    assert_eq!(stage.app.run_jobs().await, 0, "the provider has no part in cash");
    assert_eq!(stage.account("refunds_payable").await, -49_900);
    assert_eq!(stage.account("vendor_payable_pending").await, -43_758);
    assert_eq!(collect(&stage, &ask, 0).await.expect(200), taken, "it answers as before");

    let refund = stage.refunds("by_hand").await.remove(0);
    let path = format!("/v1/admin/refunds/{}", refund["refund_id"].as_str().unwrap());
    let said = json!({"bank_reference": "UTR20261130001", "without_account": "By hand."});
    for (act, body) in [("settled", said), ("approve", json!({}))] {
        let staff = stage.app.as_staff(&["payments.manage"]);
        staff.post(&format!("{path}/{act}"), &body).await.expect(200);
    }
    assert_eq!(stage.account("bank").await, -49_900);
    assert_eq!(stage.account("refunds_payable").await, 0);
    assert_eq!(stage.app.emitted::<RefundDone>().await.len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_sent_back_was_paid_at_the_door_reported_or_not(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = accepted(&stage, ask_for_three(PaymentMethod::Cod)).await;
    stage.app.deliver(delivered(&ask, 0)).await;
    stage.app.deliver(SellerOrderCredited { cause: CreditCause::Returned, ..piece(&ask, 0) }).await;
    assert_eq!(stage.app.emitted::<CodCollected>().await[0].collected, Money::inr(149_700));
    assert_eq!(stage.app.emitted::<RefundFailed>().await[0].reason, "was-cash");
    assert_eq!(stage.account("cod_receivable").await, 149_700);
    assert_eq!(stage.account("refunds_payable").await, -49_900);
    assert_eq!(stage.account("vendor_payable_pending").await, -87_517);
    assert_eq!(stage.refunds("by_hand").await.len(), 1);
    let taken = collect(&stage, &ask, 0).await.expect(200);
    assert_eq!(taken["collected"], json!({"amount": 149_700, "currency": "INR"}));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_price_that_is_reduced_is_borne_by_its_seller_and_the_cash_was_taken(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = accepted(&stage, ask_for_three(PaymentMethod::Cod)).await;
    stage.app.deliver(delivered(&ask, 0)).await;
    let reduced = credit(&ask, 0, [8769, 1000, 180, 42, 9], 8474);
    let cause = CreditCause::PriceReduced;
    stage.app.deliver(SellerOrderCredited { cause, ..reduced }).await;
    assert_eq!(stage.app.emitted::<CodCollected>().await[0].collected, Money::inr(149_700));
    assert_eq!(stage.app.emitted::<RefundFailed>().await[0].reason, "was-cash");
    assert_eq!(stage.account("refunds_payable").await, -10_000);
    assert_eq!(stage.account("vendor_payable_pending").await, 8769 - 131_274);
    assert_eq!(stage.account("commission_income").await, 1000 - 14_970);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_is_complete_when_what_is_left_is_collected(pool: PgPool) {
    let stage = Stage::start(pool).await;
    // The other share was collected before, or is after.
    for collected_first in [true, false] {
        let ask = accepted(&stage, ask(PaymentMethod::Cod)).await;
        for nth in [0, 1] {
            stage.app.deliver(delivered(&ask, nth)).await;
        }
        if collected_first {
            assert_eq!(collect(&stage, &ask, 1).await.expect(200)["status"], "cod_accepted");
        }
        stage.app.deliver(whole(&ask, 0)).await;
        collect(&stage, &ask, 0).await.problem(409, "payment/not-cod");
        collect(&stage, &ask, 1).await.expect(200);
        assert_eq!(stage.status(&ask).await, "cod_collected");
    }
    assert_eq!(stage.account("cod_receivable").await, 2 * 127_731);
    assert_eq!(stage.account("refunds_payable").await, 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_for_an_order_of_which_nothing_is_left_is_void(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = accepted(&stage, ask(PaymentMethod::Cod)).await;
    stage.app.deliver(whole(&ask, 0)).await;
    assert_eq!(stage.status(&ask).await, "cod_accepted", "the other part is due");
    let last = whole(&ask, 1);
    stage.app.deliver(last.clone()).await;
    assert_eq!(stage.status(&ask).await, "cod_void");
    stage.app.deliver(last).await;
    assert_eq!(letters(&stage).await, 0);
    stage.accounts_are_empty().await;
    for nth in [0, 1] {
        collect(&stage, &ask, nth).await.problem(409, "payment/not-cod");
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_and_a_credit_at_once_are_one_of_the_two(pool: PgPool) {
    let stage = Stage::start(pool).await;
    for _ in 0..5 {
        let ask = accepted(&stage, ask_for_three(PaymentMethod::Cod)).await;
        stage.app.deliver(delivered(&ask, 0)).await;
        let (before, owed) =
            (stage.account("cod_receivable").await, stage.account("refunds_payable").await);
        let heard = stage.app.deliver(piece(&ask, 0));
        let (taken, ()) = futures::join!(collect(&stage, &ask, 0), heard);
        let taken = taken.expect(200)["collected"]["amount"].as_i64().unwrap();
        let cash = stage.account("cod_receivable").await - before;
        let back = stage.account("refunds_payable").await - owed;
        assert!([(149_700, -49_900), (99_800, 0)].contains(&(cash, back)), "{cash} {back}");
        assert_eq!(taken, cash);
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_credit_too_small_for_the_provider_goes_back_by_hand(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = captured(&stage).await;
    stage.app.deliver(credit(&ask, 0, [50, 0, 0, 0, 0], 50)).await;
    assert_eq!(stage.app.run_jobs().await, 0);
    let refund = stage.refunds("by_hand").await.remove(0);
    assert_eq!((&refund["amount"]["amount"], &refund["reason"]), (&json!(50), &json!("too-small")));
}
