//! What staff see of a seller before they decide.

use contracts::admin::{Decision, VendorDecided};
use contracts::vendor::{Correction, VendorChanged, VendorRejected};
use jiff::SignedDuration;
use kernel::Clock as _;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Client, TestApp};
use vendor::App;

use crate::scene::{PDF, Scene, application, pointers};

fn staff(app: &TestApp<App>) -> Client {
    app.as_staff(&["vendors.decide"])
}

async fn seen(scene: &Scene, vendor_id: &str) -> Value {
    staff(&scene.app).get(&format!("/v1/admin/vendors/{vendor_id}/application")).await.expect(200)
}

fn check<'a>(seen: &'a Value, name: &str) -> &'a Value {
    let checks = seen["checks"].as_array().unwrap();
    checks.iter().find(|check| check["check"] == name).unwrap()
}

/// Another seller of the same application, handed in, with the name given.
async fn another(scene: &Scene, change: impl FnOnce(&mut Value)) -> Scene {
    let mut body = application();
    change(&mut body);
    let owner = kernel::UserId::new();
    let made = scene.app.as_user(owner).post("/v1/vendors", body).await.expect(201);
    let vendor_id = made["vendor_id"].as_str().unwrap().parse().unwrap();
    let other = Scene { app: scene.app.clone(), owner, vendor_id };
    hand_in(&other).await;
    other
}

