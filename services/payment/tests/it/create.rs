//! A payment begins.

use chassis::dead_letters;
use contracts::cart::PaymentMethod;
use contracts::payment::{
    CancelPayment, CodAccepted, CodRefused, PaymentCancelled, PaymentCaptured, PaymentCreated,
    PaymentFailed, ShareTerms, SupplyKind,
};
use kernel::{Currency, Money};
use payment::App;
use psp_sandbox::Autopay;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestApp;

use crate::stage::{Stage, ask, config};

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_buyer_gets_the_providers_link_as_it_is(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;

    let view = stage.view(&ask).await;
    assert_eq!(view["status"], "pending");
    assert_eq!(view["method"], "upi");
    assert_eq!(view["amount"], json!({"amount": 235_600, "currency": "INR"}));
    assert_eq!(view["provider_order_id"], created.provider_order_id);
    assert_eq!(view["upi_intent"], created.upi_intent);
    assert!(created.upi_intent.starts_with("upi://pay?pa=mall@upi&"), "{}", created.upi_intent);
    assert!(created.upi_intent.contains("&am=2356.00&cu=INR"), "{}", created.upi_intent);
    assert!(view["qr"].as_str().unwrap().starts_with("<svg"));
    assert_eq!(view["attempts"][0]["status"], "pending");
    assert_eq!(created.payment.order_id, ask.order_id);

    let known: Value = stage
        .psp
        .post(
            &format!("/sandbox/orders/{}/pay", created.provider_order_id),
            json!({"outcome": "none"}),
        )
        .await;
    assert_eq!(
        known["email"], "payments@mall.invalid",
        "the buyer's own address is not given away"
    );
}

