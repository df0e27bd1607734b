//! What the provider settled otherwise for good: two members of staff say what it is.

use payment::App;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Client, TestApp};

use crate::four_eyes::two;
use crate::race::both_wait_for;
use crate::reconciliations::{PATH, Settler, all_pieces, days, found, nights, row};
use crate::stage::{Stage, config, entity};

const EXPLANATIONS: &str = "/v1/admin/settlement-explanations";

fn wish(difference: &Value) -> Value {
    json!({"difference_id": difference["difference_id"], "reason": "A transfer of our other shop."})
}

async fn act(who: &Client, explanation: &Value, act: &str) -> testkit::Answer {
    let id = explanation["explanation_id"].as_str().unwrap();
    who.post(&format!("{EXPLANATIONS}/{id}/{act}"), &json!({})).await
}

async fn open(app: &TestApp<App>) -> Vec<Value> {
    let all = found(&days(app).await);
    all.into_iter().filter(|difference| difference["resolved_at"].is_null()).collect()
}

/// One says what it is, and another one agrees.
async fn explain(stage: &Stage, difference: &Value) {
    let (one, other) = two(stage);
    let proposed = one.post(EXPLANATIONS, &wish(difference)).await.expect(201);
    assert_eq!(act(&other, &proposed, "approve").await.expect(200)["status"], "booked");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_stays_is_booked_when_two_say_what_it_is(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    stage.tell("payment.captured", &entity("pay_1", &created.provider_order_id, 235_600)).await;
    let provider = Settler::start().await;
    let app = TestApp::<App>::start(stage.pool.clone(), config(&provider.url)).await;
    provider.settles(&[row("pay_1", 235_600), row("pay_9", 1_000)]);
    nights(&app, 4).await;
    let difference = open(&app).await.remove(0);
    assert_eq!(stage.account("psp_clearing").await, -1_000, "more than our books had");

    let (one, other) = two(&stage);
    let proposed = one.post(EXPLANATIONS, &wish(&difference)).await.expect(201);
    assert_eq!(one.post(EXPLANATIONS, &wish(&difference)).await.expect(201), proposed);
    assert_eq!(proposed["amount"]["amount"], 1_000);
    act(&one, &proposed, "approve").await.problem(403, "payment/own-approval");
    assert_eq!(open(&app).await[0]["explanation"], proposed, "nothing is decided");
    act(&other, &proposed, "decline").await.expect(200);
    act(&other, &proposed, "approve").await.problem(409, "payment/nothing-to-approve");
    assert_eq!(open(&app).await[0]["explanation"], Value::Null);
    let proposed = one.post(EXPLANATIONS, &wish(&difference)).await.expect(201);
    for _ in 0..2 {
        act(&other, &proposed, "approve").await.expect(200);
    }
    assert_eq!(stage.account("psp_clearing").await, 0);
    assert_eq!(stage.account("settlement_difference").await, -1_000);
    let all = found(&days(&app).await);
    assert_eq!((all.len(), &all[0]["explanation"]["status"]), (1, &json!("booked")));
    let again = one.post(EXPLANATIONS, &wish(&difference)).await;
    again.problem(409, "payment/not-explainable");
    let missing = one.post(EXPLANATIONS, &json!({"difference_id": 0, "reason": "None."})).await;
    missing.problem(404, "not-found");

    // Gone through again it fits, until the money is heard of after all.
    let (staff, again) = (app.as_staff(&["payments.manage"]), json!({"day": "2026-11-24"}));
    staff.post(PATH, &again).await.expect(202);
    all_pieces(&app).await;
    assert_eq!(open(&app).await, [Value::Null; 0]);
    stage.tell("payment.captured", &entity("pay_9", &created.provider_order_id, 1_000)).await;
    staff.post(PATH, &again).await.expect(202);
    all_pieces(&app).await;
    let twice = open(&app).await.remove(0);
    assert_eq!(
        (&twice["ours"]["amount"], &twice["theirs"]["amount"]),
        (&json!(2_000), &json!(1_000))
    );
    explain(&stage, &twice).await;
    assert_eq!(stage.account("psp_clearing").await, 0);
    assert_eq!(stage.account("settlement_difference").await, 0);
    stage.forget_what_was_said().await;
}

/// Something was settled of which our books know nothing: the difference, and what one member of staff says of it.
struct Unknown {
    stage: Stage,
    app: TestApp<App>,
    /// The provider's name for the order that it may have been paid for.
    order: String,
    other: Client,
    proposed: Value,
}

impl Unknown {
    async fn start(pool: PgPool) -> Self {
        let stage = Stage::start(pool).await;
        let (_, created) = stage.pending().await;
        let order = created.provider_order_id;
        stage.tell("payment.captured", &entity("pay_1", &order, 235_600)).await;
        let provider = Settler::start().await;
        let app = TestApp::<App>::start(stage.pool.clone(), config(&provider.url)).await;
        provider.settles(&[row("pay_1", 235_600), row("pay_9", 1_000)]);
        nights(&app, 4).await;
        let (one, other) = two(&stage);
        let difference = open(&app).await.remove(0);
        let proposed = one.post(EXPLANATIONS, &wish(&difference)).await.expect(201);
        Self { stage, app, order, other, proposed }
    }

    /// Its day is begun with again.
    async fn go_again(&self) {
        let staff = self.app.as_staff(&["payments.manage"]);
        staff.post(PATH, &json!({"day": "2026-11-24"})).await.expect(202);
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_explained_while_its_day_is_gone_through_again_is_booked_once(pool: PgPool) {
    let unknown = Unknown::start(pool).await;
    let Unknown { stage, app, other, proposed, .. } = &unknown;
    unknown.go_again().await;
    let row = format!("differences where difference_id = {}", proposed["difference_id"]);
    let approve = async { act(other, proposed, "approve").await.expect(200) };
    Box::pin(both_wait_for(stage, &row, approve, all_pieces(app))).await;
    all_pieces(app).await;
    assert_eq!(open(app).await, [Value::Null; 0], "it is no difference again");
    assert_eq!(stage.account("settlement_difference").await, -1_000);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_our_books_took_in_since_it_was_explained_is_not_booked(pool: PgPool) {
    let unknown = Unknown::start(pool).await;
    let Unknown { stage, app, order, other, proposed } = &unknown;
    stage.tell("payment.captured", &entity("pay_9", order, 1_000)).await;
    act(other, proposed, "approve").await.problem(409, "payment/not-explainable");
    assert_eq!(stage.account("settlement_difference").await, 0);
    unknown.go_again().await;
    all_pieces(app).await;
    assert_eq!(open(app).await, [Value::Null; 0]);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_never_settled_is_lost_when_two_say_so(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    stage.tell("payment.captured", &entity("pay_1", &created.provider_order_id, 235_600)).await;
    let provider = Settler::start().await;
    let app = TestApp::<App>::start(stage.pool.clone(), config(&provider.url)).await;
    nights(&app, 11).await;
    let missing = open(&app).await.remove(0);
    assert_eq!((&missing["why"], &missing["name"]), (&json!("missing"), &json!("pay_1")));
    // A third one has to look again when it is another difference by the time.
    let (one, other) = two(&stage);
    let proposed = one.post(EXPLANATIONS, &wish(&missing)).await.expect(201);
    let changed = "update differences set ours = ours - 100";
    sqlx::query(changed).execute(&stage.pool).await.unwrap();
    act(&other, &proposed, "approve").await.problem(409, "payment/not-explainable");
    sqlx::query("update differences set ours = ours + 100").execute(&stage.pool).await.unwrap();
    act(&other, &proposed, "approve").await.expect(200);
    assert_eq!(stage.account("psp_clearing").await, 0);
    assert_eq!(stage.account("settlement_difference").await, 235_600);

    let seen = days(&app).await;
    let its_day = seen.iter().find(|day| day["differences"] != json!([])).unwrap();
    let staff = app.as_staff(&["payments.manage"]);
    staff.post(PATH, &json!({"day": its_day["day"]})).await.expect(202);
    all_pieces(&app).await;
    assert_eq!(open(&app).await, [Value::Null; 0], "it is not missed again");
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_proposed_ends_when_the_difference_does(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    stage.tell("payment.captured", &entity("pay_1", &created.provider_order_id, 235_600)).await;
    let provider = Settler::start().await;
    let app = TestApp::<App>::start(stage.pool.clone(), config(&provider.url)).await;
    nights(&app, 11).await;
    let (one, other) = two(&stage);
    let missing = open(&app).await.remove(0);
    let proposed = one.post(EXPLANATIONS, &wish(&missing)).await.expect(201);

    provider.settles(&[row("pay_1", 235_600)]);
    let staff = app.as_staff(&["payments.manage"]);
    staff.post(PATH, &json!({"day": "2026-11-24"})).await.expect(202);
    all_pieces(&app).await;
    nights(&app, 1).await;
    let settled = found(&days(&app).await);
    assert_eq!((settled.len(), &settled[0]["explanation"]), (1, &Value::Null));
    act(&other, &proposed, "approve").await.problem(409, "payment/nothing-to-approve");
    stage.forget_what_was_said().await;
}