async fn hand_in(scene: &Scene) {
    for kind in ["pan", "bank_proof", "gst_certificate"] {
        scene.hand_in(kind, PDF).await;
    }
    scene.submit().await.expect(200);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn staff_see_the_whole_application_and_what_a_machine_says_of_it(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    hand_in(&scene).await;

    let seen = seen(&scene, &scene.vendor_id.to_string()).await;

    assert_eq!(seen["status"], "submitted");
    assert_eq!(seen["legal_name"], "Lotus Home Retail Private Limited");
    assert_eq!(seen["pan"], "AAPFUXXXXF");
    assert_eq!(seen["address"]["city"], "Mumbai");
    assert_eq!(seen["bank_account"]["account_number"], "XXXXXXXX8901");
    let kinds: Vec<_> = seen["documents"].as_array().unwrap().iter().map(|d| &d["kind"]).collect();
    assert_eq!(kinds, ["pan", "bank_proof", "gst_certificate"]);
    let outcomes: Vec<_> = seen["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| format!("{} {}", c["check"].as_str().unwrap(), c["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(
        outcomes,
        [
            "gstin passed",
            "pan passed",
            "ifsc passed",
            "names look",
            "same_gstin passed",
            "same_pan passed",
            "same_account passed"
        ]
    );
    assert_eq!(
        check(&seen, "pan")["says"],
        "the holder is a firm or LLP; it is the number in the GSTIN"
    );
    assert_eq!(
        check(&seen, "names")["says"],
        "the account is of Lotus Home; the legal name has more: retail"
    );
    let steps: Vec<_> = seen["history"].as_array().unwrap().iter().map(|s| &s["status"]).collect();
    assert_eq!(steps, ["draft", "submitted"]);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn only_staff_who_decide_see_it(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    let path = format!("/v1/admin/vendors/{}/application", scene.vendor_id);
    scene.owner().get(&path).await.problem(403, "forbidden");
    scene.app.as_staff(&["look"]).get(&path).await.problem(403, "forbidden");
    let nobody = format!("/v1/admin/vendors/{}/application", kernel::VendorId::new());
    staff(&scene.app).get(&nobody).await.problem(404, "not-found");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn who_only_writes_a_registration_into_a_draft_keeps_nobody_out(pool: PgPool) {
    let squatter = Scene::applied(pool, application()).await;
    let owner =
        another(&squatter, |body| body["bank_account"]["account_number"] = json!("999999999999"))
            .await;

    let twins = seen(&owner, &owner.vendor_id.to_string()).await;
    let same = check(&twins, "same_gstin");
    assert_eq!(
        (&same["outcome"], &same["vendors"]),
        (&json!("look"), &json!([squatter.vendor_id]))
    );
    assert_eq!(check(&twins, "same_pan")["outcome"], "look");
    assert_eq!(check(&twins, "same_account")["outcome"], "passed");
    owner.decide(Decision::Approve).await;
    assert_eq!(owner.profile().await["status"], "approved");

    // From now on it is taken.
    let late = owner.app.as_buyer().post("/v1/vendors", application()).await;
    late.problem(409, "vendor/gstin-taken");
    hand_in(&squatter).await;
    let seen = seen(&squatter, &squatter.vendor_id.to_string()).await;
    assert_eq!(check(&seen, "same_gstin")["outcome"], "failed");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn of_two_with_one_registration_the_second_is_turned_down(pool: PgPool) {
    let first = Scene::applied(pool, application()).await;
    hand_in(&first).await;
    let second = another(&first, |_| {}).await;
    first.decide(Decision::Approve).await;
    second.decide(Decision::Approve).await;

    assert_eq!(first.profile().await["status"], "approved");
    let profile = second.profile().await;
    assert_eq!(profile["status"], "rejected");
    assert_eq!(profile["reason"], "another seller was approved with this GSTIN");
    assert_eq!(profile["corrections"][0]["at"], "/gstin");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn staff_ask_for_corrections_and_the_seller_makes_them(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    hand_in(&scene).await;
    scene.forget_said().await;
    let asked = [
        ("/legal_name", "the certificate has another one"),
        ("/documents/pan", "the scan is cut off"),
    ];
    let corrections: Vec<_> =
        asked.map(|(at, why)| Correction { at: at.into(), why: why.into() }).into();
    scene.app.clock.advance(SignedDuration::from_secs(1));
    let decided = scene.decision(Decision::Reject, scene.app.clock.now());
    scene.app.deliver(VendorDecided { corrections: corrections.clone(), ..decided }).await;

    let profile = scene.profile().await;
    assert_eq!(profile["status"], "rejected");
    assert_eq!(
        profile["corrections"],
        json!([{ "at": "/legal_name", "why": "the certificate has another one" }, { "at": "/documents/pan", "why": "the scan is cut off" }])
    );
    // The mail says it, too.
    assert_eq!(scene.app.emitted::<VendorRejected>().await[0].corrections, corrections);

    let edit = json!({ "legal_name": "Lotus Home LLP" });
    scene.owner().patch(&scene.path("/profile"), edit).await.expect(200);
    scene.hand_in("pan", b"%PDF-1.7\n% whole\n%%EOF\n").await;
    scene.submit().await.expect(200);

    let profile = scene.profile().await;
    assert_eq!(
        (&profile["legal_name"], &profile["corrections"]),
        (&json!("Lotus Home LLP"), &json!([]))
    );
    let seen = seen(&scene, &scene.vendor_id.to_string()).await;
    let steps: Vec<_> = seen["history"].as_array().unwrap().iter().map(|s| &s["status"]).collect();
    assert_eq!(steps, ["draft", "submitted", "rejected", "submitted"]);
    assert_eq!(seen["history"][2]["corrections"][1]["at"], "/documents/pan");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn numbers_are_corrected_while_nobody_relies_on_them(pool: PgPool) {
    let scene = Scene::applied(pool, application()).await;
    let patch = async |body: Value| scene.owner().patch(&scene.path("/profile"), body).await;

    // Numbers that contradict each other are refused together.
    let refused = patch(json!({ "pan": "AAPFU0939G" })).await;
    assert_eq!(pointers(&refused.problem(422, "validation-error")), ["/gstin"]);
    // Not registered after all.
    let edited =
        patch(json!({ "scheme": "enrolled", "pan": "AAPFU0939G", "enrolment": "272600000123ENR" }))
            .await;
    let edited = edited.expect(200);
    assert_eq!(
        (&edited["gstin"], &edited["scheme"], &edited["pan"]),
        (&Value::Null, &json!("enrolled"), &json!("AAPFUXXXXG"))
    );
    let said = scene.app.emitted::<VendorChanged>().await;
    assert_eq!(said.last().unwrap().gstin, None);

    scene.hand_in("pan", PDF).await;
    scene.hand_in("bank_proof", PDF).await;
    scene.submit().await.expect(200);
    scene.decide(Decision::Approve).await;
    // Documents and taxes hang on them now.
    for change in [
        json!({ "legal_name": "Another" }),
        json!({ "gstin": crate::scene::GSTIN }),
        json!({ "pan": "AAPFU0939F" }),
        json!({ "scheme": "regular" }),
    ] {
        patch(change).await.problem(409, "vendor/not-editable");
    }
    patch(json!({ "display_name": "Lotus" })).await.expect(200);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn sellers_of_before_are_compared_too(pool: PgPool) {
    let old = Scene::applied(pool, application()).await;
    sqlx::query("update vendors set pan_mark = null, account_mark = null")
        .execute(old.app.db().pool())
        .await
        .unwrap();
    old.app.run_timers().await;
    let new = another(&old, |body| {
        body["gstin"] = Value::Null;
    })
    .await;
    let seen = seen(&new, &new.vendor_id.to_string()).await;
    assert_eq!(check(&seen, "same_pan")["vendors"], json!([old.vendor_id]));
    assert_eq!(check(&seen, "same_account")["vendors"], json!([old.vendor_id]));
}
