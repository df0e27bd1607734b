//! Handing the application in: everything there, and everything what it was said to be.

use contracts::vendor::{KycSubmitted, VendorChanged, VendorStatus};
use serde_json::json;
use sqlx::PgPool;

use crate::scene::{PDF, Scene, announcement, application, pointers, unregistered, upload};

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_complete_application_waits_for_staff(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    for kind in ["pan", "gst_certificate", "bank_proof", "address_proof"] {
        scene.hand_in(kind, PDF).await;
    }
    scene.forget_said().await;

    let submitted = scene.submit().await.expect(200);

    assert_eq!(submitted, json!({ "vendor_id": scene.vendor_id, "status": "submitted" }));
    assert_eq!(scene.profile().await["status"], "submitted");
    assert!(scene.documents().await.iter().all(|d| d["state"] == "verified"));
    let emitted = scene.app.emitted::<KycSubmitted>().await;
    let [handed_in] = &emitted[..] else { panic!("{emitted:?}") };
    let kinds: Vec<_> = handed_in.documents.iter().map(|d| d.kind.as_str()).collect();
    assert_eq!(kinds, ["pan", "gst_certificate", "bank_proof", "address_proof"]);
    assert_eq!(handed_in.documents[0].sha256, announcement("pan", PDF)["sha256"]);
    let emitted = scene.app.emitted::<VendorChanged>().await;
    assert_eq!(emitted.iter().map(|v| v.status).collect::<Vec<_>>(), [VendorStatus::Submitted]);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_second_submission_is_refused(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    scene.submit().await.problem(409, "vendor/not-editable");
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn of_two_submissions_at_once_one_counts(pool: PgPool) {
    let scene = Scene::applied(pool, unregistered()).await;
    scene.hand_in("pan", PDF).await;
    scene.hand_in("bank_proof", PDF).await;

    let (one, other) = tokio::join!(scene.submit(), scene.submit());

    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(scene.app.emitted::<KycSubmitted>().await.len(), 1);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn what_is_missing_is_named(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    scene.hand_in("bank_proof", PDF).await;

    let problem = scene.submit().await.problem(422, "vendor/incomplete");

    assert_eq!(pointers(&problem), ["/documents/pan", "/documents/gst_certificate"]);
    assert_eq!(scene.profile().await["status"], "draft");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn what_was_not_uploaded_may_still_come(pool: PgPool) {
    let scene = Scene::applied(pool, unregistered()).await;
    scene.hand_in("bank_proof", PDF).await;
    let pan = scene.announce(announcement("pan", PDF)).await;

    let problem = scene.submit().await.problem(422, "vendor/document-mismatch");
    assert_eq!(pointers(&problem), ["/documents/pan"]);

    assert_eq!(upload(&pan, PDF).await, 200);
    scene.submit().await.expect(200);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn another_size_hash_or_kind_of_file_is_refused_and_named(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    let other_size = scene.announce(announcement("pan", PDF)).await;
    scene.slip_in(&other_size, b"%PDF-1.7 something else").await;
    let other_hash = scene.announce(announcement("bank_proof", b"%PDF-1.7 mine")).await;
    assert_eq!(upload(&other_hash, b"%PDF-1.7 hers").await, 200);
    let page = b"<html>no document</html>";
    scene.hand_in("gst_certificate", page).await;
    scene.forget_said().await;

    let problem = scene.submit().await.problem(422, "vendor/document-mismatch");

    assert_eq!(
        pointers(&problem),
        ["/documents/pan", "/documents/bank_proof", "/documents/gst_certificate"]
    );
    let documents = scene.documents().await;
    let states: Vec<_> = documents
        .iter()
        .map(|d| (d["state"].as_str().unwrap(), d["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(
        states,
        [
            ("refused", "the file has another size than was announced"),
            ("refused", "the file has another SHA-256 than was announced"),
            ("refused", "the content is not of the announced content type"),
        ]
    );
    assert_eq!(scene.profile().await["status"], "draft");
    assert!(scene.app.emitted_names().await.is_empty());
    scene.submit().await.problem(422, "vendor/incomplete");

    for kind in ["pan", "bank_proof", "gst_certificate"] {
        scene.hand_in(kind, PDF).await;
    }
    scene.submit().await.expect(200);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn what_was_checked_cannot_be_overwritten_by_its_link(pool: PgPool) {
    let scene = Scene::applied(pool, unregistered()).await;
    let pan = scene.announce(announcement("pan", PDF)).await;
    assert_eq!(upload(&pan, PDF).await, 200);
    scene.hand_in("bank_proof", PDF).await;
    scene.submit().await.expect(200);

    let forged = b"%PDF-1.7\n% somebody's\n%%EOF\n";
    assert_eq!(forged.len(), PDF.len());
    assert_eq!(upload(&pan, forged).await, 200);

    let kept = format!("kept/{}/{}", scene.vendor_id, pan["document_id"].as_str().unwrap());
    assert_eq!(scene.bucket().get(&kept).await.unwrap().as_deref(), Some(PDF));
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn what_is_far_too_large_is_refused_unread(pool: PgPool) {
    let scene = Scene::applied(pool, unregistered()).await;
    scene.hand_in("bank_proof", PDF).await;
    let pan = scene.announce(announcement("pan", PDF)).await;
    scene.slip_in(&pan, &vec![b'%'; 10 * 1024 * 1024 + 1]).await;

    let problem = scene.submit().await.problem(422, "vendor/document-mismatch");

    assert_eq!(pointers(&problem), ["/documents/pan"]);
    assert_eq!(scene.documents().await[1]["state"], "refused");
}
