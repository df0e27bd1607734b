//! A payment service with a provider beside it.

use std::fs;
use std::path::PathBuf;

use contracts::cart::PaymentMethod;
use contracts::order::{CreditCause, SellerOrderCredited, SellerOrderDelivered, SellerOrderRef};
use contracts::payment::{
    CreatePayment, PaymentCaptured, PaymentCreated, PaymentFailed, PaymentMismatch, Share,
};
use jiff::SignedDuration;
use kernel::{
    CheckoutId, CreditId, Money, OrderId, PaymentId, SellerOrderId, UserId, VendorId, Vpa,
};
use payment::{App, Config, ProviderSettings, Which};
use psp_sandbox::{Autopay, Running, Sandbox, Signer};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, TestApp};

pub const HOOK: &str = "/v1/webhooks/razorpay";
pub const SECRET: &str = "whsec_test_0001";
/// The sandbox's only merchant.
pub const ACCOUNT: &str = "acc_MallSandbox001";
const KEY_ID: &str = "rzp_test_sandbox01";
const KEY_SECRET: &str = "EnLs21M47BllR3X8PSFtjtbd";

/// A folder of one test, gone afterwards.
pub struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A provider.
pub struct Psp {
    pub running: Running,
    client: reqwest::Client,
    _folder: Folder,
}

impl Psp {
    pub async fn start(autopay: Autopay) -> Self {
        let name = PaymentId::new().to_string();
        let folder = Folder(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name));
        fs::create_dir_all(&folder.0).unwrap();
        let running = Sandbox::start(psp_sandbox::Config {
            key_id: KEY_ID.into(),
            key_secret: KEY_SECRET.into(),
            webhook_secret: SECRET.into(),
            webhook_url: None,
            ledger_file: folder.0.join("ledger.jsonl"),
            autopay,
        });
        let running = running.await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { running, client, _folder: folder }
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let sent = self.client.post(format!("{}{path}", self.running.url())).json(&body).send();
        sent.await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Value {
        let sent = self.client.get(format!("{}{path}", self.running.url())).send();
        sent.await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    /// Somebody gives a payment back on the provider's own pages.
    pub async fn refund_by_hand(&self, payment_id: &str) {
        let url = format!("{}/v1/payments/{payment_id}/refund", self.running.url());
        let request = self.client.post(url).basic_auth(KEY_ID, Some(KEY_SECRET)).json(&json!({}));
        request.send().await.unwrap().error_for_status().unwrap();
    }

    /// The buyer's app does this; webhooks are lost, so tests bring them.
    pub async fn pay(&self, order_id: &str, body: Value) -> Value {
        let mut body = body;
        body["webhook"] = json!({"lose": true});
        self.post(&format!("/sandbox/orders/{order_id}/pay"), body).await
    }
}

pub fn config(url: &str) -> Config {
    let provider = ProviderSettings {
        provider: Which::Razorpay,
        razorpay_url: url.into(),
        razorpay_key_id: KEY_ID.into(),
        razorpay_key_secret: KEY_SECRET.into(),
        razorpay_account_id: Some(ACCOUNT.into()),
        webhook_secret: SECRET.into(),
        webhook_secret_previous: Some("whsec_old".into()),
        upi_payee_vpa: Vpa::parse("mall@upi").unwrap(),
        upi_payee_name: "Mall".into(),
        contact_email: "payments@mall.invalid".into(),
        contact_phone: "+919000090000".into(),
        payout_account: "sandbox".into(),
    };
    Config {
        provider,
        pii_seal_key: "0123456789abcdef0123456789abcdef".to_owned().into(),
        cod_max_paise: 5_000_000,
        second_person_over_paise: 1_000_000,
        payout_weekday: "monday".into(),
        payout_min_paise: 10_000,
        payout_reserve_bp: 0,
        payout_four_eyes_paise: 100_000_000,
        east_asian_font: "/nowhere".into(),
        reconcile_hour: 6,
    }
}

/// The service and the provider.
pub struct Stage {
    pub app: TestApp<App>,
    pub psp: Psp,
    pub pool: PgPool,
}

impl Stage {
    pub async fn start(pool: PgPool) -> Self {
        Self::with(pool, Autopay::Off).await
    }

    pub async fn with(pool: PgPool, autopay: Autopay) -> Self {
        Self::of(pool, Psp::start(autopay).await, |_| ()).await
    }

    /// One member of staff may say this much alone.
    pub async fn with_alone(pool: PgPool, paise: i64) -> Self {
        let psp = Psp::start(Autopay::Off).await;
        Self::of(pool, psp, |config| config.second_person_over_paise = paise).await
    }

