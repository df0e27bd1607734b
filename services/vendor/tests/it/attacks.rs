//! Hostile words and bodies, from clients and from the bus.

use axum::http::Method;
use chassis::dead_letters;
use contracts::admin::{Decision, VendorDecided};
use contracts::vendor::VendorChanged;
use kernel::Clock;
use serde_json::json;
use sqlx::PgPool;
use testkit::{refuses_hostile_bodies, refuses_unseen_texts};

use crate::scene::{PDF, Scene, announcement, application, pointers, unregistered};

const MARKUP: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>";

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn hostile_bodies_are_refused_by_every_route_that_takes_one(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    scene.forget_said().await;
    let before = (scene.profile().await, scene.documents().await);
    let owner = scene.owner().key("hostile");
    let routes = [
        (Method::POST, "/v1/vendors".to_owned(), unregistered()),
        (Method::PATCH, scene.path("/profile"), json!({ "display_name": "Lotus" })),
        (Method::POST, scene.path("/kyc-documents"), announcement("pan", PDF)),
        (Method::POST, scene.path("/submit"), json!({})),
    ];
    for (method, path, good) in routes {
        refuses_hostile_bodies(&owner, &method, &path, &good).await;
    }
    assert_eq!((scene.profile().await, scene.documents().await), before);
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn names_that_steer_what_prints_them_are_refused(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    scene.forget_said().await;
    let wrong = ["a\0b", "\u{202e}gnp.exe", "a\u{2066}b", "\u{feff}", "a\r\nBcc: x", "a\u{1f600}b"];
    for name in wrong.into_iter().chain([&*"x".repeat(201), &"\u{0301}".repeat(1_000)]) {
        for place in ["/legal_name", "/display_name", "/address/line1", "/bank_account/holder"] {
            let mut body = unregistered();
            *body.pointer_mut(place).unwrap() = json!(name);
            let answer = scene.app.as_buyer().post("/v1/vendors", body).await;
            assert_eq!(pointers(&answer.problem(422, "validation-error")), [place], "{name:?}");
        }
        let edit = json!({ "display_name": name });
        scene.owner().patch(&scene.path("/profile"), edit).await.problem(422, "validation-error");
    }
    let half = br#"{"display_name":"\ud800"}"#.to_vec();
    let body = Some(("application/json", half));
    let answer = scene.owner().send(Method::PATCH, &scene.path("/profile"), body).await;
    answer.problem(422, "validation-error");
    let huge = json!({ "display_name": "x".repeat(1 << 20) });
    scene.owner().patch(&scene.path("/profile"), huge).await.problem(413, "payload-too-large");
    for path in ["/v1/vendors/%00", "/v1/vendors/%F0%9F%98%80", "/v1/vendors/%FF/profile"] {
        scene.owner().get(path).await.problem(404, "not-found");
    }
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn no_name_is_one_that_nobody_sees(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    scene.forget_said().await;
    let owner = scene.owner().key("unseen");
    let new = ["/legal_name", "/display_name", "/address/line1", "/address/city"];
    let all = [&new[..], &["/bank_account/holder"]].concat();
    refuses_unseen_texts(&owner, &Method::POST, "/v1/vendors", (&unregistered(), &all)).await;
    let edit = json!({ "display_name": "Lotus", "address": unregistered()["address"] });
    let profile = scene.path("/profile");
    refuses_unseen_texts(&owner, &Method::PATCH, &profile, (&edit, &new[1..])).await;
    let account = &unregistered()["bank_account"];
    let path = scene.path("/bank-account");
    refuses_unseen_texts(&owner, &Method::PUT, &path, (account, &["/holder"])).await;
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn markup_in_a_name_is_text_and_nothing_runs_it(pool: PgPool) {
    let scene = Scene::approved(pool).await;
    let edit = json!({ "display_name": MARKUP });
    let answer = scene.owner().patch(&scene.path("/profile"), edit).await;
    assert_eq!(answer.expect(200)["display_name"], MARKUP);
    assert_eq!(scene.app.emitted::<VendorChanged>().await[0].display_name, MARKUP);

    let page = scene.app.anonymous().get(&scene.path("")).await;

    assert_eq!(page.header("content-type"), Some("application/json"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.expect(200)["display_name"], MARKUP);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn decisions_that_make_no_sense_are_put_aside_and_decide_nothing(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let record = || scene.app.record(&scene.decision(Decision::Approve, scene.app.clock.now()));
    let (mut nameless, mut unversioned, mut broken, mut newer) =
        (record(), record(), record(), record());
    nameless.headers.remove("ce_id");
    unversioned.headers.remove("ce_aggversion");
    broken.payload = Some(b"{\"vendor_id\":7}".to_vec());
    newer.headers.insert("ce_type".into(), "admin.vendor_decided.v9".into());
    for (n, mut record) in [nameless, unversioned, broken, newer].into_iter().enumerate() {
        // Each under a key of its own: what follows on the key of a dead letter waits for it.
        record.partition = i32::try_from(n).unwrap();
        scene.app.deliver_record(record).await;
    }
    assert_eq!(dead_letters::list(scene.app.db()).await.unwrap().len(), 4);
    assert_eq!(scene.profile().await["status"], "submitted");
    assert!(scene.app.emitted::<VendorChanged>().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn hostile_words_in_a_decision_are_text(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let reason = format!("{MARKUP}'; drop table vendors; --\u{202e}\u{1f600}");
    let decided = scene.decision(Decision::Reject, scene.app.clock.now());
    scene.app.deliver(VendorDecided { reason: reason.clone(), ..decided }).await;
    assert_eq!(scene.profile().await["reason"], reason.as_str());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_decision_that_cannot_be_kept_is_put_aside(pool: PgPool) {
    let scene = Scene::submitted(pool).await;
    let decided = scene.decision(Decision::Reject, scene.app.clock.now());
    let unstorable = VendorDecided { reason: "a\0b".into(), ..decided };
    scene.app.deliver_record(scene.app.record(&unstorable)).await;
    assert_eq!(dead_letters::list(scene.app.db()).await.unwrap().len(), 1);
    assert_eq!(scene.profile().await["status"], "submitted");
}