/// For the returns to the tax offices; what was said before there were any is paid all the same.
#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_share_keeps_by_what_it_was_reckoned(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let mut ask = ask(PaymentMethod::Upi);
    let terms = ShareTerms {
        supply: SupplyKind::Intra,
        place_of_supply: "29".parse().unwrap(),
        commission_supply: SupplyKind::Inter,
        tcs_base: Money::inr(90_082),
        commission_bp: 1000,
        commission_tax_bp: 1800,
        tcs_bp: 50,
        tds_bp: 10,
    };
    ask.shares[0].terms = Some(terms);
    stage.app.deliver(ask.clone()).await;
    stage.app.run_jobs().await;
    let created = stage.app.emitted::<PaymentCreated>().await.remove(0);
    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.tell("payment.captured", &paid).await;
    assert_eq!(stage.status(&ask).await, "captured");

    let kept: Vec<Option<Value>> =
        sqlx::query_scalar("select terms from shares order by terms nulls last")
            .fetch_all(stage.app.db().pool())
            .await
            .unwrap();
    assert_eq!(kept, [Some(serde_json::to_value(terms).unwrap()), None]);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn asking_twice_is_asking_once(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    stage.app.deliver(ask.clone()).await;
    assert_eq!(stage.app.run_jobs().await, 0);
    assert_eq!(stage.app.emitted_names().await, ["payment.created.v1"], "it is told again");
    assert_eq!(stage.view(&ask).await["attempts"].as_array().unwrap().len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn shares_that_are_not_the_amount_are_dead_letters(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let mut short = ask(PaymentMethod::Upi);
    short.amount = Money::inr(235_601);
    let mut torn = ask(PaymentMethod::Cod);
    torn.shares[0].tds = Money::inr(91);
    let unknown = ask(PaymentMethod::Unknown);
    let mut dollars = ask(PaymentMethod::Upi);
    dollars.amount = Money::new(235_600, Currency::Usd);
    for wrong in [short, torn, unknown, dollars] {
        stage.app.deliver_record(stage.app.record(&wrong)).await;
        let path = format!("/v1/payments/{}", wrong.payment_id);
        stage.app.as_user(wrong.buyer).get(&path).await.problem(404, "not-found");
    }
    let letters = dead_letters::list(stage.app.db()).await.unwrap();
    assert_eq!(letters.len(), 4);
    let emitted = stage.app.emitted_names().await;
    assert!(emitted.iter().all(|name| !name.starts_with("payment.")), "{emitted:?}");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_is_taken_up_to_the_limit(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let small = ask(PaymentMethod::Cod);
    stage.app.deliver(small.clone()).await;
    assert_eq!(stage.app.emitted::<CodAccepted>().await[0].payment.payment_id, small.payment_id);
    assert_eq!(stage.status(&small).await, "cod_accepted");

    let mut large = ask(PaymentMethod::Cod);
    large.shares[0].payable = Money::inr(5_000_000);
    large.shares[0].gross = Money::inr(5_012_944);
    large.amount = Money::inr(5_012_944 + 127_731);
    stage.app.deliver(large.clone()).await;
    assert_eq!(stage.app.emitted::<CodRefused>().await[0].reason, "over-limit");
    assert_eq!(stage.status(&large).await, "cod_refused");
    assert_eq!(stage.app.run_jobs().await, 0, "the provider has no part in cash");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_that_is_asked_for_after_the_window_is_refused(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let mut late = ask(PaymentMethod::Cod);
    late.expires_at = testkit::app::start_of_time();
    stage.app.deliver(late.clone()).await;
    assert_eq!(stage.app.emitted::<CodRefused>().await[0].reason, "too-late");
    assert_eq!(stage.status(&late).await, "cod_refused");
    // The wish to end it is behind, and is answered as well.
    let (payment_id, checkout_id) = (late.payment_id, late.checkout_id);
    stage.app.deliver(CancelPayment { payment_id, checkout_id }).await;
    assert_eq!(stage.app.emitted::<CodRefused>().await[0].reason, "too-late");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_that_was_granted_is_granted_again_after_a_restore(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask(PaymentMethod::Cod);
    stage.app.deliver(ask.clone()).await;
    assert_eq!(stage.app.emitted::<CodAccepted>().await.len(), 1);
    // The backup lacks the payment; `mall restored` has counted on.
    sqlx::query("truncate payments cascade").execute(&stage.pool).await.unwrap();
    stage.advance(200_000);
    stage.app.deliver(ask.clone()).await;
    assert_eq!(stage.app.emitted::<CodAccepted>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "cod_accepted");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_payment_that_was_given_up_before_it_was_known_never_opens(pool: PgPool) {
    let stage = Stage::start(pool).await;
    for method in [PaymentMethod::Upi, PaymentMethod::Cod] {
        let ask = ask(method);
        let (payment_id, checkout_id) = (ask.payment_id, ask.checkout_id);
        stage.app.deliver(CancelPayment { payment_id, checkout_id }).await;
        assert!(stage.app.emitted_names().await.is_empty());
        stage.app.deliver(ask.clone()).await;
        assert_eq!(stage.app.run_jobs().await, 0);
        assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
        assert_eq!(stage.status(&ask).await, "cancelled");
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_provider_that_is_away_is_asked_again(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config("http://127.0.0.1:9")).await;
    let ask = ask(PaymentMethod::Upi);
    app.deliver(ask.clone()).await;
    assert_eq!(app.run_jobs().await, 1);
    assert!(app.emitted_names().await.is_empty());
    assert_eq!(app.run_jobs().await, 0, "not at once");
    app.clock.advance(jiff::SignedDuration::from_secs(2));
    assert_eq!(app.run_jobs().await, 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_the_provider_refuses_fails_and_may_be_tried_again(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let mut tiny = ask(PaymentMethod::Upi);
    // The provider takes one rupee at least.
    tiny.shares.truncate(1);
    let nothing = Money::inr(0);
    let share = &mut tiny.shares[0];
    (share.commission, share.commission_tax, share.tcs, share.tds) =
        (nothing, nothing, nothing, nothing);
    (share.payable, share.gross, tiny.amount) = (Money::inr(99), Money::inr(99), Money::inr(99));
    stage.app.deliver(tiny.clone()).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentFailed>().await[0].reason, "provider-refused");
    assert_eq!(stage.status(&tiny).await, "failed");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_paid_before_its_link_is_known_is_paid(pool: PgPool) {
    let stage = Stage::with(pool, Autopay::Captured).await;
    let ask = ask(PaymentMethod::Upi);
    stage.app.deliver(ask.clone()).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCreated>().await.len(), 1);

    // The process died after the provider opened it: the job is done again and finds it paid.
    sqlx::query("delete from attempts").execute(&stage.pool).await.unwrap();
    sqlx::query("update payments set status = 'created', provider_order_id = null, opening = true")
        .execute(&stage.pool)
        .await
        .unwrap();
    sqlx::query(
        "insert into chassis.job (id, kind, payload, due_at, attempts, traceparent, created_at)
         select $1, 'open', jsonb_build_object('payment_id', payment_id), created_at, 0, '', created_at from payments",
    )
    .bind(ask.payment_id.as_uuid())
    .execute(&stage.pool)
    .await
    .unwrap();
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "captured");
}
