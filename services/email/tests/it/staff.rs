//! What staff see and may do.

use chassis::auth::callers::may;
use contracts::order::{CancelReason, OrderCancelled};
use contracts::user::ContactUpdated;
use email::App;
use futures::future::join_all;
use kernel::{MessageId, OrderId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Client, TestApp, sample};

use crate::scene::{address, config, ledger, otp, person};
use crate::server::{MailServer, Mood};

pub struct Office {
    pub app: TestApp<App>,
    pub server: MailServer,
    buyer: ContactUpdated,
    pub staff: Client,
}

impl Office {
    pub async fn open(pool: PgPool) -> Self {
        let server = MailServer::start(Mood::Take).await;
        let app = TestApp::<App>::start(pool, config(&server.url())).await;
        let buyer = person("Asha Rao");
        app.deliver(buyer.clone()).await;
        let staff = app.as_staff(may::ALL);
        Self { app, server, buyer, staff }
    }

    pub async fn mail(&self) -> String {
        let event = OrderCancelled {
            order_id: OrderId::new(),
            buyer: self.buyer.user_id,
            reason: CancelReason::PaymentWindowOver,
            ..sample()
        };
        self.app.deliver(event).await;
        let newest = self.list("").await["items"][0]["message_id"].clone();
        newest.as_str().unwrap().to_owned()
    }

    async fn list(&self, query: &str) -> Value {
        self.staff.get(&format!("/v1/admin/messages{query}")).await.expect(200)
    }
}

