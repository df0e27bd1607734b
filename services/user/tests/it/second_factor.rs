//! A second factor: registering an app, being asked for it, losing it, taking it away.

use jiff::SignedDuration;
use kernel::Clock as _;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, TestApp};
use totp_rs::Totp;
use user::App;

use crate::stage::{Guest, ask, bearer, config, refresh, sign_in, verify, warm};

const WHO: &str = "asha@example.in";

/// Somebody with an app and codes on paper.
pub struct Careful {
    pub app: TestApp<App>,
    address: &'static str,
    guest: Guest,
    totp: Totp,
    paper: Vec<String>,
}

impl Careful {
    pub async fn of(pool: PgPool) -> Self {
        Self::named(pool, WHO).await
    }

    async fn named(pool: PgPool, address: &'static str) -> Self {
        let app = TestApp::<App>::start(pool, config()).await;
        let guest = sign_in(&app, address).await;
        let made = guest.client.post("/v1/me/totp", json!({})).await.expect(201);
        let totp = Totp::from_url(made["otpauth_url"].as_str().unwrap()).unwrap();
        assert_eq!(totp.secret().to_base32(), made["secret"].as_str().unwrap());
        let mut careful = Self { app, address, guest, totp, paper: Vec::new() };
        let body = json!({ "code": careful.code() });
        let done = careful.guest.client.post("/v1/me/totp/confirm", body).await.expect(200);
        let paper = done["recovery_codes"].as_array().unwrap().iter();
        careful.paper = paper.map(|code| code.as_str().unwrap().to_owned()).collect();
        careful.later();
        careful
    }

    /// What the app shows now.
    pub fn code(&self) -> String {
        let now = u64::try_from(self.app.clock.now().as_second()).unwrap();
        self.totp.generate(now).to_string()
    }

    /// A minute passes: the app shows another code, and another mail may be asked for.
    fn later(&self) {
        self.app.clock.advance(SignedDuration::from_mins(1));
    }

    /// Proves the address; returns the token to bring with the second code.
    pub async fn begin(&self) -> String {
        let mailed = ask(&self.app, self.address).await;
        let half = verify(&self.app, &mailed.challenge, &mailed.letter.code).await.expect(200);
        assert_eq!(half["mfa_required"], true);
        assert!(half.get("access_token").is_none() && half.get("user").is_none(), "{half}");
        half["mfa_token"].as_str().unwrap().to_owned()
    }

    async fn finish(&self, token: &str, code: &str) -> Answer {
        let body = json!({ "mfa_token": token, "code": code });
        self.app.anonymous().post("/v1/auth/mfa", body).await
    }

