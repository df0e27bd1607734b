//! `/v1/orders`: what the merchant wants paid.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::listing::Listing;
use super::request::{Body, Named, currency};
use crate::app::App;
use crate::domain::notes::Notes;
use crate::domain::order::{Capture, check_amount, check_receipt};
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
    notes: Option<Value>,
    payment_capture: Option<Flag>,
    payment: Option<PaymentOptions>,
    #[serde(rename = "unique_receipt")]
    _unique_receipt: Option<IgnoredAny>,
}

/// Razorpay's older clients say `1`, newer ones `true`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Flag {
    Word(bool),
    Digit(u8),
}

#[derive(Debug, Deserialize)]
struct PaymentOptions {
    capture: Capture,
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

/// `GET /v1/orders`
pub async fn list(State(app): State<App>, listing: Listing) -> Result<Json<Value>, Error> {
    let page = app.read(|books| {
        Ok(match &listing.receipt {
            Some(receipt) => {
                let found = books.find_by_receipt(receipt).into_iter();
                listing.page(found, |order| order.created_at, wire::order)
            }
            None => listing.page(books.orders().rev(), |order| order.created_at, wire::order),
        })
    });
    page.await.map(Json)
}

/// `GET /v1/orders/:id`
pub async fn show(State(app): State<App>, Named(id): Named<String>) -> Result<Json<Value>, Error> {
    app.read(|books| books.order(&id).map(wire::order)).await.map(Json)
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
        let capture = self.capture()?;
        Ok(NewOrder {
            amount: check_amount(self.amount)?,
            currency: currency(&self.currency)?,
            receipt: self.receipt.map(check_receipt).transpose()?,
            notes: Notes::parse(self.notes)?,
            capture,
        })
    }

    fn capture(&self) -> Result<Capture, Refused> {
        match (&self.payment, &self.payment_capture) {
            (Some(payment), _) => Ok(payment.capture),
            (None, None | Some(Flag::Word(true) | Flag::Digit(1))) => Ok(Capture::Automatic),
            (None, Some(Flag::Word(false) | Flag::Digit(0))) => Ok(Capture::Manual),
            (None, Some(Flag::Digit(2..))) => {
                Err(Refused::input("payment_capture", "The payment capture must be 0 or 1."))
            }
        }
    }
}
