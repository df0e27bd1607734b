//! One's own account: profile and erasure.

use contracts::user::{
    AccountChange, AccountStatus, AccountUpdated, ContactUpdated, SessionRevoked,
};
use jiff::SignedDuration;
use serde_json::json;
use sqlx::PgPool;
use testkit::TestApp;
use user::App;

use crate::stage::{config, refresh, sign_in};

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_profile_is_edited_and_the_others_are_told(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    app.emitted::<ContactUpdated>().await;
    app.emitted::<AccountUpdated>().await;

    let edit = json!({ "name": " Asha Rao ", "phone": "98765 43210", "locale": "hi-IN" });
    let me = guest.client.patch("/v1/me", edit).await.expect(200);
    assert_eq!((&me["name"], &me["phone"]), (&json!("Asha Rao"), &json!("+919876543210")));
    assert_eq!(guest.client.get("/v1/me").await.expect(200), me);

    let contact = app.emitted::<ContactUpdated>().await;
    assert_eq!(contact[0].name.as_deref(), Some("Asha Rao"));
    assert_eq!(contact[0].locale, "hi-IN");
    assert_eq!(app.emitted::<AccountUpdated>().await[0].change, AccountChange::Updated);

    let me = guest.client.patch("/v1/me", json!({ "phone": null })).await.expect(200);
    assert_eq!((&me["name"], &me["phone"]), (&json!("Asha Rao"), &json!(null)));
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn an_edit_of_an_old_version_is_refused(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let read = guest.client.get("/v1/me").await;
    let tag = read.header("etag").unwrap().to_owned();
    let edit = async |name: &str| {
        guest.client.clone().with("if-match", &tag).patch("/v1/me", json!({ "name": name })).await
    };
    let edited = edit("One").await;
    assert_ne!(edited.header("etag"), Some(tag.as_str()));
    edited.expect(200);
    edit("Two").await.problem(412, "precondition-failed");
    assert_eq!(guest.client.get("/v1/me").await.expect(200)["name"], "One");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn nobody_can_write_what_is_not_theirs_to_write(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    for edit in [
        json!({ "role": "admin", "is_verified": true, "wallet": 1e6 }),
        json!({ "roles": ["admin"] }),
        json!({ "permissions": ["users.manage"] }),
        json!({ "email": "b@x.io" }),
        json!({ "user_id": "x" }),
        json!({ "status": "active" }),
        json!({ "name": "Asha", "vendors": [] }),
    ] {
        guest.client.patch("/v1/me", edit).await.problem(400, "unknown-field");
    }
    for edit in [
        json!({ "name": "" }),
        json!({ "name": "a\r\nBcc: b@x.io" }),
        json!({ "name": "nul\u{0}" }),
        json!({ "name": "\u{202e}evil" }),
        json!({ "name": "x".repeat(101) }),
        json!({ "name": 7 }),
        json!({ "phone": "12" }),
        json!({ "locale": "english" }),
        json!({ "locale": null }),
    ] {
        guest.client.patch("/v1/me", edit).await.problem(422, "validation-error");
    }
    let me = guest.client.get("/v1/me").await.expect(200);
    assert_eq!((&me["roles"], &me["name"]), (&json!(["buyer"]), &json!(null)));
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_person_who_asks_for_it_is_forgotten(pool: PgPool) {
    let app = TestApp::<App>::start(pool.clone(), config()).await;
    let guest = sign_in(&app, "canary@x.io").await;
    let edit = json!({ "name": "Canary", "phone": "+919876543210" });
    guest.client.patch("/v1/me", edit).await.expect(200);
    let address = json!({
        "recipient": "Canary", "phone": "+919876543210", "line1": "Canary Street", "city": "Bengaluru",
        "state": "29", "pincode": "560001"
    });
    let keyed = guest.client.clone().key("k-1");
    keyed.post("/v1/me/addresses", address).await.expect(201);
    app.emitted::<AccountUpdated>().await;
    app.emitted::<ContactUpdated>().await;

    guest.client.delete("/v1/me").await.expect(204);

    guest.client.get("/v1/me").await.problem(401, "unauthenticated");
    refresh(&app, &guest.refresh_token).await.problem(401, "user/token-invalid");
    let emitted = app.emitted::<AccountUpdated>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!(
        (emitted[0].change, emitted[0].status),
        (AccountChange::Erased, AccountStatus::Erased)
    );
    assert!(emitted[0].address_ids.is_empty());
    assert_eq!(app.emitted::<SessionRevoked>().await.len(), 1);
    let tombstones: i64 = sqlx::query_scalar(
        "select count(*) from chassis.outbox where type = $1 and aggregateid = $2 and payload is null",
    )
    .bind("user.contact_updated.v1")
    .bind(&guest.user_id)
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(tombstones, 1);
    let kept: Vec<String> = sqlx::query_scalar(
        "select a::text from accounts a union all select a::text from addresses a
         union all select convert_from(body, 'UTF8') from chassis.idempotency where body is not null",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(kept.len(), 1);
    let kept = kept.concat().to_lowercase();
    assert!(!kept.contains("canary") && !kept.contains("9876543210"), "{kept}");

    // The address is free again, for another account.
    app.clock.advance(SignedDuration::from_mins(1));
    let again = sign_in(&app, "canary@x.io").await;
    assert_ne!(again.user_id, guest.user_id);
}
