//! The payment provider is told where approved sellers are paid.

use std::fs;
use std::path::PathBuf;

use contracts::admin::Decision;
use contracts::vendor::{PayoutAccountChanged, PayoutAccountState, VendorChanged};
use jiff::SignedDuration;
use kernel::{Clock, UserId};
use psp_sandbox::{Autopay, Running, Sandbox};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestApp;
use vendor::{App, Config};

use crate::scene::{PDF, Scene, config, unregistered};

const NUMBER: &str = "012345678901";
const OTHER: &str = "998877665544";

/// A seller that was approved while the provider was away, and a service that reaches it.
struct Counter {
    scene: Scene,
    app: TestApp<App>,
    psp: Running,
    client: reqwest::Client,
    folder: PathBuf,
}

impl Drop for Counter {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

impl Counter {
    async fn open(pool: PgPool) -> Self {
        let scene = Scene::approved(pool.clone()).await;
        let name = scene.vendor_id.to_string();
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        let sandbox = psp_sandbox::Config {
            key_id: "rzp_test_sandbox01".into(),
            key_secret: "EnLs21M47BllR3X8PSFtjtbd".into(),
            webhook_secret: "whsec_test_0001".into(),
            webhook_url: None,
            ledger_file: folder.join("ledger.jsonl"),
            autopay: Autopay::Off,
        };
        let psp = Sandbox::start(sandbox).await.unwrap();
        let config = Config { razorpay_url: psp.url().to_string(), ..config() };
        let app = TestApp::<App>::start(pool, config).await;
        app.clock.advance(SignedDuration::from_mins(1));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { scene, app, psp, client, folder }
    }

    /// The accounts of the seller at the provider: their numbers, and whether anything is paid to them.
    async fn accounts(&self) -> Vec<(String, bool)> {
        let url = format!("{}/sandbox/sellers/{}", self.psp.url(), self.scene.vendor_id);
        let seen: Value = self.client.get(url).send().await.unwrap().json().await.unwrap();
        let accounts = seen["accounts"].as_array().unwrap().iter();
        let read = |account: &Value| {
            let number = account["bank"]["account_number"].as_str().unwrap();
            (number.to_owned(), account["active"].as_bool().unwrap())
        };
        accounts.map(read).collect()
    }

    async fn refuses(&self) {
        let url = format!("{}/sandbox/sellers/{}/plan", self.psp.url(), self.scene.vendor_id);
        let plan = self.client.post(url).json(&json!({"account": "refused"})).send().await;
        plan.unwrap().error_for_status().unwrap();
    }

    async fn change(&self, number: &str) -> testkit::Answer {
        let owner = self.app.as_user(self.scene.owner);
        owner.put(&self.scene.path("/bank-account"), account(number)).await
    }

    async fn state(&self) -> Value {
        let owner = self.app.as_user(self.scene.owner);
        let profile = owner.get(&self.scene.path("/profile")).await.expect(200);
        profile["bank_account"]["state"].clone()
    }

