//! Where sellers are paid.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::stage::{Stage, assert_refused};

fn account(number: &str) -> Value {
    json!({"contact_id": "cont_seller1", "account_type": "bank_account",
           "bank_account": {"name": "Lotus Home", "ifsc": "HDFC0000053", "account_number": number}})
}

fn payout(fund_account: &Value) -> Value {
    json!({"account_number": "sandbox", "fund_account_id": fund_account, "amount": 5_000, "currency": "INR",
           "mode": "NEFT", "purpose": "payout"})
}

#[tokio::test]
async fn a_seller_is_paid_to_the_accounts_that_are_registered_and_open() {
    let stage = Stage::alone().await;
    let call = &stage.call;
    let contact = json!({"name": "Lotus Home", "type": "vendor", "reference_id": "seller-1"});
    assert_eq!(call.ok("/v1/contacts", contact).await["id"], "cont_seller1");
    // Until one is registered there is one that was always there.
    call.ok("/v1/payouts", payout(&json!("fa_seller1"))).await;

    let made = call.ok("/v1/fund_accounts", account("012345678901")).await;
    assert_eq!(call.ok("/v1/fund_accounts", account("012345678901")).await, made);
    call.ok("/v1/payouts", payout(&made["id"])).await;
    let always_there = call.post("/v1/payouts", payout(&json!("fa_seller1"))).await;
    assert_refused(&always_there, StatusCode::BAD_REQUEST);

    call.ok("/sandbox/sellers/seller-1/plan", json!({"account": "refused"})).await;
    let refused = call.post("/v1/fund_accounts", account("998877665544")).await;
    assert_refused(&refused, StatusCode::BAD_REQUEST);
    let listed = call.see("/v1/fund_accounts?contact_id=cont_seller1").await;
    assert_eq!(listed["items"], json!([made]));
}
