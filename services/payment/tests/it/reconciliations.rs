//! What the provider settled, against what our books have.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use kernel::{Clock, SystemClock};
use payment::App;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestApp;
use tokio::net::TcpListener;

use crate::stage::{Stage, config, entity, whole_credit};

pub const PATH: &str = "/v1/admin/reconciliations";
/// The day of the first capture of a test, by India's calendar.
const FIRST: &str = "2026-11-22";

/// Days as staff see them, the newest first.
pub async fn days(app: &TestApp<App>) -> Vec<Value> {
    let staff = app.as_staff(&["payments.manage"]);
    let page = staff.get(&format!("{PATH}?limit=100")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

pub fn found(days: &[Value]) -> Vec<Value> {
    days.iter().flat_map(|day| day["differences"].as_array().unwrap().clone()).collect()
}

/// One piece after the other.
pub async fn all_pieces(app: &TestApp<App>) {
    while app.run_jobs().await > 0 {}
}

/// The clock of the provider and ours show the same, some days later.
fn pass(stage: &Stage, days: i64) {
    stage.app.clock.advance(SignedDuration::from_hours(24 * days));
    let ahead = stage.app.clock.now().duration_since(SystemClock.now());
    if ahead.is_positive() {
        stage.psp.running.forward_to(ahead.as_secs()).unwrap();
    } else {
        stage.app.clock.advance(-ahead);
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_settled_is_at_our_bank_but_for_what_the_provider_keeps(pool: PgPool) {
    let stage = Stage::start(pool).await;
    pass(&stage, 0);
    let mut ask = crate::stage::ask(contracts::cart::PaymentMethod::Upi);
    ask.expires_at = stage.app.clock.now() + SignedDuration::from_hours(2);
    stage.app.deliver(ask.clone()).await;
    stage.app.run_jobs().await;
    let created = stage.app.emitted::<contracts::payment::PaymentCreated>().await.remove(0);
    let order = &created.provider_order_id;
    stage.psp.post(&format!("/sandbox/orders/{order}/plan"), json!({"fee_bp": 200})).await;
    let paid = stage.psp.pay(order, json!({"outcome": "captured"})).await;
    stage.tell("payment.captured", &paid).await;
    stage.app.deliver(whole_credit(&ask, 0)).await;
    stage.app.run_jobs().await;
    stage.forget_what_was_said().await;
    assert!(days(&stage.app).await.is_empty(), "no day is over");

    pass(&stage, 10);
    stage.app.run_timers().await;
    all_pieces(&stage.app).await;
    let gone_through = days(&stage.app).await;
    assert!((9..=10).contains(&gone_through.len()), "{gone_through:?}");
    assert!(gone_through.iter().all(|day| day["done_at"].is_string()));
    assert_eq!(found(&gone_through), [Value::Null; 0]);
    let books = async || {
        let mut books = Vec::new();
        for account in ["bank", "psp_fees", "input_gst", "psp_clearing"] {
            books.push(stage.account(account).await);
        }
        books
    };
    let back = ask.shares[0].gross.minor();
    let settled = [235_600 - back - 5_560, 4_712, 848, 0];
    assert_eq!(books().await, settled);

    let settled_on = gone_through.iter().find(|day| day["settlements"] == 1).unwrap();
    let staff = stage.app.as_staff(&["payments.manage"]);
    let again = staff.post(PATH, &json!({"day": settled_on["day"]})).await.expect(202);
    assert_eq!((&again["run"], &again["done_at"]), (&json!(2), &Value::Null));
    let meanwhile = staff.post(PATH, &json!({"day": settled_on["day"]})).await.expect(202);
    assert_eq!(meanwhile["run"], 2, "it is under way");
    all_pieces(&stage.app).await;
    assert_eq!(books().await, settled, "booked once");
    assert_eq!(found(&days(&stage.app).await), [Value::Null; 0]);
    stage.forget_what_was_said().await;
}

/// A provider that settles what it is told, three rows at a time, on the last day of the first month.
pub struct Settler {
    pub url: String,
    rows: Arc<Mutex<Result<Vec<Value>, StatusCode>>>,
}

type Shared = State<Arc<Mutex<Result<Vec<Value>, StatusCode>>>>;

impl Settler {
    pub async fn start() -> Self {
        let rows = Arc::new(Mutex::new(Ok(Vec::new())));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let path = "/v1/settlements/recon/combined";
        let routes = Router::new().route(path, get(combined)).with_state(rows.clone());
        tokio::spawn(axum::serve(listener, routes).into_future());
        Self { url, rows }
    }

    pub fn settles(&self, rows: &[Value]) {
        *self.rows.lock().unwrap() = Ok(rows.to_vec());
    }
}

async fn combined(
    State(rows): Shared,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, StatusCode> {
    let rows = rows.lock().unwrap().clone()?;
    let day: Vec<&str> = asked.iter().take(3).map(|(_, value)| &**value).collect();
    let items = if day == ["2026", "11", "24"] { rows } else { Vec::new() };
    Ok(Json(json!({"entity": "collection", "count": items.len(), "items": items})))
}

/// A row as Razorpay documents it.
pub fn row(entity_id: &str, amount: i64) -> Value {
    json!({"entity_id": entity_id, "type": "payment", "debit": 0, "credit": amount - 236, "amount": amount,
           "currency": "INR", "fee": 236, "tax": 36, "on_hold": false, "settled": true, "created_at": 1_567_692_556,
           "settled_at": 1_568_176_960, "settlement_id": "setl_DGlQ1Rj8os78Ec", "posted_at": null,
           "credit_type": "default", "description": null, "notes": "Beam me up Scotty.", "payment_id": null,
           "settlement_utr": "1568176960vxp0rj", "order_id": "order_DEXrnRiR3SNDHA", "order_receipt": null,
           "method": "upi", "card_network": null, "card_issuer": null, "card_type": null, "dispute_id": null})
}

/// Some days later, by the calendar of the test.
pub async fn nights(app: &TestApp<App>, days: i64) {
    app.clock.advance(SignedDuration::from_hours(24 * days));
    app.run_timers().await;
    all_pieces(app).await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_does_not_fit_is_a_difference_until_it_does(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    for (id, amount) in [("pay_1", 235_600), ("pay_2", 500), ("pay_3", 700)] {
        stage.tell("payment.captured", &entity(id, &created.provider_order_id, amount)).await;
    }
    let provider = Settler::start().await;
    let app = TestApp::<App>::start(stage.pool.clone(), config(&provider.url)).await;
    provider.settles(&[row("pay_1", 235_600), row("pay_2", 501), row("pay_9", 1_000)]);
    nights(&app, 4).await;
    let differences = found(&days(&app).await);
    let told: Vec<_> = differences.iter().map(|it| (&it["name"], &it["why"])).collect();
    assert_eq!(told, [(&json!("pay_2"), &json!("amount")), (&json!("pay_9"), &json!("unknown"))]);
    assert_eq!(differences[0]["ours"]["amount"], 500);
    assert_eq!(differences[0]["theirs"]["amount"], 501);
    assert_eq!(stage.account("bank").await, 235_600 + 501 + 1_000 - 3 * 236);

    // A week later the third one should have been settled, too.
    nights(&app, 7).await;
    let why = |why: &str, all: &[Value]| all.iter().filter(|it| it["why"] == why).count();
    let differences = found(&days(&app).await);
    assert_eq!((differences.len(), why("missing", &differences)), (3, 1));

    // The webhook of the ninth was late, and the provider puts the others right: what was booked stays booked.
    stage.tell("payment.captured", &entity("pay_9", &created.provider_order_id, 1_000)).await;
    let mut other = row("pay_3", 700);
    other["settlement_id"] = json!("setl_DGlQ1Rj8os78Ed");
    provider.settles(&[row("pay_1", 235_600), row("pay_2", 500), row("pay_9", 1_000), other]);
    let staff = app.as_staff(&["payments.manage"]);
    staff.post(PATH, &json!({"day": "2026-11-24"})).await.expect(202);
    all_pieces(&app).await;
    let differences = found(&days(&app).await);
    let open: Vec<_> = differences.iter().filter(|it| it["resolved_at"].is_null()).collect();
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!((&open[0]["kind"], &open[0]["why"]), (&json!("settlement"), &json!("amount")));
    assert_eq!(stage.account("bank").await, 235_600 + 501 + 1_000 + 700 - 4 * 236);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_provider_that_is_away_is_asked_again(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    stage.tell("payment.captured", &entity("pay_1", &created.provider_order_id, 235_600)).await;
    let provider = Settler::start().await;
    let app = TestApp::<App>::start(stage.pool.clone(), config(&provider.url)).await;
    *provider.rows.lock().unwrap() = Err(StatusCode::BAD_GATEWAY);
    nights(&app, 4).await;
    assert!(days(&app).await.iter().all(|day| day["done_at"].is_null()));
    provider.settles(&[row("pay_1", 235_600)]);
    app.clock.advance(SignedDuration::from_mins(3));
    all_pieces(&app).await;
    assert!(days(&app).await.iter().all(|day| day["done_at"].is_string()));
    assert_eq!(stage.account("psp_clearing").await, 0);
    let failed: i64 =
        sqlx::query_scalar("select count(*) from chassis.job where failed_at is not null")
            .fetch_one(&stage.pool)
            .await
            .unwrap();
    assert_eq!(failed, 0);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn only_days_that_are_over_are_gone_through_by_staff_who_may(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let staff = stage.app.as_staff(&["payments.manage"]);
    let day = |day: Date| json!({"day": day});
    let first: Date = FIRST.parse().unwrap();
    let nothing = staff.post(PATH, &day(first)).await;
    nothing.problem(422, "payment/not-reconcilable");
    stage.captured().await;
    for other in [first.yesterday().unwrap(), first, first.checked_add(1.days()).unwrap()] {
        staff.post(PATH, &day(other)).await.problem(422, "payment/not-reconcilable");
    }
    staff.post(PATH, &json!({"day": "soon"})).await.problem(422, "validation-error");
    for (client, status, slug) in [
        (stage.app.anonymous(), 401, "unauthenticated"),
        (stage.app.as_buyer(), 403, "forbidden"),
        (stage.app.as_staff(&["look"]), 403, "forbidden"),
    ] {
        client.get(PATH).await.problem(status, slug);
        client.post(PATH, &day(first)).await.problem(status, slug);
    }
}