    async fn said(&self) -> Vec<PayoutAccountState> {
        let said = self.app.emitted::<VendorChanged>().await.into_iter();
        said.map(|seller| seller.payout_account.unwrap().state).collect()
    }
}

fn account(number: &str) -> Value {
    json!({"account_number": number, "ifsc": "HDFC0000053", "holder": "Lotus Home"})
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn the_provider_is_told_once_it_is_back(pool: PgPool) {
    let counter = Counter::open(pool.clone()).await;
    assert_eq!(counter.state().await, "pending");
    counter.scene.app.run_jobs().await;
    let failed = "select count(*) from chassis.job where failed_at is not null";
    let failed: i64 = sqlx::query_scalar(failed).fetch_one(&pool).await.unwrap();
    assert_eq!((failed, counter.state().await), (0, json!("pending")), "it is tried again");

    counter.app.clock.advance(SignedDuration::from_hours(1));
    for _ in 0..2 {
        counter.app.run_jobs().await;
    }
    assert_eq!(counter.accounts().await, [(NUMBER.to_owned(), true)]);
    assert_eq!(counter.state().await, "registered");
    let payload: String =
        sqlx::query_scalar("select string_agg(o::text, ' ') from chassis.outbox o")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert!(!payload.contains(NUMBER), "the number goes nowhere else");
    assert_eq!(counter.said().await, [PayoutAccountState::Registered]);

    // Somebody who was approved before vendor-service told the provider.
    sqlx::query("delete from payout_accounts").execute(&pool).await.unwrap();
    counter.app.run_timers().await;
    counter.app.run_jobs().await;
    assert_eq!(counter.said().await, [PayoutAccountState::Registered]);
    assert_eq!(counter.accounts().await.len(), 1, "told twice it is one");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn another_account_takes_its_place_after_a_day_and_the_owner_is_told(pool: PgPool) {
    let counter = Counter::open(pool).await;
    counter.app.run_jobs().await;
    assert_eq!(counter.said().await, [PayoutAccountState::Registered]);
    let changed = counter.change(OTHER).await.expect(200);
    let shown = &changed["bank_account"];
    assert_eq!(
        (&shown["account_number"], &shown["state"]),
        (&json!("XXXXXXXX5544"), &json!("pending"))
    );
    let told = counter.app.emitted::<PayoutAccountChanged>().await;
    assert_eq!((told.len(), told[0].owner), (1, counter.scene.owner));
    let day = counter.app.clock.now() + SignedDuration::from_hours(24);
    assert_eq!((told[0].payable_from, &shown["payable_from"]), (day, &json!(day)));
    counter.app.run_jobs().await;
    let states = [PayoutAccountState::Pending, PayoutAccountState::Registered];
    assert_eq!(counter.said().await, states);
    let both = |first, second| [(NUMBER.to_owned(), first), (OTHER.to_owned(), second)];
    assert_eq!(counter.accounts().await, both(false, true));

    counter.change(OTHER).await.expect(200);
    assert!(counter.app.emitted_names().await.is_empty(), "it is the same one");
    // Whoever did not do it enters the own one again.
    counter.change(NUMBER).await.expect(200);
    counter.app.run_jobs().await;
    assert_eq!(counter.accounts().await, both(true, false));
    assert_eq!(counter.app.emitted::<PayoutAccountChanged>().await.len(), 1);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn an_account_that_the_provider_does_not_know_is_shown_as_refused(pool: PgPool) {
    let counter = Counter::open(pool).await;
    counter.refuses().await;
    counter.app.run_jobs().await;
    assert_eq!((counter.state().await, counter.accounts().await), (json!("refused"), Vec::new()));
    assert_eq!(counter.said().await, [PayoutAccountState::Refused]);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn only_members_change_the_account_and_not_while_staff_look(pool: PgPool) {
    let scene = Scene::applied(pool, unregistered()).await;
    let path = scene.path("/bank-account");
    let stranger = scene.app.as_user(UserId::new());
    stranger.put(&path, account(OTHER)).await.problem(404, "not-found");
    scene.owner().put(&path, account("12")).await.problem(422, "validation-error");
    let draft = scene.owner().put(&path, account(OTHER)).await.expect(200);
    assert_eq!(draft["bank_account"]["account_number"], "XXXXXXXX5544");
    assert_eq!(draft["bank_account"]["state"], json!(null), "nobody pays a draft");
    assert!(scene.app.emitted::<PayoutAccountChanged>().await.is_empty());

    scene.hand_in("pan", PDF).await;
    scene.hand_in("bank_proof", PDF).await;
    scene.submit().await.expect(200);
    let waits = scene.owner().put(&path, account(NUMBER)).await;
    waits.problem(409, "vendor/not-editable");
    scene.decide(Decision::Approve).await;
    scene.decide(Decision::Suspend).await;
    let suspended = scene.owner().put(&path, account(NUMBER)).await;
    suspended.problem(409, "vendor/not-editable");
    scene.forget_said().await;
}