pub fn resend(id: &str) -> String {
    format!("/v1/admin/messages/{id}/resend")
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn staff_see_what_became_of_mail_and_neither_address_nor_contents(pool: PgPool) {
    let office = Office::open(pool).await;
    let id = office.mail().await;
    office.app.run_jobs().await;

    let answer = office.staff.get(&format!("/v1/admin/messages/{id}")).await;

    assert!(answer.header("etag").is_some());
    let text = answer.text();
    assert!(!text.contains(office.buyer.email.as_str()) && !text.contains("M261122"), "{text}");
    let view = answer.expect(200);
    let masked = format!("a***@{}", office.buyer.email.domain());
    assert_eq!(view["recipient"], masked);
    assert_eq!((&view["kind"], &view["status"]), (&json!("order_cancelled"), &json!("sent")));
    assert_eq!((&view["attempts"], &view["reply_code"]), (&json!(1), &Value::Null));
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn staff_see_why_a_mail_is_not_sent(pool: PgPool) {
    let office = Office::open(pool).await;
    office.server.turn(Mood::Refuse(451));
    let id = office.mail().await;
    office.app.run_jobs().await;
    let view = office.staff.get(&format!("/v1/admin/messages/{id}")).await.expect(200);
    assert_eq!((&view["status"], &view["reply_code"]), (&json!("queued"), &json!(451)));
    assert_eq!(view["error"], "email/mail-server-away");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn lists_are_paged_filtered_and_newest_first(pool: PgPool) {
    let office = Office::open(pool).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.insert(0, office.mail().await);
    }
    office.app.run_jobs().await;
    office.app.deliver(otp(&address("new"), "731946")).await;

    let (mut seen, mut query) = (Vec::new(), "?kind=order_cancelled&limit=2".to_owned());
    loop {
        let page = office.list(&query).await;
        let items = page["items"].as_array().unwrap().clone();
        seen.extend(items.iter().map(|item| item["message_id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?kind=order_cancelled&limit=2&after={next}");
    }
    assert_eq!(seen, ids);
    let queued = office.list("?status=queued").await;
    assert_eq!(queued["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(queued["items"][0]["kind"], "sign_in_code");
    assert_eq!(queued["items"][0]["recipient"], Value::Null);
    assert_eq!(office.list("?status=bounced").await["items"], json!([]));

    for (query, status, slug) in [
        ("?status=lost", 422, "validation-error"),
        ("?kind=spam", 422, "validation-error"),
        ("?limit=0", 422, "validation-error"),
        ("?after=x", 422, "validation-error"),
        ("?order=asc", 400, "unknown-field"),
    ] {
        let answer = office.staff.get(&format!("/v1/admin/messages{query}")).await;
        answer.problem(status, slug);
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_settled_mail_is_sent_again_as_a_message_of_its_own(pool: PgPool) {
    let office = Office::open(pool).await;
    office.server.turn(Mood::Refuse(550));
    let id = office.mail().await;
    office.app.run_jobs().await;
    office.server.turn(Mood::Take);

    let answer = office.staff.clone().key("again").post(&resend(&id), json!({})).await;
    let again = answer.expect(201);
    let replay = office.staff.clone().key("again").post(&resend(&id), json!({})).await;
    assert_eq!(replay.header("idempotency-replayed"), Some("true"));
    assert_eq!(replay.expect(201), again);
    office.app.run_jobs().await;

    assert_eq!(office.server.taken().len(), 1);
    let new = again["message_id"].as_str().unwrap();
    let view = office.staff.get(&format!("/v1/admin/messages/{new}")).await.expect(200);
    assert_eq!((&view["status"], &view["resend_of"]), (&json!("sent"), &json!(id)));
    let old = office.staff.get(&format!("/v1/admin/messages/{id}")).await.expect(200);
    assert_eq!((&old["status"], &old["reply_code"]), (&json!("bounced"), &json!(550)));

    let twice = office.staff.post(&resend(&id), json!({})).await;
    twice.problem(409, "email/already-resent");
    office.staff.post(&resend(new), json!({})).await.expect(201);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn twenty_requests_with_one_key_send_one_mail_and_get_one_answer(pool: PgPool) {
    let office = Office::open(pool).await;
    let id = office.mail().await;
    office.app.run_jobs().await;
    let (path, staff) = (resend(&id), office.staff.clone().key("again"));
    let clicks = join_all((0..20).map(|_| staff.post(&path, json!({})))).await;
    let replayed = clicks.iter().filter(|a| a.header("idempotency-replayed").is_some()).count();
    assert_eq!(replayed, 19);
    let answers: Vec<Value> = clicks.into_iter().map(|answer| answer.expect(201)).collect();
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    office.app.run_jobs().await;
    assert_eq!(office.server.taken().len(), 2);

    let other = office.mail().await;
    office.app.run_jobs().await;
    let reused = staff.post(&resend(&other), json!({})).await;
    reused.problem(422, "idempotency/key-reused");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn many_clicks_at_once_send_one_mail(pool: PgPool) {
    let office = Office::open(pool).await;
    let id = office.mail().await;
    office.app.run_jobs().await;
    let path = resend(&id);
    let clicks = join_all((0..8).map(|_| office.staff.post(&path, json!({})))).await;
    let made = clicks.iter().filter(|answer| answer.status == 201).count();
    let refused = clicks.iter().filter(|answer| answer.status == 409).count();
    assert_eq!((made, refused), (1, 7));
    office.app.run_jobs().await;
    assert_eq!(office.server.taken().len(), 2);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn codes_and_queued_mail_are_not_sent_again(pool: PgPool) {
    let office = Office::open(pool).await;
    let queued = office.mail().await;
    office.staff.post(&resend(&queued), json!({})).await.problem(409, "email/not-resendable");

    office.app.deliver(otp(&address("new"), "731946")).await;
    let code = office.list("?kind=sign_in_code").await["items"][0]["message_id"].clone();
    let code = code.as_str().unwrap();
    office.staff.post(&resend(code), json!({})).await.problem(409, "email/not-resendable");
    office.app.run_jobs().await;
    office.staff.post(&resend(code), json!({})).await.problem(409, "email/not-resendable");
    assert_eq!(ledger(&office.app, "sign_in_code").await.len(), 1);
    let view = office.staff.get(&format!("/v1/admin/messages/{code}")).await.expect(200);
    assert!(view["recipient"].as_str().unwrap().starts_with("n***@"), "{view}");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn only_staff_who_manage_mail_come_in(pool: PgPool) {
    let office = Office::open(pool).await;
    let id = office.mail().await;
    let (app, one) = (&office.app, format!("/v1/admin/messages/{id}"));
    let callers = [
        (app.anonymous(), 401, "unauthenticated"),
        (app.as_buyer(), 403, "forbidden"),
        (app.as_staff(&["look"]), 403, "forbidden"),
    ];
    for (caller, status, slug) in callers {
        caller.get("/v1/admin/messages").await.problem(status, slug);
        caller.get(&one).await.problem(status, slug);
        caller.post(&resend(&id), json!({})).await.problem(status, slug);
    }
    let unknown = MessageId::new().to_string();
    for id in [unknown.as_str(), "nonsense"] {
        office.staff.get(&format!("/v1/admin/messages/{id}")).await.problem(404, "not-found");
        office.staff.post(&resend(id), json!({})).await.problem(404, "not-found");
    }
    office.staff.post(&resend(&id), json!({ "to": "x" })).await.problem(400, "unknown-field");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn staff_find_the_mails_about_an_order_and_their_copies(pool: PgPool) {
    let office = Office::open(pool).await;
    let _other = office.mail().await;
    let order_id = OrderId::new();
    let event = OrderCancelled { order_id, buyer: office.buyer.user_id, ..sample() };
    office.app.deliver(event).await;
    let query = format!("?order_id={order_id}");
    let found = office.list(&query).await;
    let [mail] = &found["items"].as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!(mail["kind"], "order_cancelled");

    office.app.run_jobs().await;
    let id = mail["message_id"].as_str().unwrap();
    office.staff.post(&resend(id), ()).await.expect(201);
    assert_eq!(office.list(&query).await["items"].as_array().unwrap().len(), 2);
}
