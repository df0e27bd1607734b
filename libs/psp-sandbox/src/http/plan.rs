//! `/sandbox`: decides beforehand how the provider answers, and settles what it left open.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::hand_rail::WebhookRequest;
use super::request::{Body, Named};
use crate::app::App;
use crate::domain::books::Books;
use crate::domain::plan::{RefundAnswer, RefundPlan, Second};
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;
use crate::domain::wire;
use crate::error::Error;
use crate::usecases::{self, Settlement};

const MOST_FEE_BP: u16 = 1_000;

/// The body of `POST /sandbox/orders/{id}/plan`; what is left out stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRequest {
    refund: Option<RefundPlanRequest>,
    second: Option<Second>,
    fee_bp: Option<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundPlanRequest {
    answer: RefundAnswer,
    times: Option<u32>,
}

/// The body of `POST /sandbox/refunds/{id}/settle`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleRequest {
    outcome: Settlement,
    webhook: Option<WebhookRequest>,
}

/// `POST /sandbox/orders/{id}/plan`
pub async fn plan(
    State(app): State<App>,
    Named(id): Named<String>,
    Body(body): Body<PlanRequest>,
) -> Result<Json<Value>, Error> {
    let refund = body.refund.map(RefundPlanRequest::read).transpose()?;
    if body.fee_bp.is_some_and(|fee| fee > MOST_FEE_BP) {
        return Err(Refused::input("fee_bp", "The fee may be a tenth at most.").into());
    }
    let PlanRequest { second, fee_bp, .. } = body;
    let plan = |books: &Books, turn: &mut Turn<'_>| {
        usecases::plan_order(books, turn, &id, refund, second, fee_bp)
    };
    let planned = app.act(plan).await;
    planned.map(|order| Json(json!(order.plan))).map_err(Error::or_not_found)
}

/// `POST /sandbox/refunds/{id}/settle`
pub async fn settle(
    State(app): State<App>,
    Named(id): Named<String>,
    Body(body): Body<SettleRequest>,
) -> Result<Json<Value>, Error> {
    let outcome = body.outcome;
    let plan = body.webhook.unwrap_or_default().read()?;
    let settled =
        app.act_and_tell(plan, |books, turn| usecases::settle_refund(books, turn, &id, outcome));
    settled.await.map(|refund| Json(wire::refund(&refund))).map_err(Error::or_not_found)
}

impl RefundPlanRequest {
    fn read(self) -> Result<RefundPlan, Refused> {
        if self.times == Some(0) {
            return Err(Refused::input(
                "refund.times",
                "The plan must be for one refund at least.",
            ));
        }
        Ok(RefundPlan { answer: self.answer, times: self.times })
    }
}
