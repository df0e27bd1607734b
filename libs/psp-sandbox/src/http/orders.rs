//! `/v1/orders`: what the merchant wants paid.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::request::{Body, Named, currency};
use crate::app::App;
use crate::domain::order::{check_amount, check_receipt};
use crate::domain::refused::Refused;
use crate::domain::wire;
use crate::error::Error;
use crate::usecases::{self, NewOrder};

/// The body of `POST /v1/orders`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    amount: i64,
    currency: String,
    receipt: Option<String>,
    payment_capture: Option<bool>,
    #[serde(rename = "unique_receipt")]
    _unique_receipt: Option<IgnoredAny>,
}

/// `POST /v1/orders`
pub async fn create(
    State(app): State<App>,
    Body(body): Body<OrderRequest>,
) -> Result<Json<Value>, Error> {
    let ask = body.read()?;
    let order = app.act(|books, turn| usecases::create_order(books, turn, ask)).await?;
    Ok(Json(wire::order(&order)))
}

/// `GET /v1/orders/:id/payments`
pub async fn payments(
    State(app): State<App>,
    Named(id): Named<String>,
) -> Result<Json<Value>, Error> {
    let all = app.read(|books| {
        books.order(&id)?;
        let payments: Vec<Value> = books.payments_of(&id).rev().map(wire::payment).collect();
        Ok(wire::collection(&payments))
    });
    all.await.map(Json)
}

impl OrderRequest {
    fn read(self) -> Result<NewOrder, Refused> {
        if self.payment_capture == Some(false) {
            return Err(Refused::input("payment_capture", "Every payment is captured at once."));
        }
        Ok(NewOrder {
            amount: check_amount(self.amount)?,
            currency: currency(&self.currency)?,
            receipt: self.receipt.map(check_receipt).transpose()?,
        })
    }
}
