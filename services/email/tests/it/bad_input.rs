//! What staff's routes are asked that makes no sense. Nothing is sent for it.

use axum::http::Method;
use serde_json::json;
use sqlx::PgPool;
use testkit::refuses_hostile_bodies;

use crate::staff::{Office, resend};

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn no_broken_body_sends_a_mail_again(pool: PgPool) {
    let office = Office::open(pool).await;
    let id = office.mail().await;
    office.app.run_jobs().await;
    let path = resend(&id);
    refuses_hostile_bodies(&office.staff, &Method::POST, &path, &json!({})).await;
    for other in [json!(7), json!("text"), json!({ "to": "x" })] {
        let answer = office.staff.post(&path, other).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{}", answer.text());
    }
    for key in ["", " ", "a b", &"k".repeat(256)] {
        let answer = office.staff.clone().key(key).post(&path, json!({})).await;
        answer.problem(422, "validation-error");
    }
    office.app.run_jobs().await;
    assert_eq!(office.server.taken().len(), 1);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn no_path_or_query_that_cannot_be_does_harm(pool: PgPool) {
    let office = Office::open(pool).await;
    let long = "a".repeat(4_000);
    for id in ["x", "%00", "..%2f..", "1", "%ff", "'%20or%201=1", &long] {
        let shown = office.staff.get(&format!("/v1/admin/messages/{id}")).await;
        shown.problem(404, "not-found");
        office.staff.post(&resend(id), json!({})).await.problem(404, "not-found");
    }
    for (query, status, slug) in [
        ("limit=101", 422, "validation-error"),
        ("limit=-1", 422, "validation-error"),
        ("limit=1e6", 422, "validation-error"),
        ("limit=99999999999999999999", 422, "validation-error"),
        ("status=sent&status=failed", 422, "validation-error"),
        ("status=%00", 422, "validation-error"),
        ("kind=%F0%9F%98%80", 422, "validation-error"),
        ("kind=%FF", 422, "validation-error"),
        ("after=%E2%80%AE", 422, "validation-error"),
        ("recipient=asha", 400, "unknown-field"),
        ("filter[recipient]=a", 400, "unknown-field"),
        ("sort=masked_recipient", 400, "unknown-field"),
        ("fields=letter", 400, "unknown-field"),
    ] {
        let answer = office.staff.get(&format!("/v1/admin/messages?{query}")).await;
        answer.problem(status, slug);
    }
}
