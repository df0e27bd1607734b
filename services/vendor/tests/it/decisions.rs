//! What staff decide takes effect here, once, in whatever order it comes.

use chassis::dead_letters;
use contracts::admin::Decision;
use contracts::vendor::{
    KycSubmitted, VendorApproved, VendorChanged, VendorRejected, VendorStatus, VendorSuspended,
};
use jiff::SignedDuration;
use kernel::{Clock, VendorId};
use sqlx::PgPool;

use crate::scene::{PDF, Scene, unregistered};

async fn statuses(scene: &Scene) -> Vec<VendorStatus> {
    scene.app.emitted::<VendorChanged>().await.into_iter().map(|v| v.status).collect()
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn approval_suspension_and_return(pool: PgPool) {
    let scene = Scene::submitted(pool).await;

    scene.decide(Decision::Approve).await;
    let emitted = scene.app.emitted::<VendorApproved>().await;
    assert_eq!((emitted[0].vendor_id, emitted[0].owner), (scene.vendor_id, scene.owner));
    assert!(!emitted[0].again);
    assert_eq!(statuses(&scene).await, [VendorStatus::Approved]);

    scene.decide(Decision::Suspend).await;
    assert_eq!(scene.app.emitted::<VendorSuspended>().await[0].reason, "staff's words");
    assert_eq!(statuses(&scene).await, [VendorStatus::Suspended]);
    let profile = scene.profile().await;
    assert_eq!(
        (profile["status"].as_str(), profile["reason"].as_str()),
        (Some("suspended"), Some("staff's words"))
    );

    scene.decide(Decision::Approve).await;
    let [back] = &scene.app.emitted::<VendorApproved>().await[..] else { panic!("said once") };
    assert!(back.again);
    assert_eq!(statuses(&scene).await, [VendorStatus::Approved]);
    assert!(scene.profile().await["reason"].is_null());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_rejected_seller_corrects_and_submits_again(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    scene.decide(Decision::Reject).await;
    assert_eq!(scene.app.emitted::<VendorRejected>().await[0].reason, "staff's words");
    assert_eq!(statuses(&scene).await, [VendorStatus::Rejected]);
    scene.decide(Decision::Approve).await;
    assert!(scene.app.emitted_names().await.is_empty());

    scene.hand_in("bank_proof", b"%PDF-1.7 readable").await;
    scene.submit().await.expect(200);

    assert_eq!(scene.app.emitted::<KycSubmitted>().await[0].documents.len(), 2);
    assert_eq!(statuses(&scene).await, [VendorStatus::Submitted]);
    scene.decide(Decision::Approve).await;
    assert_eq!(scene.profile().await["status"], "approved");
    assert_eq!(scene.app.emitted::<VendorApproved>().await.len(), 1);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_decision_that_comes_twice_counts_once(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let decision = scene.decision(Decision::Approve, scene.app.clock.now());

    let record = scene.app.record(&decision);
    scene.app.deliver_record(record.clone()).await;
    scene.app.deliver_record(record).await;
    scene.app.deliver(decision).await;

    assert_eq!(scene.app.emitted::<VendorApproved>().await.len(), 1);
    assert_eq!(statuses(&scene).await, [VendorStatus::Approved]);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_decision_that_was_overtaken_changes_nothing(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let now = scene.app.clock.now();
    let suspended = scene.decision(Decision::Suspend, now);
    scene.app.deliver(scene.decision(Decision::Approve, now + SignedDuration::from_secs(1))).await;
    scene.forget_said().await;

    scene.app.deliver(suspended).await;

    assert_eq!(scene.profile().await["status"], "approved");
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn no_decision_lets_a_draft_sell(pool: PgPool) {
    let scene = Scene::applied(pool, unregistered()).await;
    scene.hand_in("pan", PDF).await;
    scene.forget_said().await;
    for decision in [Decision::Approve, Decision::Suspend, Decision::Reject, Decision::Unknown] {
        scene.decide(decision).await;
    }
    assert_eq!(scene.profile().await["status"], "draft");
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_decision_about_nobody_is_put_aside(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let mut decision = scene.decision(Decision::Approve, scene.app.clock.now());
    decision.vendor_id = VendorId::new();

    scene.app.deliver_record(scene.app.record(&decision)).await;

    let letters = dead_letters::list(scene.app.db()).await.unwrap();
    assert_eq!(letters.len(), 1);
}
