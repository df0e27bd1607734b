//! Applying to sell.

use contracts::vendor::{TaxScheme, VendorChanged, VendorStatus};
use futures::future::join_all;
use kernel::UserId;
use serde_json::{Value, json};
use sqlx::{PgPool, Row};
use testkit::TestApp;
use vendor::App;

use crate::scene::{GSTIN, Scene, application, config, pointers, unregistered};

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn an_application_becomes_a_draft_and_the_others_hear_of_it(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let owner = UserId::new();

    let made = app.as_user(owner).post("/v1/vendors", application()).await.expect(201);

    assert_eq!(made["status"], "draft");
    let emitted = app.emitted::<VendorChanged>().await;
    let [changed] = &emitted[..] else { panic!("{emitted:?}") };
    assert_eq!(changed.vendor_id.to_string(), made["vendor_id"]);
    assert_eq!((changed.owner, &changed.members[..]), (owner, &[owner][..]));
    assert_eq!(changed.status, VendorStatus::Draft);
    assert_eq!((changed.invoice_prefix.as_str(), changed.commission_bp), ("LOTU", 1000));
    assert_eq!(changed.gstin.as_ref().unwrap().as_str(), GSTIN);
    assert!(changed.has_pan);
    assert_eq!((changed.scheme, &changed.enrolment), (Some(TaxScheme::Regular), &None));
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn a_seller_says_under_which_scheme_it_supplies(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let mut composition = application();
    composition["scheme"] = json!("composition");
    let mut enrolled = unregistered();
    enrolled["scheme"] = json!("enrolled");
    let refused = app.as_buyer().post("/v1/vendors", enrolled.clone()).await;
    assert_eq!(pointers(&refused.problem(422, "validation-error")), ["/enrolment"]);
    enrolled["enrolment"] = json!("272600000123enr");

    for body in [composition, enrolled, unregistered()] {
        app.as_buyer().post("/v1/vendors", body).await.expect(201);
    }
    let said = app.emitted::<VendorChanged>().await;
    let said: Vec<_> = said.iter().map(|v| (v.scheme.unwrap(), v.enrolment.as_deref())).collect();
    assert_eq!(
        said,
        [
            (TaxScheme::Composition, None),
            (TaxScheme::Enrolled, Some("272600000123ENR")),
            (TaxScheme::Enrolled, None),
        ]
    );
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn the_same_key_applies_once(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let buyer = app.as_buyer().key("apply-1");

    let first = buyer.post("/v1/vendors", unregistered()).await;
    let again = buyer.post("/v1/vendors", unregistered()).await;

    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.expect(201), again.expect(201));
    assert_eq!(app.emitted::<VendorChanged>().await.len(), 1);
    buyer.post("/v1/vendors", application()).await.problem(422, "idempotency/key-reused");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn twenty_at_once_with_one_key_apply_once(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let buyer = app.as_buyer().key("apply-1");

    let asks = (0..20).map(|_| buyer.post("/v1/vendors", application()));
    let answers: Vec<_> = join_all(asks).await.into_iter().map(|a| a.expect(201)).collect();

    assert!(answers.iter().all(|a| a == &answers[0]), "{answers:?}");
    assert_eq!(app.emitted::<VendorChanged>().await.len(), 1);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn sellers_of_one_name_get_prefixes_of_their_own(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let buyer = app.as_buyer();
    let (buyer, body) = (&buyer, unregistered());

    let one = || buyer.post("/v1/vendors", body.clone());
    let answers = tokio::join!(one(), one(), one());

    for answer in [answers.0, answers.1, answers.2] {
        answer.expect(201);
    }
    let emitted = app.emitted::<VendorChanged>().await;
    let mut prefixes: Vec<_> = emitted.iter().map(|v| v.invoice_prefix.as_str()).collect();
    prefixes.sort_unstable();
    assert_eq!(prefixes, ["LOT1", "LOT2", "LOTU"]);
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn what_contradicts_itself_is_refused_with_pointers(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let wrong = [
        ("/pan", json!("AAPFU0939G"), "/gstin"),
        ("/pan", json!("nonsense"), "/pan"),
        ("/gstin", json!("27AAPFU0939F1ZA"), "/gstin"),
        ("/address/pincode", json!("560001"), "/address/pincode"),
        ("/address/state", json!("99"), "/address/state"),
        ("/address/city", json!("a\nb"), "/address/city"),
        ("/bank_account/account_number", json!("12"), "/bank_account/account_number"),
        ("/bank_account/ifsc", json!("HDFC"), "/bank_account/ifsc"),
        ("/display_name", json!(""), "/display_name"),
        ("/legal_name", json!("x".repeat(201)), "/legal_name"),
        ("/scheme", json!("enrolled"), "/scheme"),
        ("/scheme", json!("none"), "/scheme"),
        ("/enrolment", json!("272600000123ENR"), "/enrolment"),
    ];
    for (place, value, pointer) in wrong {
        let mut body = application();
        body["scheme"] = json!("regular");
        body["enrolment"] = json!(null);
        *body.pointer_mut(place).unwrap() = value;
        let problem =
            app.as_buyer().post("/v1/vendors", body).await.problem(422, "validation-error");
        assert_eq!(pointers(&problem), [pointer], "{place}");
    }
    let mut elsewhere = application();
    elsewhere["address"]["state"] = json!("29");
    elsewhere["address"]["pincode"] = json!("560001");
    let answer = app.as_buyer().post("/v1/vendors", elsewhere).await;
    assert_eq!(pointers(&answer.problem(422, "validation-error")), ["/address/state"]);
    let mut more = application();
    more["status"] = json!("approved");
    app.as_buyer().post("/v1/vendors", more).await.problem(400, "unknown-field");
    assert!(app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn all_that_is_wrong_with_an_application_is_said_at_once(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let apply = async |body: Value| {
        let problem = app.as_buyer().post("/v1/vendors", body).await;
        let problem = problem.problem(422, "validation-error");
        let said = problem["errors"].as_array().unwrap().iter().map(|error| {
            format!("{} {}", error["pointer"].as_str().unwrap(), error["detail"].as_str().unwrap())
        });
        said.collect::<Vec<_>>()
    };
    let lacks = ["address", "bank_account", "display_name", "legal_name", "pan"];
    let mut said = apply(json!({})).await;
    said.sort();
    assert_eq!(said, lacks.map(|name| format!(" it lacks `{name}`")));

    let mut body = application();
    body["pan"] = json!("nonsense");
    body["display_name"] = json!("");
    body["address"] = json!({ "line1": "4 Linking Road", "state": "99", "pincode": "x" });
    body["bank_account"]["ifsc"] = json!(7);
    let mut said = apply(body).await;
    said.sort();
    let named: Vec<_> = said.iter().map(|error| error.split(' ').next().unwrap()).collect();
    let wrong =
        ["/address/pincode", "/address/state", "/bank_account/ifsc", "/display_name", "/pan"];
    assert_eq!(named, [&["/address"], &wrong[..]].concat());
    assert_eq!(said[0], "/address it lacks `city`");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn nobody_applies_anonymously(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    app.anonymous().post("/v1/vendors", application()).await.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn numbers_lie_sealed_in_the_database_and_open_in_their_own_row_only(pool: PgPool) {
    let scene = Scene::applied(pool.clone(), unregistered()).await;
    let row = sqlx::query("select to_jsonb(v)::text as everything from vendors v");
    let everything: String = row.fetch_one(&pool).await.unwrap().get("everything");
    for secret in ["AAPFU0939F", "012345678901"] {
        assert!(!everything.contains(secret), "{secret} can be read");
    }

    let other = scene.app.as_buyer().post("/v1/vendors", unregistered()).await.expect(201);
    let swap = "update vendors set pan_sealed = (select pan_sealed from vendors where id = $1) where id = $2";
    let other: kernel::VendorId = other["vendor_id"].as_str().unwrap().parse().unwrap();
    let swap = sqlx::query(swap).bind(other.as_uuid()).bind(scene.vendor_id.as_uuid());
    swap.execute(&pool).await.unwrap();

    scene.owner().get(&scene.path("/profile")).await.problem(500, "internal");
}
