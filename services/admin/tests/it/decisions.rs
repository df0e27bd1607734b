//! Deciding about sellers, products and reviews.

use admin::{App, Config};
use chassis::auth::callers::may;
use contracts::admin::{Decision, ProductModerated, ReviewModerated, VendorDecided};
use contracts::product::{ProductStatus, ProductUpserted};
use contracts::rating::{ReviewSubmitted, Subject};
use contracts::vendor::{Correction, KycSubmitted, VendorChanged, VendorStatus};
use kernel::{UserId, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Client, TestApp, sample};

fn approve() -> Value {
    json!({ "decision": "approve", "reason": "documents match" })
}

async fn waiting(pool: PgPool) -> TestApp<App> {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    app.deliver(VendorChanged { status: VendorStatus::Submitted, ..sample() }).await;
    app.deliver(sample::<KycSubmitted>()).await;
    app.deliver(ProductUpserted { status: ProductStatus::Proposed, ..sample() }).await;
    app.deliver(sample::<ReviewSubmitted>()).await;
    app
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn a_seller_waits_with_its_documents_and_is_approved_once(pool: PgPool) {
    let app = waiting(pool).await;
    let staff = app.as_staff(may::ALL);
    let queue = staff.get("/v1/admin/vendors?status=submitted").await.expect(200);
    let vendor = sample::<VendorChanged>().vendor_id;
    assert_eq!(queue["items"][0]["vendor_id"], vendor.to_string());
    assert_eq!(queue["items"][0]["documents"][0]["kind"], "pan");

    let path = format!("/v1/admin/vendors/{vendor}/decisions");
    let staff = staff.key("k-1");
    let first = staff.post(&path, approve()).await.expect(202);
    let again = staff.post(&path, approve()).await.expect(202);

    assert_eq!(first, again);
    let emitted = app.emitted::<VendorDecided>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!((emitted[0].vendor_id, emitted[0].decision), (vendor, Decision::Approve));
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn a_seller_that_is_turned_down_is_told_what_to_correct(pool: PgPool) {
    let app = waiting(pool).await;
    let staff = app.as_staff(may::ALL);
    let vendor = sample::<VendorChanged>().vendor_id;
    let path = format!("/v1/admin/vendors/{vendor}/decisions");
    let body = |decision: &str, at: &str| json!({ "decision": decision, "reason": "nearly", "corrections": [{ "at": at, "why": "the scan is cut off" }] });
    staff.post(&path, body("approve", "/documents/pan")).await.problem(422, "validation-error");
    staff.post(&path, body("reject", "/somewhere")).await.problem(422, "validation-error");
    let product = sample::<ProductUpserted>().product_id;
    let about = format!("/v1/admin/products/{product}/decisions");
    staff.post(&about, body("reject", "/documents/pan")).await.problem(422, "validation-error");

    staff.post(&path, body("reject", "/documents/pan")).await.expect(202);

    let emitted = app.emitted::<VendorDecided>().await;
    let [decided] = &emitted[..] else { panic!("{emitted:?}") };
    let Correction { at, why } = &decided.corrections[0];
    assert_eq!((at.as_str(), why.as_str()), ("/documents/pan", "the scan is cut off"));
    let audit = staff.get("/v1/admin/audit").await.expect(200);
    assert!(audit.to_string().contains("the scan is cut off"), "{audit}");
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn products_and_reviews_are_moderated(pool: PgPool) {
    let app = waiting(pool).await;
    let staff = app.as_staff(may::ALL);
    let products = staff.get("/v1/admin/products?status=proposed").await.expect(200);
    let reviews = staff.get("/v1/admin/reviews?status=submitted").await.expect(200);
    let product = products["items"][0]["product_id"].as_str().unwrap();
    let review = reviews["items"][0]["review_id"].as_str().unwrap();
    assert_eq!(reviews["items"][0]["order_id"], sample::<ReviewSubmitted>().order_id.to_string());

    let reject = json!({ "decision": "reject", "reason": "the photo is missing" });
    staff.post(&format!("/v1/admin/products/{product}/decisions"), reject).await.expect(202);
    staff.post(&format!("/v1/admin/reviews/{review}/decisions"), approve()).await.expect(202);

    assert_eq!(app.emitted::<ProductModerated>().await[0].decision, Decision::Reject);
    assert_eq!(app.emitted::<ReviewModerated>().await[0].decision, Decision::Approve);
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn what_makes_no_sense_or_is_unknown_is_refused_and_leaves_no_trace(pool: PgPool) {
    let app = waiting(pool).await;
    let staff = app.as_staff(may::ALL);
    let path = |id: VendorId| format!("/v1/admin/vendors/{id}/decisions");
    let vendor = sample::<VendorChanged>().vendor_id;
    let suspend = json!({ "decision": "suspend", "reason": "late" });
    let refused = staff.post(&path(vendor), suspend).await.problem(409, "admin/not-decidable");
    assert!(refused["detail"].as_str().unwrap().contains("try again in a moment"), "{refused}");
    staff.post(&path(VendorId::new()), approve()).await.problem(404, "not-found");
    assert!(app.emitted::<VendorDecided>().await.is_empty());
    assert_eq!(staff.get("/v1/admin/audit").await.expect(200)["items"], json!([]));
}

/// A member of staff who acts for these sellers, as far as the token knows.
fn seller(app: &TestApp<App>, who: UserId, vendors: &[VendorId]) -> Client {
    let mut claims = app.claims(who);
    claims.roles.push("admin".into());
    claims.perms = may::ALL.iter().map(|perm| (*perm).to_owned()).collect();
    claims.vendors = vendors.to_vec();
    app.as_claims(&claims)
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn nobody_decides_about_a_seller_of_their_own_what_it_sells_or_its_reviews(pool: PgPool) {
    let app = waiting(pool).await;
    let vendor = sample::<VendorChanged>();
    let product = ProductUpserted {
        vendor_id: vendor.vendor_id,
        status: ProductStatus::Proposed,
        ..sample()
    };
    let of_product = ReviewSubmitted {
        review_id: kernel::ReviewId::new(),
        subject: Subject::Product(product.product_id),
        ..sample()
    };
    let of_seller = ReviewSubmitted {
        review_id: kernel::ReviewId::new(),
        subject: Subject::Vendor(vendor.vendor_id),
        ..sample()
    };
    let paths = [
        format!("vendors/{}", vendor.vendor_id),
        format!("products/{}", product.product_id),
        format!("reviews/{}", of_product.review_id),
        format!("reviews/{}", of_seller.review_id),
    ];
    app.deliver(product).await;
    app.deliver(of_product).await;
    app.deliver(of_seller).await;
    // The first by the token; the other one applied after that token was made.
    let by_token = seller(&app, UserId::new(), &[VendorId::new(), vendor.vendor_id]);
    let by_word = seller(&app, vendor.owner, &[]);
    for path in &paths {
        let path = format!("/v1/admin/{path}/decisions");
        for own in [&by_token, &by_word] {
            for decision in ["approve", "reject", "suspend"] {
                let body = json!({ "decision": decision, "reason": "mine" });
                own.post(&path, body).await.problem(403, "admin/own-seller");
            }
        }
    }
    assert!(app.emitted_names().await.is_empty());
    assert_eq!(by_token.get("/v1/admin/audit").await.expect(200)["items"], json!([]));
    let another = seller(&app, UserId::new(), &[VendorId::new()]);
    for path in &paths {
        another.post(&format!("/v1/admin/{path}/decisions"), approve()).await.expect(202);
    }
    assert_eq!(app.emitted::<VendorDecided>().await.len(), 1);
    assert_eq!(app.emitted::<ProductModerated>().await.len(), 1);
    assert_eq!(app.emitted::<ReviewModerated>().await.len(), 2);
}