    async fn of(pool: PgPool, psp: Psp, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = config(psp.running.url());
        change(&mut config);
        let app = TestApp::<App>::start(pool.clone(), config).await;
        // The last payday is behind it, on which nobody was due.
        assert_eq!(app.run_timers().await, 1);
        Self { app, psp, pool }
    }

    /// A payment that the buyer can pay now.
    pub async fn pending(&self) -> (CreatePayment, PaymentCreated) {
        let ask = ask(PaymentMethod::Upi);
        self.app.deliver(ask.clone()).await;
        self.app.run_jobs().await;
        let mut created = self.app.emitted::<PaymentCreated>().await;
        assert_eq!(created.len(), 1);
        (ask, created.remove(0))
    }

    /// A payment that is paid, and the provider's payment.
    pub async fn captured(&self) -> (CreatePayment, PaymentCreated) {
        let (ask, created) = self.pending().await;
        let paid = self.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
        self.tell("payment.captured", &paid).await;
        assert_eq!(self.app.emitted::<PaymentCaptured>().await.len(), 1);
        (ask, created)
    }

    /// A payment that is paid by `pay_1`, of which the provider knows nothing.
    pub async fn captured_as_pay_1(&self) -> (CreatePayment, Value) {
        let (ask, created) = self.pending().await;
        let paid = entity("pay_1", &created.provider_order_id, 235_600);
        self.tell("payment.captured", &paid).await;
        (ask, paid)
    }

    /// A payment for which a rupee came.
    pub async fn underpaid(&self) -> (CreatePayment, PaymentCreated) {
        let (ask, created) = self.pending().await;
        let short = json!({"outcome": "captured", "amount": 100});
        let short = self.psp.pay(&created.provider_order_id, short).await;
        self.tell("payment.captured", &short).await;
        assert_eq!(self.app.emitted::<PaymentMismatch>().await.len(), 1);
        (ask, created)
    }

    /// An attempt at a payment that fails.
    pub async fn fail(&self, created: &PaymentCreated) -> Value {
        let failed = self.psp.pay(&created.provider_order_id, json!({"outcome": "failed"})).await;
        self.tell("payment.failed", &failed).await;
        assert_eq!(self.app.emitted::<PaymentFailed>().await.len(), 1);
        failed
    }

    /// Brings an event about a payment entity, and lets it be acted upon.
    pub async fn tell(&self, event: &str, entity: &Value) {
        let id = format!("evt_{}", PaymentId::new().as_uuid().simple());
        self.bring(&id, event, entity).await.expect(200);
        self.app.run_jobs().await;
    }

    /// Brings an event as the provider signs it.
    pub async fn bring(&self, id: &str, event: &str, entity: &Value) -> Answer {
        let body = self.event(event, entity);
        self.deliver(Some(id), Some(&sign(SECRET, &body)), body).await
    }

    pub fn event(&self, event: &str, entity: &Value) -> Vec<u8> {
        let at = kernel::Clock::now(&self.app.clock).as_second();
        json!({"entity": "event", "account_id": ACCOUNT, "event": event, "contains": ["payment"],
               "payload": {"payment": {"entity": entity}}, "created_at": at})
        .to_string()
        .into_bytes()
    }

    /// Brings an event about a refund of a payment, and lets it be acted upon.
    pub async fn tell_refund(&self, event: &str, refund: &Value, payment: &Value) {
        let at = kernel::Clock::now(&self.app.clock).as_second();
        let payload = json!({"refund": {"entity": refund}, "payment": {"entity": payment}});
        let body = json!({"entity": "event", "account_id": ACCOUNT, "event": event,
                          "contains": ["refund", "payment"], "payload": payload, "created_at": at});
        let body = body.to_string().into_bytes();
        let id = format!("evt_{}", PaymentId::new().as_uuid().simple());
        self.deliver(Some(&id), Some(&sign(SECRET, &body)), body).await.expect(200);
    }

    pub async fn deliver(&self, id: Option<&str>, sign: Option<&str>, body: Vec<u8>) -> Answer {
        let mut client = self.app.anonymous();
        if let Some(id) = id {
            client = client.with("x-razorpay-event-id", id);
        }
        if let Some(sign) = sign {
            client = client.with("x-razorpay-signature", sign);
        }
        client.send(reqwest::Method::POST, HOOK, Some(("application/json", body))).await
    }

