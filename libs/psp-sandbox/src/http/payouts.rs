//! Payouts: money that goes to sellers, at most once for each idempotency key, and the hand-rail that plays their banks.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use kernel::Money;
use serde::Deserialize;
use serde_json::{Value, json};

use super::hand_rail::WebhookRequest;
use super::request::{Body, Named, currency};
use crate::app::App;
use crate::domain::account::AccountAnswer;
use crate::domain::order::check_amount;
use crate::domain::payout::{PayoutAnswer, PayoutAsk, PayoutStatus, seller};
use crate::domain::refund::check_key;
use crate::domain::refused::Refused;
use crate::domain::wire;
use crate::error::Error;
use crate::usecases;

const KEY: &str = "x-payout-idempotency";

/// The body of `POST /v1/payouts`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayoutRequest {
    account_number: String,
    fund_account_id: String,
    amount: i64,
    currency: String,
    mode: String,
    purpose: String,
    reference_id: Option<String>,
    #[expect(dead_code, reason = "the sandbox's balance is never low")]
    queue_if_low_balance: Option<bool>,
}

/// The query of `GET /v1/payouts`.
#[derive(Debug, Deserialize)]
pub struct PayoutsQuery {
    reference_id: String,
}

/// The body of `POST /sandbox/sellers/{reference}/plan`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRequest {
    payout: Option<PayoutAnswer>,
    account: Option<AccountAnswer>,
}

/// The body of `POST /sandbox/payouts/{id}/settle`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleRequest {
    outcome: Outcome,
    webhook: Option<WebhookRequest>,
}

/// What the seller's bank decides.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Processed,
    Failed,
    Returned,
}

/// `POST /v1/payouts`
pub async fn create(
    State(app): State<App>,
    headers: HeaderMap,
    Body(body): Body<PayoutRequest>,
) -> Result<Json<Value>, Error> {
    let ask = body.read(&headers)?;
    let made = app.act(|books, turn| usecases::pay_out(books, turn, ask)).await;
    made.map(|payout| Json(wire::payout(&payout)))
}

/// `GET /v1/payouts?reference_id=`
pub async fn list(
    State(app): State<App>,
    Query(query): Query<PayoutsQuery>,
) -> Result<Json<Value>, Error> {
    let all = app.read(|books| {
        let named = books.payouts().filter(|payout| {
            payout.ask.reference_id.as_deref() == Some(query.reference_id.as_str())
        });
        Ok(wire::collection(&named.map(wire::payout).collect::<Vec<_>>()))
    });
    all.await.map(Json)
}

/// `GET /v1/payouts/:id`
pub async fn show(State(app): State<App>, Named(id): Named<String>) -> Result<Json<Value>, Error> {
    app.read(|books| books.payout(&id).map(wire::payout)).await.map(Json)
}

/// `POST /sandbox/sellers/{reference}/plan`
pub async fn plan(
    State(app): State<App>,
    Named(reference): Named<String>,
    Body(body): Body<PlanRequest>,
) -> Result<Json<Value>, Error> {
    let seller = seller(&reference);
    let planned = app.act(|_, turn| {
        if let Some(answer) = body.payout {
            usecases::plan_payouts(turn, seller.clone(), answer);
        }
        if let Some(answer) = body.account {
            usecases::plan_accounts(turn, seller, answer);
        }
        Ok(json!({"payout": body.payout, "account": body.account}))
    });
    planned.await.map(Json)
}

/// `POST /sandbox/payouts/{id}/settle`
pub async fn settle(
    State(app): State<App>,
    Named(id): Named<String>,
    Body(body): Body<SettleRequest>,
) -> Result<Json<Value>, Error> {
    let plan = body.webhook.unwrap_or_default().read()?;
    let outcome = match body.outcome {
        Outcome::Processed => PayoutStatus::Processed,
        Outcome::Failed => PayoutStatus::Failed,
        Outcome::Returned => PayoutStatus::Reversed,
    };
    let settled =
        app.act_and_tell(plan, |books, turn| usecases::settle_payout(books, turn, &id, outcome));
    settled.await.map(|payout| Json(wire::payout(&payout))).map_err(Error::or_not_found)
}

impl PayoutRequest {
    fn read(self, headers: &HeaderMap) -> Result<PayoutAsk, Refused> {
        let key = headers.get(KEY).map(|key| check_key(key.to_str().unwrap_or_default()));
        Ok(PayoutAsk {
            account_number: self.account_number,
            fund_account_id: self.fund_account_id,
            amount: Money::new(check_amount(self.amount)?, currency(&self.currency)?),
            mode: self.mode,
            purpose: self.purpose,
            reference_id: self.reference_id,
            key: key.transpose()?,
        })
    }
}
