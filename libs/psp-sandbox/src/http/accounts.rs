//! Contacts and fund accounts: whom the merchant pays, and where.

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::request::{Body, Named};
use crate::app::App;
use crate::domain::account::{BankAccount, FundAccount};
use crate::domain::payout::{PayoutAnswer, seller};
use crate::domain::refused::Refused;
use crate::domain::wire;
use crate::error::Error;
use crate::usecases;

/// The query of `GET /v1/contacts`.
#[derive(Debug, Deserialize)]
pub struct ContactsQuery {
    reference_id: String,
}

/// The body of `POST /v1/contacts`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactRequest {
    #[expect(dead_code, reason = "a contact is known by its reference alone")]
    name: String,
    #[expect(dead_code, reason = "every contact is a seller here")]
    r#type: String,
    reference_id: String,
}

/// The query of `GET /v1/fund_accounts`.
#[derive(Debug, Deserialize)]
pub struct AccountsQuery {
    contact_id: String,
}

/// The body of `POST /v1/fund_accounts`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountRequest {
    contact_id: String,
    account_type: AccountType,
    bank_account: BankAccount,
}

/// The kinds of fund accounts that the sandbox has.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AccountType {
    BankAccount,
}

/// The body of `PATCH /v1/fund_accounts/:id`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActiveRequest {
    active: bool,
}

/// `GET /v1/contacts?reference_id=`
pub async fn contacts(
    State(app): State<App>,
    Query(query): Query<ContactsQuery>,
) -> Result<Json<Value>, Error> {
    let seller = seller(&query.reference_id);
    let all = app.read(|books| {
        if books.payout_answer(&seller) == PayoutAnswer::NoAccount {
            return Ok(wire::collection(&[]));
        }
        Ok(wire::collection(&[wire::contact(&seller, &query.reference_id)]))
    });
    all.await.map(Json)
}

/// `POST /v1/contacts`: whoever has a reference has a contact, before and after.
pub async fn create_contact(Body(body): Body<ContactRequest>) -> Result<Json<Value>, Error> {
    let seller = seller(&body.reference_id);
    if seller.is_empty() {
        return Err(
            Refused::Input { field: "reference_id", why: "The reference id is empty" }.into()
        );
    }
    Ok(Json(wire::contact(&seller, &body.reference_id)))
}

/// `GET /v1/fund_accounts?contact_id=`: of a seller for whom none was registered, one that was always there.
pub async fn fund_accounts(
    State(app): State<App>,
    Query(query): Query<AccountsQuery>,
) -> Result<Json<Value>, Error> {
    let all = app.read(|books| {
        let seller = contact(&query.contact_id)?;
        let mut all: Vec<Value> = books.accounts_of(seller).map(wire::registered_account).collect();
        if all.is_empty() {
            all.push(wire::fund_account(seller));
        }
        Ok(wire::collection(&all))
    });
    all.await.map(Json)
}

/// `POST /v1/fund_accounts`
pub async fn create(
    State(app): State<App>,
    Body(body): Body<AccountRequest>,
) -> Result<Json<Value>, Error> {
    let AccountType::BankAccount = body.account_type;
    let made = app.act(|books, turn| {
        let seller = contact(&body.contact_id)?;
        usecases::register_account(books, turn, seller, body.bank_account)
    });
    made.await.map(|account| Json(wire::registered_account(&account)))
}

/// `PATCH /v1/fund_accounts/:id`
pub async fn set_active(
    State(app): State<App>,
    Named(id): Named<String>,
    Body(body): Body<ActiveRequest>,
) -> Result<Json<Value>, Error> {
    let set = app.act(|books, turn| usecases::set_account_active(books, turn, &id, body.active));
    set.await.map(|account| Json(wire::registered_account(&account)))
}

/// `GET /sandbox/sellers/{reference}`: the bank accounts that were registered for a seller, in full.
pub async fn show(
    State(app): State<App>,
    Named(reference): Named<String>,
) -> Result<Json<Value>, Error> {
    let seller = seller(&reference);
    let all = app.read(|books| {
        let all: Vec<&FundAccount> = books.accounts_of(&seller).collect();
        Ok(json!({ "accounts": all }))
    });
    all.await.map(Json)
}

fn contact(id: &str) -> Result<&str, Refused> {
    id.strip_prefix("cont_").ok_or(Refused::UnknownId)
}
