//! `/sandbox`: plays the buyer's bank that asks money back.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;

use super::hand_rail::WebhookRequest;
use super::request::{Body, Named};
use crate::app::App;
use crate::domain::dispute::DisputeStatus;
use crate::domain::wire;
use crate::error::Error;
use crate::usecases;

/// The body of `POST /sandbox/payments/{id}/dispute`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeRequest {
    amount: Option<i64>,
    webhook: Option<WebhookRequest>,
}

/// What the bank decides.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    /// The merchant keeps the money.
    Won,
    /// The bank keeps it.
    Lost,
}

/// The body of `POST /sandbox/disputes/{id}/decide`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideRequest {
    outcome: Decision,
    webhook: Option<WebhookRequest>,
}

/// `POST /sandbox/payments/{id}/dispute`
pub async fn open(
    State(app): State<App>,
    Named(id): Named<String>,
    Body(body): Body<DisputeRequest>,
) -> Result<Json<Value>, Error> {
    let plan = body.webhook.unwrap_or_default().read()?;
    let amount = body.amount;
    let opened =
        app.act_and_tell(plan, |books, turn| usecases::open_dispute(books, turn, &id, amount));
    opened.await.map(|dispute| Json(wire::dispute(&dispute))).map_err(Error::or_not_found)
}

/// `POST /sandbox/disputes/{id}/decide`
pub async fn decide(
    State(app): State<App>,
    Named(id): Named<String>,
    Body(body): Body<DecideRequest>,
) -> Result<Json<Value>, Error> {
    let plan = body.webhook.unwrap_or_default().read()?;
    let status = match body.outcome {
        Decision::Won => DisputeStatus::Won,
        Decision::Lost => DisputeStatus::Lost,
    };
    let decided =
        app.act_and_tell(plan, |books, turn| usecases::decide_dispute(books, turn, &id, status));
    decided.await.map(|dispute| Json(wire::dispute(&dispute))).map_err(Error::or_not_found)
}
