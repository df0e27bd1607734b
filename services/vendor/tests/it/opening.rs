//! Staff look at what a seller handed in.

use axum::http::Method;
use contracts::ops::StaffActed;
use kernel::{DocumentId, UserId, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Client, refuses_unseen_texts};

use crate::scene::{PDF, Scene, announcement, application, unregistered};

fn why() -> Value {
    json!({ "why": "The name on it differs." })
}

fn path(scene: &Scene, document: &Value) -> String {
    let document = document["document_id"].as_str().unwrap();
    format!("/v1/admin/vendors/{}/kyc-documents/{document}/open", scene.vendor_id)
}

fn staff(scene: &Scene, who: UserId, vendors: &[VendorId]) -> Client {
    let mut claims = scene.app.claims(who);
    claims.roles.push("admin".into());
    claims.perms = vec!["vendors.decide".into()];
    claims.vendors = vendors.to_vec();
    scene.app.as_claims(&claims)
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn staff_open_the_copy_that_was_checked_for_a_minute_and_it_is_told(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let document = scene.documents().await.remove(0);
    let reader = UserId::new();

    let opened = staff(&scene, reader, &[]).post(&path(&scene, &document), why()).await.expect(200);

    assert_eq!(opened["expires_at"], "2026-11-22T12:01:00Z");
    assert_eq!(opened["sha256"], document["sha256"]);
    let url = opened["url"].as_str().unwrap();
    assert!(url.contains("/kept/") && url.contains("X-Amz-Expires=60&"), "{url}");
    let answer = reqwest::get(url).await.unwrap();
    let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment; filename=\"pan-"), "{disposition}");
    assert!(disposition.ends_with(".pdf\""), "{disposition}");
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert_eq!(answer.bytes().await.unwrap(), PDF);
    let html = url.replace("application%2Fpdf", "text%2Fhtml");
    assert_eq!(reqwest::get(&html).await.unwrap().status(), 403);

    let acted = scene.app.emitted::<StaffActed>().await.remove(0);
    assert_eq!((acted.act.as_str(), acted.staff_id), ("kyc_document.open", reader));
    assert_eq!(acted.subject_id.as_deref(), document["document_id"].as_str());
    let said: Value = serde_json::from_str(&acted.said).unwrap();
    assert_eq!(said, json!({ "vendor_id": scene.vendor_id, "why": "The name on it differs." }));
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn nobody_opens_the_documents_of_a_seller_of_their_own_or_without_saying_why(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let document = scene.documents().await.remove(0);
    let path = path(&scene, &document);
    for own in [
        staff(&scene, scene.owner, &[]),
        staff(&scene, UserId::new(), &[VendorId::new(), scene.vendor_id]),
    ] {
        own.post(&path, why()).await.problem(403, "vendor/own-seller");
    }
    let staff = staff(&scene, UserId::new(), &[]);
    staff.post(&path, json!({})).await.problem(422, "validation-error");
    refuses_unseen_texts(&staff, &Method::POST, &path, (&why(), &["/why"])).await;
    scene.owner().post(&path, why()).await.problem(403, "forbidden");
    scene.app.as_staff(&["look"]).post(&path, why()).await.problem(403, "forbidden");
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn what_was_not_checked_or_is_not_of_this_seller_is_not_opened(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    let announced = scene.announce(announcement("pan", PDF)).await;
    let other = scene.app.as_user(UserId::new());
    let other = other.post("/v1/vendors", unregistered()).await.expect(201);
    scene.forget_said().await;
    let staff = staff(&scene, UserId::new(), &[]);
    staff.post(&path(&scene, &announced), why()).await.problem(404, "not-found");
    let missing = json!({ "document_id": DocumentId::new() });
    staff.post(&path(&scene, &missing), why()).await.problem(404, "not-found");
    let id = other["vendor_id"].as_str().unwrap();
    let of_other = path(&scene, &announced).replace(&scene.vendor_id.to_string(), id);
    staff.post(&of_other, why()).await.problem(404, "not-found");
    assert!(scene.app.emitted_names().await.is_empty());
}
