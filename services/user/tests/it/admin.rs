//! What staff sees and does.

use chassis::auth::callers::may;
use contracts::ops::StaffActed;
use contracts::user::{AccountChange, AccountStatus, AccountUpdated, SessionRevoked};
use jiff::SignedDuration;
use kernel::UserId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, TestApp, eventually};
use user::App;

use crate::stage::{Guest, ask, config, refresh, sign_in, verify, warm};

async fn set(staff: &Guest, user_id: &str, roles: Value, permissions: Value) -> Answer {
    let body = json!({ "roles": roles, "permissions": permissions });
    staff.client.post(&format!("/v1/admin/users/{user_id}/roles"), body).await
}

async fn suspend(staff: &Guest, user_id: &str, suspended: Value) -> Answer {
    let body = json!({ "suspended": suspended, "reason": "fraud reported" });
    staff.client.post(&format!("/v1/admin/users/{user_id}/suspend"), body).await
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn staff_sees_users_with_masked_personal_data(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool, config()).await;
    let guest = sign_in(&app, "asha.rao@example.in").await;
    let edit = json!({ "name": "Asha Rao", "phone": "+919876543210" });
    guest.client.patch("/v1/me", edit).await.expect(200);
    let boss = sign_in(&app, "boss@mall.test").await;

    let list = boss.client.get("/v1/admin/users").await;
    assert!(!list.text().contains("asha.rao") && !list.text().contains("98765"), "{}", list.text());
    let list = list.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let shown = boss.client.get(&format!("/v1/admin/users/{}", guest.user_id)).await;
    assert!(shown.header("etag").is_some());
    let shown = shown.expect(200);
    assert_eq!(shown["email"], "a***@example.in");
    assert_eq!((&shown["name"], &shown["phone"]), (&json!("A***"), &json!("+***3210")));
    assert_eq!((&shown["status"], &shown["vendors"]), (&json!("active"), &json!([])));

    boss.client.get(&format!("/v1/admin/users/{}", UserId::new())).await.problem(404, "not-found");
    let page = boss.client.get("/v1/admin/users?limit=1").await.expect(200);
    assert_eq!(page["items"][0]["user_id"], guest.user_id.as_str());
    let next = page["next"].as_str().unwrap();
    let page = boss.client.get(&format!("/v1/admin/users?limit=1&after={next}")).await.expect(200);
    assert_eq!(page["items"][0]["user_id"], boss.user_id.as_str());
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn staff_finds_a_user_by_the_whole_mail_address(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool, config()).await;
    let guest = sign_in(&app, "asha.rao@example.in").await;
    let boss = sign_in(&app, "boss@mall.test").await;
    let found = async |email: &str| {
        let page = boss.client.get(&format!("/v1/admin/users?email={email}")).await.expect(200);
        let ids = page["items"].as_array().unwrap().iter().map(|user| user["user_id"].clone());
        ids.collect::<Vec<_>>()
    };
    for spelling in ["asha.rao@example.in", "Asha.Rao%40example.in", "asha.rao%2Bshop@example.in"] {
        assert_eq!(found(spelling).await, [json!(guest.user_id)], "{spelling}");
    }
    for other in ["asha@example.in", "rao@example.in", "asha.rao@example.inn"] {
        assert!(found(other).await.is_empty(), "{other}");
    }
    for no_address in ["asha", "%25@example.in%25"] {
        let refused = boss.client.get(&format!("/v1/admin/users?email={no_address}")).await;
        assert_eq!(refused.problem(422, "validation-error")["errors"][0]["pointer"], "email");
    }
    guest.client.delete("/v1/me").await.expect(204);
    assert!(found("asha.rao@example.in").await.is_empty());
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn only_staff_that_may_manage_users_gets_in(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let path = format!("/v1/admin/users/{}", guest.user_id);
    let body = json!({ "roles": ["buyer"], "permissions": [] });
    let reason = json!({ "suspended": true, "reason": "x" });
    let other_staff: Vec<_> = may::ALL.iter().copied().filter(|p| *p != "users.manage").collect();
    for (client, status, slug) in [
        (app.anonymous(), 401, "unauthenticated"),
        (app.as_buyer(), 403, "forbidden"),
        (app.as_vendor(kernel::VendorId::new()), 403, "forbidden"),
        (app.as_staff(&other_staff), 403, "forbidden"),
    ] {
        client.get("/v1/admin/users").await.problem(status, slug);
        client.get(&path).await.problem(status, slug);
        client.post(&format!("{path}/roles"), &body).await.problem(status, slug);
        client.post(&format!("{path}/suspend"), &reason).await.problem(status, slug);
    }
    guest.client.get("/v1/me").await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_role_given_shows_in_the_next_token_and_one_taken_ends_the_session(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool, config()).await;
    let boss = sign_in(&app, "boss@mall.test").await;
    let guest = sign_in(&app, "a@x.io").await;
    app.emitted::<AccountUpdated>().await;

    let given =
        set(&boss, &guest.user_id, json!(["buyer", "admin"]), json!(["users.manage"])).await;
    assert_eq!(given.expect(200)["permissions"], json!(["users.manage"]));
    guest.client.get("/v1/admin/users").await.problem(403, "forbidden");
    let raised = Guest::of(&app, refresh(&app, &guest.refresh_token).await);
    raised.client.get("/v1/admin/users").await.expect(200);
    let emitted = app.emitted::<AccountUpdated>().await;
    assert_eq!((emitted[0].change, emitted[0].roles.len()), (AccountChange::RoleChanged, 2));
    assert_eq!(emitted[0].changed_by.map(|by| by.to_string()), Some(boss.user_id.clone()));
    assert_eq!(app.emitted::<SessionRevoked>().await.len(), 0);

    set(&boss, &guest.user_id, json!(["buyer"]), json!([])).await.expect(200);
    raised.client.get("/v1/admin/users").await.problem(401, "unauthenticated");
    refresh(&app, &raised.refresh_token).await.problem(401, "user/token-invalid");
    assert_eq!(app.emitted::<SessionRevoked>().await.len(), 1);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn nobody_raises_themselves_or_gives_more_than_they_hold(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool, config()).await;
    let boss = sign_in(&app, "boss@mall.test").await;
    let guest = sign_in(&app, "a@x.io").await;
    let friend = sign_in(&app, "b@x.io").await;
    let both = json!(["buyer", "admin"]);
    set(&boss, &guest.user_id, both.clone(), json!(["users.manage"])).await.expect(200);
    let clerk = Guest::of(&app, refresh(&app, &guest.refresh_token).await);

    let more = json!(["users.manage", "payments.manage"]);
    let own = set(&clerk, &clerk.user_id, both.clone(), more.clone()).await;
    own.problem(403, "user/role-too-high");
    set(&clerk, &friend.user_id, both.clone(), more).await.problem(403, "user/role-too-high");
    set(&clerk, &friend.user_id, both, json!(["users.manage"])).await.expect(200);
}

/// What one proposes another agrees to: nobody comes back as that other.
#[sqlx::test(migrator = "user::MIGRATOR")]
async fn staff_cannot_be_erased_and_come_back_as_somebody_else(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool, config()).await;
    let boss = sign_in(&app, "boss@mall.test").await;
    let second = sign_in(&app, "second@mall.test").await;
    second.client.delete("/v1/me").await.problem(409, "user/is-staff");
    // Named by the operator, one is staff again at the next sign-in.
    set(&boss, &second.user_id, json!(["buyer"]), json!([])).await.expect(200);
    app.clock.advance(SignedDuration::from_mins(1));
    sign_in(&app, "second@mall.test")
        .await
        .client
        .delete("/v1/me")
        .await
        .problem(409, "user/is-staff");

    let clerk = sign_in(&app, "clerk@x.io").await;
    set(&boss, &clerk.user_id, json!(["buyer", "admin"]), json!([])).await.expect(200);
    app.clock.advance(SignedDuration::from_mins(1));
    let clerk = sign_in(&app, "clerk@x.io").await;
    clerk.client.delete("/v1/me").await.problem(409, "user/is-staff");
    set(&boss, &clerk.user_id, json!(["buyer"]), json!([])).await.expect(200);
    app.clock.advance(SignedDuration::from_mins(1));
    sign_in(&app, "clerk@x.io").await.client.delete("/v1/me").await.expect(204);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn the_last_who_manages_users_stays(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool.clone(), config()).await;
    let boss = sign_in(&app, "boss@mall.test").await;
    set(&boss, &boss.user_id, json!(["buyer"]), json!([])).await.problem(409, "user/last-admin");
    suspend(&boss, &boss.user_id, json!(true)).await.problem(409, "user/last-admin");

    let second = sign_in(&app, "second@mall.test").await;
    // Each takes the other's rights away at once, held up until both are on their way: one of them stays.
    warm(&pool).await;
    let mut hold = pool.acquire().await.unwrap();
    sqlx::raw_sql("begin; select 1 from accounts for update").execute(&mut *hold).await.unwrap();
    let let_go = async {
        both_wait(&pool).await;
        sqlx::raw_sql("commit").execute(&mut *hold).await.unwrap();
    };
    let (one, two, ()) = futures::join!(
        set(&boss, &second.user_id, json!(["buyer"]), json!([])),
        set(&second, &boss.user_id, json!(["buyer"]), json!([])),
        let_go,
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

async fn both_wait(pool: &PgPool) {
    let waiting = "select count(*) from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'";
    eventually("both requests wait for a lock", async || {
        let count: i64 = sqlx::query_scalar(waiting).fetch_one(pool).await.unwrap();
        (count == 2).then_some(())
    })
    .await;
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_suspended_account_is_out_until_it_is_let_back_in(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool, config()).await;
    let boss = sign_in(&app, "boss@mall.test").await;
    let guest = sign_in(&app, "a@x.io").await;
    app.emitted::<AccountUpdated>().await;

    let shown = suspend(&boss, &guest.user_id, json!(true)).await.expect(200);
    assert_eq!(shown["status"], "suspended");
    assert_eq!(shown["suspension_reason"], "fraud reported");
    let acted = &app.emitted::<StaffActed>().await[0];
    assert_eq!((&*acted.act, &acted.subject_id), ("user.suspend", &Some(guest.user_id.clone())));
    assert_eq!(acted.staff_id.to_string(), boss.user_id);
    assert!(acted.said.contains("fraud reported"));
    assert_eq!(app.emitted::<SessionRevoked>().await.len(), 1);
    let emitted = app.emitted::<AccountUpdated>().await;
    assert_eq!(emitted[0].status, AccountStatus::Suspended);
    assert_eq!(emitted[0].change, AccountChange::StandingChanged);
    assert_eq!(emitted[0].changed_by.map(|by| by.to_string()), Some(boss.user_id.clone()));
    guest.client.get("/v1/me").await.problem(401, "unauthenticated");
    refresh(&app, &guest.refresh_token).await.problem(401, "user/token-invalid");
    app.clock.advance(SignedDuration::from_mins(1));
    let mailed = ask(&app, "a@x.io").await;
    verify(&app, &mailed.challenge, &mailed.letter.code).await.problem(403, "user/suspended");

    let shown = suspend(&boss, &guest.user_id, json!(false)).await.expect(200);
    assert_eq!((&shown["status"], &shown["suspension_reason"]), (&json!("active"), &json!(null)));
    assert_eq!(app.emitted::<AccountUpdated>().await[0].status, AccountStatus::Active);
    app.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(sign_in(&app, "a@x.io").await.user_id, guest.user_id);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_token_that_outlives_its_session_is_refused_once_the_account_is_suspended(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool, config()).await;
    sign_in(&app, "boss@mall.test").await;
    let clerk = sign_in(&app, "second@mall.test").await;
    // A session of staff lasts eight hours, and its last access token ten minutes longer.
    app.clock.advance(SignedDuration::from_mins(8 * 60 - 1));
    let clerk = Guest::of(&app, refresh(&app, &clerk.refresh_token).await);
    app.clock.advance(SignedDuration::from_mins(5));
    clerk.client.get("/v1/me").await.expect(200);
    let boss = sign_in(&app, "boss@mall.test").await;

    suspend(&boss, &clerk.user_id, json!(true)).await.expect(200);
    clerk.client.get("/v1/admin/users").await.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn users_cannot_be_searched_by_what_is_secret(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool, config()).await;
    let boss = sign_in(&app, "boss@mall.test").await;
    for query in ["name=asha", "filter[email]=asha", "sort=email", "fields=account_key"] {
        boss.client.get(&format!("/v1/admin/users?{query}")).await.problem(400, "unknown-field");
    }
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn wishes_that_make_no_sense_are_refused(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool, config()).await;
    let boss = sign_in(&app, "boss@mall.test").await;
    let guest = sign_in(&app, "a@x.io").await;
    for (roles, permissions) in [
        (json!(["admin"]), json!([])),
        (json!(["buyer", "king"]), json!([])),
        (json!(["buyer"]), json!(["look"])),
        (json!(["buyer", "admin"]), json!(["all"])),
        (json!("buyer"), json!([])),
    ] {
        set(&boss, &guest.user_id, roles, permissions).await.problem(422, "validation-error");
    }
    suspend(&boss, &guest.user_id, json!("yes")).await.problem(422, "validation-error");
    let nobody = UserId::new().to_string();
    suspend(&boss, &nobody, json!(true)).await.problem(404, "not-found");
    set(&boss, &nobody, json!(["buyer"]), json!([])).await.problem(404, "not-found");

    let path = format!("/v1/admin/users/{}/roles", guest.user_id);
    let stale = boss.client.clone().with("if-match", "\"99\"");
    let body = json!({ "roles": ["buyer", "admin"], "permissions": ["look"] });
    stale.post(&path, body).await.problem(412, "precondition-failed");
}