    async fn step_up(&self, code: &str) -> Answer {
        self.guest.client.post("/v1/auth/step-up", json!({ "code": code })).await
    }
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn staff_register_an_app_at_their_first_sign_in_and_then_are_staff(pool: PgPool) {
    let boss = Careful::named(pool, "boss@mall.test").await;
    let users = "/v1/admin/users";
    // The token of before does not know of it yet.
    boss.guest.client.get(users).await.problem(403, "mfa-required");
    let next = Guest::of(&boss.app, refresh(&boss.app, &boss.guest.refresh_token).await);
    next.client.get(users).await.expect(200);

    // At the next sign-in it is asked for.
    let token = boss.begin().await;
    let again = Guest::of(&boss.app, boss.finish(&token, &boss.code()).await);
    again.client.get(users).await.expect(200);
    // Who has none is no member of staff yet, whatever the operator says.
    let second = sign_in(&boss.app, "second@mall.test").await;
    second.client.get(users).await.problem(403, "mfa-required");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn who_has_an_app_signs_in_with_a_mailed_code_and_one_of_the_app(pool: PgPool) {
    let asha = Careful::of(pool).await;
    let shown = asha.guest.client.get("/v1/me/totp").await.expect(200);
    assert_eq!(shown["recovery_codes_left"], 10);

    let token = asha.begin().await;
    let wrong = asha.finish(&token, "000000").await;
    wrong.problem(401, "user/second-factor-invalid");
    let signed_in = Guest::of(&asha.app, asha.finish(&token, &asha.code()).await);

    assert_eq!(signed_in.user_id, asha.guest.user_id);
    signed_in.client.get("/v1/me").await.expect(200);
    refresh(&asha.app, &signed_in.refresh_token).await.expect(200);
    asha.later();
    asha.finish(&token, &asha.code()).await.problem(401, "user/otp-invalid");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_code_of_the_app_is_taken_once(pool: PgPool) {
    let asha = Careful::of(pool).await;
    let code = asha.code();
    asha.step_up(&code).await.expect(204);
    asha.step_up(&code).await.problem(401, "user/second-factor-invalid");

    let token = asha.begin().await;
    asha.finish(&token, &code).await.problem(401, "user/second-factor-invalid");
    asha.later();
    asha.finish(&token, &asha.code()).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_recovery_code_stands_in_for_a_lost_app_once(pool: PgPool) {
    let asha = Careful::of(pool).await;
    let token = asha.begin().await;
    let signed_in = asha.finish(&token, &asha.paper[0].to_lowercase()).await;
    let back = Guest::of(&asha.app, signed_in);
    let left = back.client.get("/v1/me/totp").await.expect(200);
    assert_eq!(left["recovery_codes_left"], 9);
    asha.later();

    let token = asha.begin().await;
    asha.finish(&token, &asha.paper[0]).await.problem(401, "user/second-factor-invalid");

    // Shown just now, so the lost app can be taken away, and another registered.
    back.client.delete("/v1/me/totp").await.expect(204);
    asha.finish(&token, &asha.paper[1]).await.problem(401, "user/otp-invalid");
    sign_in(&asha.app, "somebody@else.in").await;
    back.client.get("/v1/me/totp").await.problem(404, "not-found");
    back.client.post("/v1/me/totp", json!({})).await.expect(201);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn of_two_recovery_codes_at_once_one_signs_in_and_the_other_is_kept(pool: PgPool) {
    let asha = Careful::of(pool.clone()).await;
    let token = asha.begin().await;
    warm(&pool).await;
    let (one, other) =
        futures::join!(asha.finish(&token, &asha.paper[0]), asha.finish(&token, &asha.paper[1]));

    let mut came = [one.status.as_u16(), other.status.as_u16()];
    came.sort_unstable();
    assert_eq!(came, [200, 401]);
    let left = asha.guest.client.get("/v1/me/totp").await.expect(200);
    assert_eq!(left["recovery_codes_left"], 9);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn who_guesses_at_the_second_factor_waits(pool: PgPool) {
    let asha = Careful::of(pool).await;
    let token = asha.begin().await;
    for _ in 0..10 {
        asha.finish(&token, "000000").await.problem(401, "user/second-factor-invalid");
    }
    let locked = asha.finish(&token, &asha.code()).await;
    assert_eq!(locked.header("retry-after"), Some("30"));
    locked.problem(429, "user/otp-locked");

    asha.app.clock.advance(SignedDuration::from_secs(30));
    asha.finish(&token, &asha.code()).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn what_is_sensitive_wants_a_second_factor_of_the_last_five_minutes(pool: PgPool) {
    let asha = Careful::of(pool).await;
    asha.app.clock.advance(SignedDuration::from_mins(5));
    let client = &asha.guest.client;
    client.delete("/v1/me/totp").await.problem(403, "step-up-required");
    client.post("/v1/me/recovery-codes", json!({})).await.problem(403, "step-up-required");

    asha.step_up(&asha.code()).await.expect(204);
    let renewed = client.post("/v1/me/recovery-codes", json!({})).await.expect(200);
    let first = renewed["recovery_codes"][0].as_str().unwrap();
    asha.step_up(&asha.paper[0]).await.problem(401, "user/second-factor-invalid");
    asha.step_up(first).await.expect(204);
    client.delete("/v1/me/totp").await.expect(204);
    sign_in(&asha.app, WHO).await;
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn an_app_counts_only_once_it_is_confirmed(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, WHO).await;
    let confirm =
        async |code: &str| guest.client.post("/v1/me/totp/confirm", json!({ "code": code })).await;
    confirm("000000").await.problem(404, "not-found");
    guest.client.post("/v1/me/totp", json!({})).await.expect(201);
    confirm("000000").await.problem(401, "user/second-factor-invalid");
    guest.client.get("/v1/me/totp").await.problem(404, "not-found");
    let step_up = guest.client.post("/v1/auth/step-up", json!({ "code": "000000" })).await;
    step_up.problem(404, "not-found");

    app.clock.advance(SignedDuration::from_mins(1));
    sign_in(&app, WHO).await;
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_second_app_is_refused_and_other_sessions_end_where_the_owner_says_so(pool: PgPool) {
    let asha = Careful::of(pool).await;
    let again = asha.guest.client.post("/v1/me/totp", json!({})).await;
    again.problem(409, "user/has-second-factor");
    let token = asha.begin().await;
    let other = Guest::of(&asha.app, asha.finish(&token, &asha.code()).await);

    asha.guest.client.delete("/v1/me/totp?end_other_sessions=true").await.expect(204);

    asha.guest.client.get("/v1/me").await.expect(200);
    bearer(&asha.app, &other.access_token).get("/v1/me").await.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn nothing_of_a_second_factor_is_kept_readable_and_erasure_takes_it(pool: PgPool) {
    let asha = Careful::of(pool.clone()).await;
    let kept = async || -> Value {
        let rows = "select jsonb_build_array((select jsonb_agg(to_jsonb(a)) from authenticators a),
                                             (select jsonb_agg(to_jsonb(r)) from recovery_codes r))";
        sqlx::query_scalar(rows).fetch_one(&pool).await.unwrap()
    };
    let before = kept().await.to_string();
    let secret = asha.totp.secret().to_base32();
    assert!(!before.contains(&secret) && !before.contains(&asha.paper[0]), "{before}");

    asha.begin().await;
    asha.guest.client.delete("/v1/me").await.expect(204);
    assert_eq!(kept().await, json!([null, null]));
}
