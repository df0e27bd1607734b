//! Sellers are paid what is free, once a run; what comes back is owed again, and what they owe is netted.

use contracts::order::{SellerOrderCompleted, SellerOrderCredited};
use contracts::payment::{
    CommissionClosed, CommissionTotals, CreatePayment, PayoutChanged, PayoutState,
};
use contracts::vendor::{VendorChanged, VendorStatus};
use jiff::Timestamp;
use kernel::{Clock, Money, OrderId, PaymentId, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::poll::cut_off;
use crate::stage::{ACCOUNT, SECRET, Stage, ask, delivered, share, sign, whole_credit};

/// Scenario 40: two pieces of 1,299 rupees of one seller.
pub const SALE: [i64; 5] = [227_823, 25_980, 4_676, 1_101, 220];

pub fn sale(vendor: VendorId) -> CreatePayment {
    let mut ask = ask(contracts::cart::PaymentMethod::Upi);
    let mut one = share(SALE);
    one.vendor_id = vendor;
    ask.amount = one.gross;
    ask.shares = vec![one];
    ask
}

impl Stage {
    pub async fn approve(&self, vendor: VendorId, status: VendorStatus) {
        self.app.deliver(VendorChanged { vendor_id: vendor, status, ..sample() }).await;
    }

    pub async fn pay_for(&self, ask: &CreatePayment) {
        let mut ask = ask.clone();
        ask.expires_at = self.app.clock.now() + jiff::SignedDuration::from_hours(2);
        self.app.deliver(ask.clone()).await;
        self.app.run_jobs().await;
        let created = self.app.emitted::<contracts::payment::PaymentCreated>().await.remove(0);
        let paid = self.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
        self.tell("payment.captured", &paid).await;
        self.app.emitted::<contracts::payment::PaymentCaptured>().await;
    }

    /// A sale that is paid and can not be sent back any more.
    pub async fn sold(&self, ask: &CreatePayment) {
        self.pay_for(ask).await;
        for nth in 0..ask.shares.len() {
            let seller_order = delivered(ask, nth).seller_order;
            self.app.deliver(SellerOrderCompleted { seller_order }).await;
        }
    }

    pub fn at(&self, time: &str) {
        let time: Timestamp = time.parse().unwrap();
        self.app.clock.advance(time.duration_since(self.app.clock.now()));
    }

    /// It is payday, and everything that follows happens.
    pub async fn payday(&self) {
        self.app.run_timers().await;
        self.app.run_jobs().await;
    }

    /// Staff have sellers paid, and nothing of it happens yet.
    pub async fn begin_run(&self) -> Value {
        let staff = self.app.as_staff(&["payments.manage"]);
        let run = staff.send(reqwest::Method::POST, "/v1/admin/payouts/run", None).await;
        run.expect(202)
    }

    pub async fn run_now(&self) -> Value {
        let run = self.begin_run().await;
        self.app.run_jobs().await;
        run
    }

    pub async fn payouts(&self) -> Vec<Value> {
        let staff = self.app.as_staff(&["payments.manage"]);
        let page = staff.get("/v1/admin/payouts").await.expect(200);
        page["items"].as_array().unwrap().clone()
    }

    pub async fn available(&self, vendor: VendorId) -> i64 {
        let path = format!("/v1/vendors/{vendor}/balance");
        let seen = self.app.as_vendor(vendor).get(&path).await.expect(200);
        seen["available"]["amount"].as_i64().unwrap()
    }

    pub async fn plan(&self, vendor: VendorId, answer: &str) {
        let path = format!("/sandbox/sellers/{vendor}/plan");
        self.psp.post(&path, json!({"payout": answer})).await;
    }

    /// The provider's webhook about a payout, as it knows it now.
    pub async fn tell_payout(&self, event: &str, payout: &Value) {
        let at = self.app.clock.now().as_second();
        let body = json!({"entity": "event", "account_id": ACCOUNT, "event": event, "contains": ["payout"],
                          "payload": {"payout": {"entity": payout}}, "created_at": at});
        let body = body.to_string().into_bytes();
        let id = format!("evt_{}", PaymentId::new().as_uuid().simple());
        self.deliver(Some(&id), Some(&sign(SECRET, &body)), body).await.expect(200);
    }

    pub async fn settle(&self, id: &Value, outcome: &str) -> Value {
        let path = format!("/sandbox/payouts/{}/settle", id.as_str().unwrap());
        self.psp.post(&path, json!({"outcome": outcome})).await
    }

    pub async fn states(&self) -> Vec<PayoutState> {
        self.app.emitted::<PayoutChanged>().await.into_iter().map(|said| said.state).collect()
    }
}

/// All of a sale is taken back.
pub fn credit(ask: &CreatePayment) -> SellerOrderCredited {
    SellerOrderCredited { ended: false, ..whole_credit(ask, 0) }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn on_monday_at_ten_a_seller_is_paid_once(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    stage.sold(&sale(vendor)).await;
    stage.at("2026-11-23T04:29:59Z");
    stage.payday().await;
    assert_eq!(stage.payouts().await.len(), 0, "it is Monday, a second before ten");
    stage.forget_what_was_said().await;

    stage.at("2026-11-23T04:30:00Z");
    for _ in 0..2 {
        stage.payday().await;
    }
    let payouts = stage.payouts().await;
    assert_eq!(payouts.len(), 1);
    assert_eq!(
        (&payouts[0]["state"], &payouts[0]["amount"]["amount"]),
        (&json!("paid"), &json!(227_823))
    );
    assert_eq!(payouts[0]["run"], "2026-11-23");
    assert_eq!(stage.states().await, [PayoutState::Requested, PayoutState::Paid]);
    assert_eq!(stage.available(vendor).await, 0);
    assert_eq!(stage.account("bank").await, -227_823);

    let books = stage.psp.get("/sandbox/ledger").await;
    assert_eq!(books["payouts"].as_array().unwrap().len(), 1);
    assert_eq!(books["payouts"][0]["payout_id"], payouts[0]["provider_payout_id"]);
    let staff = stage.app.as_staff(&["payments.manage"]);
    let file = staff.get("/v1/admin/payouts/2026-11-23.csv").await.text();
    let line = file.lines().nth(1).unwrap();
    assert!(line.contains(&format!(",{vendor},2278.23,INR,paid,")), "{line}");
    staff.get("/v1/admin/payouts/2026-11-24.csv").await.problem(404, "not-found");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn who_is_suspended_or_has_too_little_waits(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, small) = (VendorId::new(), VendorId::new());
    stage.sold(&sale(vendor)).await;
    let mut little = sale(small);
    little.shares = vec![share([9_999, 0, 0, 0, 0])];
    little.shares[0].vendor_id = small;
    little.amount = Money::inr(9_999);
    stage.sold(&little).await;
    stage.approve(small, VendorStatus::Approved).await;
    assert_eq!(stage.run_now().await["vendors"], json!([]), "never heard of");
    stage.approve(vendor, VendorStatus::Suspended).await;
    assert_eq!(stage.run_now().await["vendors"], json!([]));
    stage.approve(vendor, VendorStatus::Approved).await;
    assert_eq!(stage.run_now().await["vendors"], json!([vendor]));
    assert_eq!(stage.run_now().await["vendors"], json!([]), "paid today");
    assert_eq!((stage.available(vendor).await, stage.available(small).await), (0, 9_999));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_fails_is_owed_again_and_paid_by_the_next_run(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    stage.sold(&sale(vendor)).await;
    stage.forget_what_was_said().await;
    stage.plan(vendor, "pending").await;
    stage.run_now().await;
    assert_eq!(stage.states().await, [PayoutState::Requested, PayoutState::Accepted]);
    assert_eq!(stage.available(vendor).await, 0, "booked before it moves");
    let first = stage.payouts().await.remove(0);
    let failed = stage.settle(&first["provider_payout_id"], "failed").await;
    for _ in 0..2 {
        stage.tell_payout("payout.failed", &failed).await;
    }
    let said = stage.app.emitted::<PayoutChanged>().await;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].state, PayoutState::Failed);
    assert_eq!(said[0].reason.as_deref(), Some("beneficiary_bank_offline"));
    assert_eq!(stage.available(vendor).await, 227_823);
    assert_eq!(stage.account("bank").await, 0);
    assert_eq!(stage.run_now().await["vendors"], json!([]), "once a day");

    stage.plan(vendor, "no_account").await;
    stage.advance(86_400);
    stage.run_now().await;
    let second = stage.payouts().await.remove(0);
    assert_eq!(
        (&second["state"], &second["reason"]),
        (&json!("failed"), &json!("no_bank_account"))
    );

    // Paid, and sent back by the bank a day later.
    stage.plan(vendor, "processed").await;
    stage.advance(86_400);
    stage.run_now().await;
    let third = stage.payouts().await.remove(0);
    assert_eq!((&third["state"], stage.available(vendor).await), (&json!("paid"), 0));
    let returned = stage.settle(&third["provider_payout_id"], "returned").await;
    stage.tell_payout("payout.reversed", &returned).await;
    assert_eq!(stage.payouts().await[0]["state"], "returned");
    assert_eq!(stage.available(vendor).await, 227_823);
    assert_eq!(stage.account("bank").await, 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_payout_of_which_nothing_is_told_is_asked_about(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    stage.sold(&sale(vendor)).await;
    stage.plan(vendor, "pending").await;
    stage.run_now().await;
    let payout = stage.payouts().await.remove(0);
    stage.settle(&payout["provider_payout_id"], "processed").await;
    stage.advance(3_600);
    stage.app.run_jobs().await;
    let payout = stage.payouts().await.remove(0);
    assert_eq!(payout["state"], "paid");
    assert_eq!(payout["bank_reference"].as_str().unwrap().len(), 12);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn while_the_provider_is_away_a_payout_stays_booked_and_no_job_fails(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    stage.sold(&sale(vendor)).await;
    let alone = cut_off(&stage).await;
    let staff = stage.app.as_staff(&["payments.manage"]);
    staff.send(reqwest::Method::POST, "/v1/admin/payouts/run", None).await.expect(202);
    for _ in 0..14 {
        alone.run_jobs().await;
        alone.clock.advance(jiff::SignedDuration::from_mins(10));
        stage.advance(600);
    }
    assert_eq!(
        (stage.available(vendor).await, &stage.payouts().await[0]["state"]),
        (0, &json!("requested"))
    );
    let failed = "select count(*) from chassis.job where failed_at is not null";
    let failed: i64 = sqlx::query_scalar(failed).fetch_one(&stage.pool).await.unwrap();
    assert_eq!(failed, 0);
    // It is back.
    stage.advance(3_600);
    stage.app.run_jobs().await;
    assert_eq!(stage.payouts().await[0]["state"], "paid");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_taken_back_after_the_payout_is_kept_from_the_next_sale(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    let first = sale(vendor);
    stage.sold(&first).await;
    stage.run_now().await;
    // In the next month, when the income tax is deposited.
    stage.at("2026-12-05T12:00:00Z");
    stage.app.deliver(credit(&first)).await;
    assert_eq!(stage.available(vendor).await, -227_823, "owes us");
    assert_eq!(stage.account("tds_adjustable").await, 220);
    assert_eq!(stage.run_now().await["vendors"], json!([]));

    let mut second = sale(vendor);
    second.payment_id = PaymentId::new();
    second.order_id = OrderId::new();
    stage.pay_for(&second).await;
    assert_eq!(stage.account("tds_adjustable").await, 0, "set off");
    assert_eq!(stage.account("tds_payable").await, -220);
    let seller_order = delivered(&second, 0).seller_order;
    stage.app.deliver(SellerOrderCompleted { seller_order }).await;
    assert_eq!(stage.available(vendor).await, 0);
    stage.advance(86_400);
    assert_eq!(stage.run_now().await["vendors"], json!([]), "nothing is left");

    let path = format!("/v1/vendors/{vendor}/statements");
    let seller = stage.app.as_vendor(vendor);
    let seen = seller.get(&path).await.expect(200);
    let months: Vec<_> = seen["months"].as_array().unwrap().iter().map(|m| &m["period"]).collect();
    assert_eq!(months, ["2026-12", "2026-11"]);
    for later in ["2027-01.csv", "2027-01.pdf", "2026-W52.pdf"] {
        seller.get(&format!("{path}/{later}")).await.problem(404, "not-found");
    }
    let statement = seller.get(&format!("{path}/2026-12.csv")).await;
    assert_eq!(statement.header("content-type"), Some("text/csv; charset=utf-8"));
    let (id, order) = (second.payment_id, second.shares[0].seller_order_id);
    let lines: Vec<String> = statement.text().lines().map(str::to_owned).collect();
    let number = "M261122-000001";
    assert_eq!(lines[1], "2026-12-01,,opening balance,,,,0.00,0.00,,,,,,");
    assert!(lines[2].starts_with(&format!("2026-12-05,{number},taken back,credit:")));
    let back = ",available,-2278.23,0.00,-2278.23,-2598.00,-259.80,-46.76,-11.01,-2.20,rejected by the seller";
    assert!(lines[2].ends_with(back), "{}", lines[2]);
    let sold = "pending,2278.23,2278.23,-2278.23,2598.00,259.80,46.76,11.01,2.20,";
    assert_eq!(
        lines[3..],
        [
            format!("2026-12-05,{number},sold,capture:{id},{sold}"),
            format!(
                "2026-12-05,{number},released,release:{order},pending,-2278.23,0.00,-2278.23,,,,,,"
            ),
            format!(
                "2026-12-05,{number},released,release:{order},available,2278.23,0.00,0.00,,,,,,"
            ),
            "2026-12-06,,balance so far,,,,0.00,0.00,,,,,,".to_owned(),
        ]
    );
    let over: Vec<_> = seen["months"].as_array().unwrap().iter().map(|m| &m["is_over"]).collect();
    assert_eq!(over, [false, true]);
    let november = seller.get(&format!("{path}/2026-11.csv")).await.text();
    assert!(november.trim_end().ends_with("2026-11-30,,closing balance,,,,0.00,0.00,,,,,,"));
    let ledger = seller.get(&format!("/v1/vendors/{vendor}/ledger")).await.expect(200);
    let back = ledger["items"].as_array().unwrap().iter().find(|line| !line["why"].is_null());
    let words = (&back.unwrap()["why"], &back.unwrap()["what"]);
    assert_eq!(words, (&json!("vendor_rejected"), &json!("taken back: rejected by the seller")));
    let printed = seller.get(&format!("{path}/2026-12.pdf")).await;
    assert_eq!(printed.header("content-type"), Some("application/pdf"));
    assert_eq!((printed.status.as_u16(), &printed.body[..5]), (200, &b"%PDF-"[..]));
    for wrong in ["2026-13.csv", "2026-13.pdf", "2026-12.txt"] {
        seller.get(&format!("{path}/{wrong}")).await.problem(404, "not-found");
    }
    let other = stage.app.as_vendor(VendorId::new());
    assert_ne!(other.get(&format!("{path}/2026-12.csv")).await.status, 200);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_month_is_closed_once_with_what_was_booked(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = VendorId::new();
    let (first, second) = (sale(vendor), sale(vendor));
    stage.pay_for(&first).await;
    stage.pay_for(&second).await;
    stage.app.deliver(credit(&first)).await;
    stage.at("2026-11-30T19:29:00Z");
    stage.app.run_timers().await;
    assert_eq!(stage.app.emitted::<CommissionClosed>().await.len(), 0, "it is half to one");
    stage.at("2026-11-30T19:30:00Z");
    for _ in 0..2 {
        stage.app.run_timers().await;
    }
    let totals = |times: i64| CommissionTotals {
        commission: Money::inr(25_980 * times),
        tax: Money::inr(4_676 * times),
    };
    let closed = stage.app.emitted::<CommissionClosed>().await;
    assert_eq!(closed.len(), 1);
    assert_eq!((closed[0].vendor_id, closed[0].month.to_string()), (vendor, "2026-11-01".into()));
    assert_eq!((closed[0].charged, closed[0].taken_back), (totals(2), totals(1)));
    assert_eq!(closed[0].taken_back_of_before, totals(0));

    stage.app.deliver(credit(&second)).await;
    stage.at("2027-01-01T00:00:00Z");
    stage.app.run_timers().await;
    let closed = stage.app.emitted::<CommissionClosed>().await;
    assert_eq!(closed.len(), 1);
    assert_eq!((closed[0].charged, closed[0].taken_back), (totals(0), totals(0)));
    assert_eq!(closed[0].taken_back_of_before, totals(1));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn only_staff_that_manages_payments_pays(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = stage.app.as_vendor(VendorId::new());
    let staff = stage.app.as_staff(&["orders.cancel"]);
    for caller in [vendor, staff] {
        caller.get("/v1/admin/payouts").await.problem(403, "forbidden");
        caller.get("/v1/admin/payouts/2026-11-23.csv").await.problem(403, "forbidden");
        let run = caller.send(reqwest::Method::POST, "/v1/admin/payouts/run", None).await;
        run.problem(403, "forbidden");
    }
}
