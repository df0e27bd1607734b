//! What staff need to hand in returns, and what everybody may know of states.

use contracts::ops::StaffActed;
use kernel::VendorId;
use serde_json::{Value, json};
use sqlx::PgPool;
use vendor::App;

use crate::scene::{GSTIN, Scene, application, config};

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn numbers_of_sellers_are_read_by_who_files_and_the_reading_is_told(pool: PgPool) {
    let scene = Scene::approved(pool).await;
    let other = kernel::UserId::new();
    let made = scene.app.as_user(other).post("/v1/vendors", application()).await.expect(201);
    scene.forget_said().await;
    let ids = [json!(scene.vendor_id), made["vendor_id"].clone(), json!(VendorId::new())];
    let ask = json!({ "vendor_ids": ids });
    let path = "/v1/admin/tax/sellers";

    let staff = scene.app.as_staff(&["payments.manage"]);
    let told = staff.post(path, &ask).await.expect(200);
    let seller = json!({"vendor_id": scene.vendor_id, "legal_name": "Lotus Home Retail Private Limited",
                        "gstin": null, "pan": "AAPFU0939F"});
    assert_eq!(told["items"], json!([seller]), "whoever only applied to sell owes no tax");
    let acted = scene.app.emitted::<StaffActed>().await.remove(0);
    assert_eq!(acted.act, "tax_identities.read");
    assert_eq!(serde_json::from_str::<Value>(&acted.said).unwrap(), ask);

    let none = json!({ "vendor_ids": [] });
    staff.post(path, &none).await.problem(422, "validation-error");
    let many: Vec<_> = (0..101).map(|_| VendorId::new()).collect();
    staff.post(path, &json!({ "vendor_ids": many })).await.problem(422, "validation-error");
    scene.app.as_staff(&["vendors.decide"]).post(path, &ask).await.problem(403, "forbidden");
    scene.owner().post(path, &ask).await.problem(403, "forbidden");
}

#[sqlx::test(migrator = "vendor::MIGRATOR")]
async fn everybody_may_know_and_keep_the_states(pool: PgPool) {
    let app = testkit::TestApp::<App>::start(pool, config()).await;
    let answer = app.anonymous().get("/v1/states").await;
    assert_eq!(answer.header("cache-control"), Some("public, max-age=86400"));
    let states = answer.expect(200)["items"].as_array().unwrap().clone();
    assert_eq!(states.len(), 36, "28 states and 8 union territories");
    assert!(states.contains(&json!({"code": "29", "name": "Karnataka"})));
    let none = |state: &Value| ["25", "28", "97"].contains(&state["code"].as_str().unwrap());
    assert!(!states.iter().any(none), "no PIN code lies in them, so no address does");
    assert!(states.iter().any(|state| GSTIN.starts_with(state["code"].as_str().unwrap())));
}
