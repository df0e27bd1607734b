//! Money goes back once, whatever the provider does.

use contracts::payment::{CancelPayment, RefundDone, RefundFailed};
use jiff::SignedDuration;
use payment::App;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestApp;

use crate::four_eyes::act;
use crate::refunder::{Refunder, Say};
use crate::stage::{Stage, config, entity};

const POOR: &str = "Your account does not have enough balance to carry out the refund operation.";

/// A service that owes somebody money, and a provider that is about to be asked for it.
struct Owing {
    stage: Stage,
    bank: Refunder,
    /// The same service over the same database; its provider is `bank`.
    app: TestApp<App>,
    paid: Value,
}

impl Owing {
    async fn start(pool: PgPool) -> Self {
        let stage = Stage::start(pool.clone()).await;
        let bank = Refunder::start().await;
        let app = TestApp::<App>::start(pool, config(&bank.url)).await;
        let (ask, created) = stage.pending().await;
        let (payment_id, checkout_id) = (ask.payment_id, ask.checkout_id);
        stage.app.deliver(CancelPayment { payment_id, checkout_id }).await;
        // The last look, which finds nothing.
        stage.app.run_jobs().await;
        let paid = entity("pay_late", &created.provider_order_id, 235_600);
        stage.bring("evt_late", "payment.captured", &paid).await.expect(200);
        stage.forget_what_was_said().await;
        assert_eq!(stage.account("refunds_payable").await, -235_600, "owed before it moves");
        Self { stage, bank, app, paid }
    }

    async fn run_jobs(&self) -> usize {
        self.app.run_jobs().await
    }

    fn advance(&self, by: SignedDuration) {
        self.app.clock.advance(by);
        self.stage.app.clock.advance(by);
    }

    async fn tell(&self, event: &str, refund: &Value) {
        self.stage.tell_refund(event, refund, &self.paid).await;
    }

    /// The only refund, if it stands at `status`.
    async fn refund(&self, status: &str) -> Value {
        let mut refunds = self.stage.refunds(status).await;
        assert_eq!(refunds.len(), 1, "{status}");
        refunds.remove(0)
    }

    async fn is_owed(&self) {
        assert_eq!(self.stage.account("refunds_payable").await, -235_600);
        assert_eq!(self.stage.account("psp_clearing").await, 235_600);
    }

    /// It was done, and told so, once.
    async fn is_done(&self) {
        assert_eq!(self.app.emitted::<RefundDone>().await.len(), 1);
        self.refund("done").await;
        self.stage.accounts_are_empty().await;
    }

    /// Nothing more was said or booked.
    async fn is_still_done(&self) {
        assert!(self.app.emitted_names().await.is_empty());
        self.refund("done").await;
        self.stage.accounts_are_empty().await;
    }

