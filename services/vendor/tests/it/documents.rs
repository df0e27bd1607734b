//! Announcing documents, and uploading them past us into object storage.

use futures::future::join_all;
use serde_json::json;
use sqlx::PgPool;

use crate::scene::{PDF, Scene, announcement, application, pointers, put, unregistered, upload};

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn an_upload_link_takes_one_file_of_one_type_and_size_under_one_key(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;

    let announced = scene.announce(announcement("pan", PDF)).await;

    let (method, expires_at) = (&announced["upload"]["method"], &announced["upload"]["expires_at"]);
    assert_eq!((method, expires_at), (&json!("PUT"), &json!("2026-11-22T12:15:00Z")));
    let url = announced["upload"]["url"].as_str().unwrap();
    assert_eq!(put(url, "text/html", PDF).await, 403);
    for size in [0, PDF.len() - 1, PDF.len() + 1, 10 * 1024 * 1024] {
        assert_eq!(put(url, "application/pdf", &vec![b'%'; size]).await, 403, "{size} bytes");
    }
    let document = announced["document_id"].as_str().unwrap();
    let other = url.replace(document, &kernel::DocumentId::new().to_string());
    assert_eq!(put(&other, "application/pdf", PDF).await, 403);
    let kept = url.replace("/incoming/", "/kept/");
    assert_eq!(put(&kept, "application/pdf", PDF).await, 403);
    let read = reqwest::Client::new().get(url).header("content-type", "application/pdf");
    assert_eq!(read.send().await.unwrap().status(), 403);
    assert_eq!(upload(&announced, PDF).await, 200);
    let (object, _) = url.split_once('?').unwrap();
    let (bucket, _) = object.split_once("/incoming/").unwrap();
    for nobodys in [object, bucket, &format!("{bucket}?list-type=2")] {
        assert_eq!(reqwest::get(nobodys).await.unwrap().status(), 403, "{nobodys}");
    }
    assert_eq!(put(object, "application/pdf", PDF).await, 403);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_document_replaces_the_earlier_one_of_its_kind(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    scene.announce(announcement("pan", PDF)).await;
    scene.announce(announcement("address_proof", PDF)).await;

    let newer = scene.announce(announcement("pan", b"%PDF-1.7 newer")).await;

    let documents = scene.documents().await;
    let listed: Vec<_> = documents.iter().map(|d| (&d["kind"], &d["state"])).collect();
    assert_eq!(
        listed,
        [(&json!("address_proof"), &json!("announced")), (&json!("pan"), &json!("announced"))]
    );
    assert_eq!(documents[1]["document_id"], newer["document_id"]);
    assert_eq!(documents[1]["size"], 14);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn the_same_key_announces_once(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    let (owner, path) = (scene.owner().key("announce-1"), scene.path("/kyc-documents"));

    let first = owner.post(&path, announcement("pan", PDF)).await.expect(201);
    let again = owner.post(&path, announcement("pan", PDF)).await;

    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.expect(201), first);
    owner.post(&path, announcement("bank_proof", PDF)).await.problem(422, "idempotency/key-reused");
    assert_eq!(scene.documents().await.len(), 1);
    assert_eq!(scene.documents().await[0]["document_id"], first["document_id"]);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn twenty_at_once_with_one_key_announce_once(pool: PgPool) {
    let scene = Scene::applied(pool.clone(), application()).await;
    let (owner, path) = (scene.owner().key("announce-1"), scene.path("/kyc-documents"));

    let asks = (0..20).map(|_| owner.post(&path, announcement("pan", PDF)));
    let answers: Vec<_> = join_all(asks).await.into_iter().map(|a| a.expect(201)).collect();

    assert!(answers.iter().all(|a| a == &answers[0]), "{answers:?}");
    let kept: i64 =
        sqlx::query_scalar("select count(*) from kyc_documents").fetch_one(&pool).await.unwrap();
    assert_eq!(kept, 1);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn what_cannot_be_a_document_is_refused(pool: PgPool) {
    let scene = Scene::applied(pool, unregistered()).await;
    let wrong = [
        ("kind", json!("selfie")),
        ("content_type", json!("text/html")),
        ("size", json!(0)),
        ("size", json!(10 * 1024 * 1024 + 1)),
        ("size", json!(-1)),
        ("sha256", json!("abc")),
        ("sha256", json!("g".repeat(64))),
    ];
    for (field, value) in wrong {
        let mut body = announcement("pan", PDF);
        body[field] = value;
        let answer = scene.owner().post(&scene.path("/kyc-documents"), body).await;
        assert_eq!(pointers(&answer.problem(422, "validation-error")), [format!("/{field}")]);
    }
    let mut body = announcement("pan", PDF);
    body["key"] = json!("../../invoices/1");
    scene.owner().post(&scene.path("/kyc-documents"), body).await.problem(400, "unknown-field");
    assert!(scene.documents().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn nothing_is_announced_while_staff_decide(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let late = scene.owner().post(&scene.path("/kyc-documents"), announcement("pan", PDF)).await;
    late.problem(409, "vendor/not-editable");
}