    /// How many webhooks came to this.
    pub async fn kept(&self, outcome: &str) -> i64 {
        sqlx::query_scalar("select count(*) from webhooks where outcome = $1")
            .bind(outcome)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    pub async fn view(&self, ask: &CreatePayment) -> Value {
        let path = format!("/v1/payments/{}", ask.payment_id);
        self.app.as_user(ask.buyer).get(&path).await.expect(200)
    }

    pub async fn status(&self, ask: &CreatePayment) -> String {
        self.view(ask).await["status"].as_str().unwrap().to_owned()
    }

    /// The balance of an account, debits positive.
    pub async fn account(&self, code: &str) -> i64 {
        let sum: Option<i64> = sqlx::query_scalar(
            "select sum(amount)::bigint from postings join accounts using (account_id) where code = $1",
        )
        .bind(code)
        .fetch_one(&self.pool)
        .await
        .unwrap();
        let all: Option<i64> = sqlx::query_scalar("select sum(amount)::bigint from postings")
            .fetch_one(&self.pool)
            .await
            .unwrap();
        assert_eq!(all.unwrap_or(0), 0, "the ledger sums to zero");
        sum.unwrap_or(0)
    }

    /// Whatever came has gone again.
    pub async fn accounts_are_empty(&self) {
        let sums = "select code from postings join accounts using (account_id)
                     group by code, vendor_id, currency having sum(amount) <> 0";
        let open: Vec<String> = sqlx::query_scalar(sums).fetch_all(&self.pool).await.unwrap();
        assert!(open.is_empty(), "{open:?}");
    }

    /// The refunds of this status, as staff sees them.
    pub async fn refunds(&self, status: &str) -> Vec<Value> {
        let staff = self.app.as_staff(&["payments.manage"]);
        let page = staff.get(&format!("/v1/admin/refunds?status={status}")).await.expect(200);
        page["items"].as_array().unwrap().clone()
    }

    pub async fn forget_what_was_said(&self) {
        sqlx::query("delete from chassis.outbox").execute(&self.pool).await.unwrap();
    }

    pub fn advance(&self, seconds: i64) {
        self.app.clock.advance(SignedDuration::from_secs(seconds));
    }
}

/// A payment as the provider tells of it.
pub fn entity(id: &str, order: &str, amount: i64) -> Value {
    json!({"id": id, "entity": "payment", "order_id": order, "amount": amount, "currency": "INR",
           "status": "captured", "notes": [], "error_reason": "payment_declined"})
}

pub fn sign(secret: &str, body: &[u8]) -> String {
    Signer::try_new(secret).unwrap().sign(body)
}

pub fn share(parts: [i64; 5]) -> Share {
    let [payable, commission, commission_tax, tcs, tds] = parts.map(Money::inr);
    Share {
        seller_order_id: SellerOrderId::new(),
        vendor_id: VendorId::new(),
        gross: Money::inr(parts.iter().sum()),
        taxable: Money::inr(90_082),
        commission,
        commission_tax,
        tcs,
        tds,
        payable,
        terms: None,
    }
}

/// An order of two sellers over 2,356 rupees.
pub fn ask(method: PaymentMethod) -> CreatePayment {
    let shares =
        vec![share([94_925, 10_512, 1_892, 450, 90]), share([112_410, 12_448, 2_241, 527, 105])];
    CreatePayment {
        payment_id: PaymentId::new(),
        checkout_id: CheckoutId::new(),
        order_id: OrderId::new(),
        order_number: "M261122-000001".into(),
        buyer: UserId::new(),
        method,
        amount: Money::inr(235_600),
        shares,
        expires_at: testkit::app::start_of_time() + SignedDuration::from_hours(2),
    }
}

pub fn delivered(ask: &CreatePayment, nth: usize) -> SellerOrderDelivered {
    let share = &ask.shares[nth];
    let seller_order = SellerOrderRef {
        checkout_id: ask.checkout_id,
        order_id: ask.order_id,
        seller_order_id: share.seller_order_id,
        number: "M261122-000001-1".into(),
        vendor_id: share.vendor_id,
        buyer: ask.buyer,
        at: testkit::app::start_of_time(),
    };
    SellerOrderDelivered { seller_order, parcel_id: None, lines: Vec::new() }
}

/// All of a share is taken back.
pub fn whole_credit(ask: &CreatePayment, nth: usize) -> SellerOrderCredited {
    SellerOrderCredited {
        return_id: None,
        seller_order: delivered(ask, nth).seller_order,
        credit_id: CreditId::new(),
        nth: 1,
        cause: CreditCause::VendorRejected,
        reason: None,
        lines: Vec::new(),
        share: ask.shares[nth],
        ended: true,
        commercial: false,
    }
}
