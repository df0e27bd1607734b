//! The profile: who sees it, what is masked, and how it is edited.

use contracts::admin::Decision;
use contracts::order::{CreditCause, SellerOrderCredited};
use contracts::vendor::VendorChanged;
use jiff::SignedDuration;
use kernel::{Clock, CreditId};
use serde_json::json;
use sqlx::PgPool;
use testkit::sample;

use crate::scene::{PDF, Scene, announcement, application, pointers, unregistered};

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn the_owner_sees_the_profile_before_the_token_shows_the_membership(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;

    let profile = scene.profile().await;

    assert_eq!(profile["pan"], "AAPFUXXXXF");
    let account =
        json!({ "account_number": "XXXXXXXX8901", "ifsc": "HDFC0000053", "holder": "Lotus Home" });
    assert_eq!(profile["bank_account"], account);
    assert_eq!(profile["status"], "draft");
    assert_eq!(profile["missing"], json!(["pan", "gst_certificate", "bank_proof"]));
    assert_eq!(profile["address"]["state_name"], "Maharashtra");
    assert_eq!(
        (&profile["invoice_prefix"], &profile["commission_bp"]),
        (&json!("LOTU"), &json!(1000))
    );

    scene.announce(announcement("pan", PDF)).await;
    assert_eq!(scene.profile().await["missing"], json!(["gst_certificate", "bank_proof"]));
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn what_a_seller_rejects_or_does_too_late_counts_for_ninety_days(pool: PgPool) {
    let scene = Scene::approved(pool).await;
    let credit = |cause| {
        let mut event = SellerOrderCredited { cause, credit_id: CreditId::new(), ..sample() };
        event.seller_order.vendor_id = scene.vendor_id;
        event.seller_order.at = scene.app.clock.now();
        event
    };
    let rejected = credit(CreditCause::VendorRejected);
    for _ in 0..2 {
        scene.app.deliver(rejected.clone()).await;
    }
    for cause in [CreditCause::BuyerCancelled, CreditCause::Lost, CreditCause::Unavailable] {
        scene.app.deliver(credit(cause)).await;
    }
    scene.app.clock.advance(SignedDuration::from_hours(24));
    scene.app.deliver(credit(CreditCause::SlaExpired)).await;
    assert_eq!(scene.profile().await["strikes"], json!({ "rejected": 1, "late": 1 }));
    scene.app.clock.advance(SignedDuration::from_hours(89 * 24));
    assert_eq!(scene.profile().await["strikes"], json!({ "rejected": 0, "late": 1 }));
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn strangers_cannot_tell_a_seller_from_none(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    let nobody = format!("/v1/vendors/{}", kernel::VendorId::new());
    let anonymous = scene.app.anonymous();
    // A token that claims the membership is not enough: our own table decides.
    for stranger in [scene.app.as_buyer(), scene.app.as_vendor(scene.vendor_id)] {
        for seller in [scene.path(""), nobody.clone(), "/v1/vendors/nonsense".to_owned()] {
            for rest in ["/profile", "/kyc-documents", ""] {
                let problem =
                    stranger.get(&format!("{seller}{rest}")).await.problem(404, "not-found");
                assert!(problem.get("detail").is_none());
            }
            let edit = stranger
                .patch(&format!("{seller}/profile"), json!({ "display_name": "Mine" }))
                .await;
            edit.problem(404, "not-found");
            let announced =
                stranger.post(&format!("{seller}/kyc-documents"), announcement("pan", PDF)).await;
            announced.problem(404, "not-found");
            stranger.post(&format!("{seller}/submit"), json!({})).await.problem(404, "not-found");
        }
    }
    for rest in ["/profile", "/kyc-documents"] {
        anonymous.get(&scene.path(rest)).await.problem(401, "unauthenticated");
    }
    anonymous.patch(&scene.path("/profile"), json!({})).await.problem(401, "unauthenticated");
    anonymous.post(&scene.path("/kyc-documents"), json!({})).await.problem(401, "unauthenticated");
    anonymous.post(&scene.path("/submit"), json!({})).await.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn an_edit_is_said_and_stale_ones_are_refused(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    scene.forget_said().await;
    let read = scene.owner().get(&scene.path("/profile")).await;
    let tag = read.header("etag").unwrap().to_owned();
    let owner = scene.owner().with("if-match", &tag);
    let address = json!({ "line1": "9 Hill Road", "line2": "Bandra", "city": "Mumbai", "state": "27", "pincode": "400051" });

    let edited = owner
        .patch(&scene.path("/profile"), json!({ "display_name": "Lotus", "address": address }))
        .await;

    assert_ne!(edited.header("etag"), Some(tag.as_str()));
    assert_eq!(edited.expect(200)["display_name"], "Lotus");
    let emitted = scene.app.emitted::<VendorChanged>().await;
    let [changed] = &emitted[..] else { panic!("{emitted:?}") };
    assert_eq!(
        (changed.display_name.as_str(), changed.address.line1.as_str()),
        ("Lotus", "9 Hill Road")
    );
    assert_eq!(changed.invoice_prefix, "LOTU");

    let stale = owner.patch(&scene.path("/profile"), json!({ "display_name": "Lily" })).await;
    stale.problem(412, "precondition-failed");
    let same =
        scene.owner().patch(&scene.path("/profile"), json!({ "display_name": "Lotus" })).await;
    assert_eq!(same.expect(200)["display_name"], "Lotus");
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn an_edit_must_keep_the_state_of_the_registration(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    let address =
        json!({ "line1": "12 MG Road", "city": "Bengaluru", "state": "29", "pincode": "560001" });
    let edit = scene.owner().patch(&scene.path("/profile"), json!({ "address": address })).await;
    assert_eq!(pointers(&edit.problem(422, "validation-error")), ["/address/state"]);
    let frozen = scene.owner().patch(&scene.path("/profile"), json!({ "commission_bp": 0 })).await;
    frozen.problem(400, "unknown-field");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_seller_that_was_here_before_enrolment_was_asked_for_can_name_its_number(pool: PgPool) {
    let scene = Scene::applied(pool, unregistered()).await;
    sqlx::query("update vendors set scheme = null").execute(scene.app.db().pool()).await.unwrap();
    scene.forget_said().await;
    let profile = scene.profile().await;
    assert_eq!((&profile["scheme"], &profile["enrolment"]), (&json!("enrolled"), &json!(null)));

    let number = json!({ "enrolment": "272600000123ENR" });
    let edited = scene.owner().patch(&scene.path("/profile"), number.clone()).await.expect(200);
    assert_eq!(edited["enrolment"], "272600000123ENR");
    let said = scene.app.emitted::<VendorChanged>().await;
    assert_eq!(said[0].enrolment.as_deref(), Some("272600000123ENR"));

    let registered = scene.app.as_buyer().post("/v1/vendors", application()).await.expect(201);
    let owner = scene.app.emitted::<VendorChanged>().await.remove(0).owner;
    let path = format!("/v1/vendors/{}/profile", registered["vendor_id"].as_str().unwrap());
    let refused = scene.app.as_user(owner).patch(&path, number).await;
    assert_eq!(pointers(&refused.problem(422, "validation-error")), ["/enrolment"]);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn nothing_is_edited_under_the_eyes_of_staff_or_while_suspended(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let edit = || async {
        scene.owner().patch(&scene.path("/profile"), json!({ "display_name": "Another" })).await
    };
    edit().await.problem(409, "vendor/not-editable");
    scene.decide(Decision::Approve).await;
    assert_eq!(edit().await.expect(200)["display_name"], "Another");
    scene.decide(Decision::Suspend).await;
    edit().await.problem(409, "vendor/not-editable");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn the_commission_is_that_of_the_day_of_the_application(pool: PgPool) {
    let scene = Scene::applied(pool.clone(), unregistered()).await;
    let dearer = vendor::Config { commission_bp: 1500, ..crate::scene::config() };
    let later = testkit::TestApp::<vendor::App>::start(pool, dearer).await;

    let profile = later.as_user(scene.owner).get(&scene.path("/profile")).await.expect(200);

    assert_eq!(profile["commission_bp"], 1000);
}
