//! What sellers read, and what nobody can write.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::stage::Stage;

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_seller_sees_what_it_is_owed_and_why(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    let (share, other) = (&ask.shares[0], &ask.shares[1]);
    let vendor = stage.app.as_vendor(share.vendor_id);

    let path = format!("/v1/vendors/{}/balance", share.vendor_id);
    let balance = vendor.get(&path).await.expect(200);
    assert_eq!(balance["pending"], json!({"amount": 94_925, "currency": "INR"}));
    assert_eq!(balance["available"], json!({"amount": 0, "currency": "INR"}));

    let path = format!("/v1/vendors/{}/ledger", share.vendor_id);
    let page = vendor.get(&path).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    assert_eq!(page["items"][0]["amount"], json!({"amount": 94_925, "currency": "INR"}));
    assert_eq!(page["items"][0]["seller_order_id"], json!(share.seller_order_id));
    assert_eq!(page["items"][0]["cause"], format!("capture:{}", ask.payment_id));
    assert!(!page.to_string().contains(&other.seller_order_id.to_string()));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_seller_without_sales_is_owed_nothing(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let vendor = kernel::VendorId::new();
    let path = format!("/v1/vendors/{vendor}/balance");
    let balance = stage.app.as_vendor(vendor).get(&path).await.expect(200);
    assert_eq!(balance["pending"]["amount"], 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn staff_pages_through_all_payments(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(json!(stage.pending().await.0.payment_id));
    }
    made.reverse();
    let staff = stage.app.as_staff(&["payments.manage"]);
    let (mut seen, mut path) = (Vec::new(), "/v1/admin/payments?status=pending&limit=2".to_owned());
    loop {
        let page: Value = staff.get(&path).await.expect(200);
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["payment_id"].clone()),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/admin/payments?status=pending&limit=2&after={next}");
    }
    assert_eq!(seen, made);
    let none = staff.get("/v1/admin/payments?status=captured").await.expect(200);
    assert_eq!(none["items"], json!([]));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_posted_can_be_neither_changed_nor_unbalanced(pool: PgPool) {
    let stage = Stage::start(pool).await;
    stage.captured().await;
    for sql in [
        "update postings set amount = amount + 1",
        "delete from postings",
        "update journals set cause = 'x'",
        "insert into postings (journal_id, account_id, amount, currency)
         select journal_id, 1, 1, 'INR' from journals limit 1",
        "insert into postings (journal_id, account_id, amount, currency)
         select journal_id, 1, amount, 'INR' from journals, (values (1), (-1)) as both (amount)",
        "insert into journals (journal_id, cause, payment_id, posted_at)
         select gen_random_uuid(), cause, payment_id, posted_at from journals limit 1",
    ] {
        let refused = sqlx::query(sql).execute(&stage.pool).await;
        assert!(refused.is_err(), "{sql}");
    }
    assert_eq!(stage.account("psp_clearing").await, 235_600);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn staff_find_what_was_paid_for_an_order(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (one, other) = (stage.pending().await.0, stage.pending().await.0);
    let staff = stage.app.as_staff(&["payments.manage"]);
    for ask in [&one, &other] {
        let path = format!("/v1/admin/payments?order_id={}", ask.order_id);
        let page = staff.get(&path).await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        assert_eq!(page["items"][0]["payment_id"], json!(ask.payment_id));
        let path = format!("/v1/admin/refunds?order_id={}", ask.order_id);
        assert_eq!(staff.get(&path).await.expect(200)["items"], json!([]));
    }
}
