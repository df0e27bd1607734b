//! `/v1/payments`: how the buyer pays.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::listing::Listing;
use super::request::{Body, Named, Origin, currency};
use crate::app::App;
use crate::domain::notes::Notes;
use crate::domain::payment::{Method, Payment};
use crate::domain::refused::Refused;
use crate::domain::{link, wire};
use crate::error::Error;
use crate::usecases::{self, Claim, NewPayment};

/// The body of `POST /v1/payments/create/upi` and `.../json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRequest {
    amount: i64,
    currency: String,
    order_id: Option<String>,
    method: Method,
    email: Option<String>,
    contact: Option<String>,
    description: Option<String>,
    notes: Option<Value>,
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

/// The body of `POST /v1/payments/:id/capture`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptureRequest {
    amount: i64,
    currency: String,
}

/// `POST /v1/payments/create/upi`
pub async fn create_upi(
    State(app): State<App>,
    Body(body): Body<PaymentRequest>,
) -> Result<Json<Value>, Error> {
    if body.method != Method::Upi {
        return Err(Refused::input("method", "The method must be upi.").into());
    }
    let payment = create(&app, body).await?;
    Ok(Json(json!({"razorpay_payment_id": payment.id, "link": link::of_payment(&payment)})))
}

/// `POST /v1/payments/create/json`
pub async fn create_json(
    State(app): State<App>,
    Origin(origin): Origin,
    Body(body): Body<PaymentRequest>,
) -> Result<Json<Value>, Error> {
    let payment = create(&app, body).await?;
    let next = match payment.method {
        Method::Upi => json!([
            {"action": "intent", "url": link::of_payment(&payment)},
            {"action": "poll", "url": format!("{origin}/v1/payments/{}", payment.id)},
        ]),
        Method::Card | Method::Netbanking | Method::Wallet => {
            json!([{"action": "redirect", "url": format!("{origin}/pay/{}", payment.order_id)}])
        }
    };
    Ok(Json(json!({"razorpay_payment_id": payment.id, "next": next})))
}

/// `GET /v1/payments`
pub async fn list(State(app): State<App>, listing: Listing) -> Result<Json<Value>, Error> {
    let page = app.read(|books| {
        Ok(listing.page(books.payments().rev(), |payment| payment.created_at, wire::payment))
    });
    page.await.map(Json)
}

/// `GET /v1/payments/:id`
pub async fn show(State(app): State<App>, Named(id): Named<String>) -> Result<Json<Value>, Error> {
    app.read(|books| books.payment(&id).map(wire::payment)).await.map(Json)
}

/// `POST /v1/payments/:id/capture`
pub async fn capture(
    State(app): State<App>,
    Named(id): Named<String>,
    Body(body): Body<CaptureRequest>,
) -> Result<Json<Value>, Error> {
    let claim = Claim { amount: body.amount, currency: currency(&body.currency)? };
    let payment = app.act(|books, turn| usecases::capture(books, turn, &id, claim)).await?;
    Ok(Json(wire::payment(&payment)))
}

async fn create(app: &App, body: PaymentRequest) -> Result<Payment, Error> {
    let autopay = app.autopay();
    let ask = body.read()?;
    app.act(|books, turn| usecases::create_payment(books, turn, ask, autopay)).await
}

impl PaymentRequest {
    fn read(self) -> Result<NewPayment, Refused> {
        let intent = self.upi.is_some_and(|upi| upi.flow == "intent");
        if self.method == Method::Upi && !intent {
            return Err(Refused::input("upi.flow", "The flow must be intent."));
        }
        let Some(order_id) = self.order_id else {
            return Err(Refused::input("order_id", "The order id field is required."));
        };
        Ok(NewPayment {
            order_id,
            amount: self.amount,
            currency: currency(&self.currency)?,
            method: self.method,
            description: self.description,
            email: self.email,
            contact: self.contact,
            notes: Notes::parse(self.notes)?,
        })
    }
}
