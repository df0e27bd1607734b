//! Who did what, and whether somebody meddled with it.

use admin::audit::{AuditEntry, verify};
use admin::{App, Config};
use chassis::auth::callers::may;
use contracts::ops::StaffActed;
use contracts::vendor::{VendorChanged, VendorStatus};
use kernel::{UserId, VendorId};
use serde_json::json;
use sqlx::PgPool;
use testkit::{TestApp, sample};
use uuid::Uuid;

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn every_act_is_in_the_chain_and_the_chain_holds(pool: PgPool) {
    let app = TestApp::<App>::start(pool.clone(), Config::default()).await;
    let staff = app.as_staff(may::ALL);
    for _ in 0..3 {
        let vendor_id = VendorId::new();
        app.deliver(VendorChanged { vendor_id, status: VendorStatus::Submitted, ..sample() }).await;
        let body = json!({ "decision": "approve", "reason": "documents match" });
        staff.post(&format!("/v1/admin/vendors/{vendor_id}/decisions"), body).await.expect(202);
    }

    let trail = staff.get("/v1/admin/audit").await.expect(200);

    let items = trail["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_eq!(items[0]["act"], "vendor.approve");
    assert_eq!(items[0]["before"], json!({ "status": "submitted" }));
    assert_eq!(items[0]["previous_hash"], items[1]["hash"]);
    let mut chain: Vec<(AuditEntry, String)> = items.iter().map(entry).collect();
    chain.reverse();
    assert_eq!(verify(&chain), Ok(()));
    chain[1].0.reason = "a favour".into();
    assert!(verify(&chain).is_err());
    let meddled =
        sqlx::query("update audit set reason = 'a favour' where seq = 2").execute(&pool).await;
    assert!(meddled.is_err(), "the table itself refuses");
    assert!(sqlx::query("delete from audit").execute(&pool).await.is_err());
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn what_staff_do_in_other_services_is_in_the_same_chain_once(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let staff = app.as_staff(may::ALL);
    let (id, person) = (Uuid::now_v7(), UserId::new());
    let acted = StaffActed {
        staff_id: person,
        act: "seller_order.cancel".into(),
        subject_id: Some(id.to_string()),
        said: json!({ "reason": "the seller is gone" }).to_string(),
        // The table keeps microseconds.
        at: "2026-11-30T12:00:00.123456789Z".parse().unwrap(),
        ..sample()
    };

    app.deliver(acted.clone()).await;
    app.deliver(StaffActed { act: "payouts.run".into(), subject_id: None, ..acted }).await;

    let trail = staff.get("/v1/admin/audit").await.expect(200);
    let items = trail["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let cancelled = &items[1];
    assert_eq!(cancelled["staff_id"], person.to_string());
    assert_eq!(cancelled["subject_kind"], "seller_order");
    assert_eq!(cancelled["subject_id"], id.to_string());
    assert_eq!(cancelled["reason"], "the seller is gone");
    let mut chain: Vec<(AuditEntry, String)> = items.iter().map(entry).collect();
    chain.reverse();
    assert_eq!(verify(&chain), Ok(()));
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn why_staff_opened_a_document_is_the_reason_of_the_entry(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let said = json!({ "vendor_id": VendorId::new(), "why": "The name on it differs." });
    let act = "kyc_document.open".to_owned();
    app.deliver(StaffActed { act, said: said.to_string(), ..sample() }).await;

    let trail = app.as_staff(may::ALL).get("/v1/admin/audit").await.expect(200);

    assert_eq!(trail["items"][0]["reason"], "The name on it differs.");
    assert_eq!(trail["items"][0]["after"], said);
}

fn entry(item: &serde_json::Value) -> (AuditEntry, String) {
    let text = |key: &str| item[key].as_str().unwrap().to_owned();
    let entry = AuditEntry {
        seq: item["seq"].as_i64().unwrap(),
        at: text("at").parse().unwrap(),
        staff_id: text("staff_id").parse().unwrap(),
        session_id: text("session_id").parse().unwrap(),
        act: text("act"),
        subject_kind: text("subject_kind"),
        subject_id: text("subject_id").parse().unwrap(),
        before: item["before"].to_string(),
        after: item["after"].to_string(),
        reason: text("reason"),
        previous_hash: text("previous_hash"),
    };
    (entry, text("hash"))
}