    fn names(&self) -> Vec<String> {
        let asked = self.bank.asked();
        asked.iter().map(|key| key.rsplit_once('-').unwrap().1.to_owned()).collect()
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_answer_that_never_came_is_asked_for_by_the_same_name(pool: PgPool) {
    let owing = Owing::start(pool).await;
    owing.bank.will([Say::No(409, "busy"), Say::ActAndFall]);
    for _ in 0..3 {
        assert_eq!(owing.run_jobs().await, 1);
        owing.advance(SignedDuration::from_secs(10));
    }
    owing.is_done().await;
    assert_eq!(owing.names(), ["1", "1", "1"]);
    assert_eq!(owing.bank.made().len(), 1, "one refund at the provider");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_provider_that_is_away_for_long_is_looked_at_before_it_is_asked_again(pool: PgPool) {
    let owing = Owing::start(pool).await;
    owing.bank.will((0..12).map(|nth| if nth == 3 { Say::ActAndFall } else { Say::No(502, "") }));
    for _ in 0..12 {
        assert_eq!(owing.run_jobs().await, 1);
        owing.advance(SignedDuration::from_mins(15));
    }
    assert_eq!(owing.run_jobs().await, 0, "left alone for an hour");
    owing.is_owed().await;
    owing.advance(SignedDuration::from_hours(1));
    assert_eq!(owing.run_jobs().await, 1);
    owing.is_done().await;
    assert_eq!((owing.bank.asked().len(), owing.bank.made().len()), (12, 1));
    let failed = "select count(*) from chassis.job where failed_at is not null";
    let failed: i64 = sqlx::query_scalar(failed).fetch_one(&owing.stage.pool).await.unwrap();
    assert_eq!(failed, 0, "nothing was given up");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_failed_is_tried_once_more_by_another_name(pool: PgPool) {
    let owing = Owing::start(pool).await;
    owing.bank.will([Say::Yes("pending")]);
    owing.run_jobs().await;
    let first = owing.bank.made().remove(0);
    assert_eq!(owing.refund("accepted").await["provider_refund_id"], first["id"]);
    owing.stage.accounts_are_empty().await;

    for _ in 0..2 {
        owing.tell("refund.failed", &first).await;
    }
    let failed = owing.app.emitted::<RefundFailed>().await;
    assert_eq!((failed.len(), failed[0].needs_a_person), (1, false));
    owing.is_owed().await;
    assert_eq!(owing.refund("requested").await["attempt"], 2);

    owing.advance(SignedDuration::from_secs(30));
    assert_eq!(owing.run_jobs().await, 1);
    owing.is_done().await;
    assert_eq!(owing.names(), ["1", "2"]);
    // The first attempt is told of once more, late.
    owing.tell("refund.created", &first).await;
    owing.is_still_done().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_fails_three_times_needs_a_person(pool: PgPool) {
    let owing = Owing::start(pool).await;
    owing.bank.will([Say::Yes("pending"), Say::Yes("failed"), Say::Yes("pending")]);
    owing.run_jobs().await;
    owing.tell("refund.failed", &owing.bank.made()[0]).await;
    owing.advance(SignedDuration::from_hours(1));
    owing.run_jobs().await;
    owing.is_owed().await;
    owing.advance(SignedDuration::from_hours(1));
    owing.run_jobs().await;
    owing.tell("refund.failed", &owing.bank.made()[2]).await;
    let failed = owing.app.emitted::<RefundFailed>().await;
    let needs: Vec<_> = failed.iter().map(|failed| failed.needs_a_person).collect();
    assert_eq!(needs, [false, false, true]);
    owing.refund("stuck").await;
    owing.is_owed().await;
    owing.advance(SignedDuration::from_hours(24));
    owing.run_jobs().await;
    assert_eq!(owing.names(), ["1", "2", "3"]);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn told_before_the_answer_twice_and_out_of_order_it_goes_out_once(pool: PgPool) {
    let owing = Owing::start(pool).await;
    let id = owing.refund("requested").await["refund_id"].as_str().unwrap().replace('-', "");
    let refund = json!({"id": "rfnd_1", "payment_id": "pay_late", "amount": 235_600, "currency": "INR",
                        "receipt": format!("{id}-1"), "notes": [], "acquirer_data": {}, "status": "processed"});
    owing.tell("refund.processed", &refund).await;
    owing.is_done().await;
    owing.run_jobs().await;
    for event in ["refund.created", "refund.processed"] {
        owing.tell(event, &refund).await;
    }
    owing.is_still_done().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn without_balance_it_waits_for_hours_and_goes_out(pool: PgPool) {
    let owing = Owing::start(pool).await;
    owing.bank.will([Say::No(400, POOR), Say::No(400, POOR)]);
    owing.run_jobs().await;
    owing.is_owed().await;
    assert_eq!(owing.refund("requested").await["reason"], "no-balance");
    owing.advance(SignedDuration::from_mins(119));
    assert_eq!(owing.run_jobs().await, 0, "asking does not help");
    for _ in 0..2 {
        owing.advance(SignedDuration::from_mins(121));
        assert_eq!(owing.run_jobs().await, 1);
    }
    owing.is_done().await;
    assert_eq!(owing.bank.made().len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_was_given_back_already_is_found(pool: PgPool) {
    let owing = Owing::start(pool).await;
    owing
        .bank
        .will([Say::ActAndFall, Say::No(400, "The payment has been fully refunded already.")]);
    for _ in 0..2 {
        owing.run_jobs().await;
        owing.advance(SignedDuration::from_secs(10));
    }
    owing.is_done().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_the_provider_never_gives_back_needs_a_person(pool: PgPool) {
    let owing = Owing::start(pool).await;
    owing.bank.will([Say::No(400, "The payment has been fully refunded already.")]);
    owing.run_jobs().await;
    let failed = owing.app.emitted::<RefundFailed>().await;
    assert_eq!((failed.len(), failed[0].needs_a_person), (1, true));
    let stuck = owing.refund("stuck").await;
    owing.is_owed().await;
    owing.advance(SignedDuration::from_hours(24));
    assert_eq!(owing.run_jobs().await, 0);

    let path = act(&stuck, "settled");
    let staff = owing.stage.app.as_staff(&["payments.manage"]);
    let said = json!({"bank_reference": "UTR20261130001", "without_account": "At the counter."});
    let waits = staff.post(&path, &said).await.expect(200);
    assert_eq!((&waits["status"], &waits["approval"]), (&json!("stuck"), &json!("report")));
    let second = owing.stage.app.as_staff(&["payments.manage"]);
    second.post(&act(&stuck, "approve"), &json!({})).await.expect(200);
    assert_eq!(owing.stage.account("refunds_payable").await, 0);
    assert_eq!(owing.stage.account("bank").await, -235_600);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_silent_refund_is_looked_at_for_ten_days_and_stays_accepted(pool: PgPool) {
    let owing = Owing::start(pool).await;
    owing.bank.will([Say::Yes("pending")]);
    owing.run_jobs().await;
    for hours in [1, 23, 48, 96, 72, 240] {
        owing.advance(SignedDuration::from_hours(hours));
        owing.run_jobs().await;
    }
    assert_eq!(owing.bank.looked(), 5);
    assert_eq!(owing.refund("accepted").await["reason"], "silent");
    owing.tell("refund.processed", &owing.bank.made()[0]).await;
    owing.is_done().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_look_finds_what_nobody_told(pool: PgPool) {
    let owing = Owing::start(pool).await;
    owing.bank.will([Say::Yes("pending")]);
    owing.run_jobs().await;
    owing.bank.turn(&json!("rfnd_1"), "processed");
    owing.advance(SignedDuration::from_hours(1));
    owing.run_jobs().await;
    owing.is_done().await;
    owing.advance(SignedDuration::from_hours(24));
    assert_eq!(owing.run_jobs().await, 0, "there is nothing to look at any more");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_refund_of_another_amount_is_not_ours(pool: PgPool) {
    let owing = Owing::start(pool).await;
    owing.bank.will([Say::Yes("pending")]);
    owing.run_jobs().await;
    let mut other = owing.bank.made().remove(0);
    other["amount"] = json!(1);
    owing.tell("refund.processed", &other).await;
    owing.refund("accepted").await;
}
