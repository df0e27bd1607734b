//! `/v1/payments`: how the buyer pays.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::request::{Body, Named, currency};
use crate::app::App;
use crate::domain::refused::Refused;
use crate::domain::{link, wire};
use crate::error::Error;
use crate::usecases::{self, NewPayment};

/// The body of `POST /v1/payments/create/upi`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRequest {
    amount: i64,
    currency: String,
    order_id: Option<String>,
    method: String,
    email: Option<String>,
    contact: Option<String>,
    description: Option<String>,
    upi: Option<UpiOptions>,
    #[serde(rename = "ip")]
    _ip: Option<IgnoredAny>,
    #[serde(rename = "referer")]
    _referer: Option<IgnoredAny>,
    #[serde(rename = "user_agent")]
    _user_agent: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct UpiOptions {
    flow: String,
}

/// `POST /v1/payments/create/upi`
pub async fn create_upi(
    State(app): State<App>,
    Body(body): Body<PaymentRequest>,
) -> Result<Json<Value>, Error> {
    let autopay = app.autopay();
    let ask = body.read()?;
    let begun = app.act(|books, turn| usecases::create_payment(books, turn, ask, autopay));
    let payment = begun.await?;
    Ok(Json(json!({"razorpay_payment_id": payment.id, "link": link::of_payment(&payment)})))
}

/// `GET /v1/payments/:id`
pub async fn show(State(app): State<App>, Named(id): Named<String>) -> Result<Json<Value>, Error> {
    app.read(|books| books.payment(&id).map(wire::payment)).await.map(Json)
}

impl PaymentRequest {
    fn read(self) -> Result<NewPayment, Refused> {
        if self.method != "upi" {
            return Err(Refused::input("method", "The method must be upi."));
        }
        if self.upi.is_none_or(|upi| upi.flow != "intent") {
            return Err(Refused::input("upi.flow", "The flow must be intent."));
        }
        let Some(order_id) = self.order_id else {
            return Err(Refused::input("order_id", "The order id field is required."));
        };
        Ok(NewPayment {
            order_id,
            amount: self.amount,
            currency: currency(&self.currency)?,
            description: self.description,
            email: self.email,
            contact: self.contact,
        })
    }
}
