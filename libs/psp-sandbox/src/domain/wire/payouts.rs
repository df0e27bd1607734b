//! Payouts, and the accounts they go to, as the provider shows them.

use serde_json::{Value, json};

use crate::domain::account::FundAccount;
use crate::domain::payout::Payout;

/// A payout entity.
pub fn payout(payout: &Payout) -> Value {
    json!({
        "id": payout.id,
        "entity": "payout",
        "fund_account_id": payout.ask.fund_account_id,
        "amount": payout.ask.amount.minor(),
        "currency": payout.ask.amount.currency(),
        "notes": [],
        "fees": 0,
        "tax": 0,
        "status": payout.status.name(),
        "purpose": payout.ask.purpose,
        "utr": payout.utr,
        "mode": payout.ask.mode,
        "reference_id": payout.ask.reference_id,
        "status_details": {"reason": payout.reason(), "description": null, "source": null},
        "created_at": payout.created_at.as_second(),
    })
}

/// Whom the merchant pays, a contact entity.
pub fn contact(seller: &str, reference: &str) -> Value {
    json!({"id": format!("cont_{seller}"), "entity": "contact", "type": "vendor", "reference_id": reference, "active": true})
}

/// Where a seller is paid, a fund account entity.
pub fn fund_account(seller: &str) -> Value {
    json!({
        "id": format!("fa_{seller}"), "entity": "fund_account", "contact_id": format!("cont_{seller}"),
        "account_type": "bank_account", "active": true,
    })
}

/// The same of a bank account that was registered, without its number.
pub fn registered_account(account: &FundAccount) -> Value {
    json!({
        "id": account.id, "entity": "fund_account", "contact_id": format!("cont_{}", account.seller),
        "account_type": "bank_account", "active": account.active,
        "bank_account": {"name": account.bank.name, "ifsc": account.bank.ifsc},
    })
}
