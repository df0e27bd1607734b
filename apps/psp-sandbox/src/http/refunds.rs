//! Refunds: money that goes back, at most once for each idempotency key.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::Value;

use super::listing::Listing;
use super::request::{Body, Named};
use crate::app::App;
use crate::domain::notes::Notes;
use crate::domain::order::{check_amount, check_receipt};
use crate::domain::refund::{RefundAsk, Speed, check_key};
use crate::domain::refused::Refused;
use crate::domain::wire;
use crate::error::Error;
use crate::usecases;

const KEY: &str = "x-refund-idempotency";

/// The body of `POST /v1/payments/:id/refund`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundRequest {
    amount: Option<i64>,
    speed: Option<Speed>,
    notes: Option<Value>,
    receipt: Option<String>,
}

/// `POST /v1/payments/:id/refund`
pub async fn create(
    State(app): State<App>,
    Named(payment_id): Named<String>,
    headers: HeaderMap,
    Body(body): Body<RefundRequest>,
) -> Result<Json<Value>, Error> {
    let ask = body.read(payment_id, key(&headers)?)?;
    let refund = app.act(|books, turn| usecases::refund(books, turn, ask)).await?;
    Ok(Json(wire::refund(&refund)))
}

/// `GET /v1/payments/:id/refunds`
pub async fn of_payment(
    State(app): State<App>,
    Named(id): Named<String>,
    listing: Listing,
) -> Result<Json<Value>, Error> {
    let page = app.read(|books| {
        let order_id = &books.payment(&id)?.order_id;
        let refunds = books.refunds_of(order_id).rev();
        let own = refunds.filter(|refund| refund.ask.payment_id == id);
        Ok(listing.page(own, |refund| refund.created_at, wire::refund))
    });
    page.await.map(Json)
}

/// `GET /v1/payments/:id/refunds/:refund_id`
pub async fn show_of_payment(
    State(app): State<App>,
    Named((payment_id, id)): Named<(String, String)>,
) -> Result<Json<Value>, Error> {
    let found = app.read(|books| {
        let refund = books.refund(&id)?;
        let own = refund.ask.payment_id == payment_id;
        if own { Ok(wire::refund(refund)) } else { Err(Refused::UnknownId) }
    });
    found.await.map(Json)
}

/// `GET /v1/refunds`
pub async fn list(State(app): State<App>, listing: Listing) -> Result<Json<Value>, Error> {
    let page = app.read(|books| {
        Ok(listing.page(books.refunds().rev(), |refund| refund.created_at, wire::refund))
    });
    page.await.map(Json)
}

/// `GET /v1/refunds/:id`
pub async fn show(State(app): State<App>, Named(id): Named<String>) -> Result<Json<Value>, Error> {
    app.read(|books| books.refund(&id).map(wire::refund)).await.map(Json)
}

impl RefundRequest {
    fn read(self, payment_id: String, key: Option<String>) -> Result<RefundAsk, Refused> {
        Ok(RefundAsk {
            payment_id,
            amount: self.amount.map(check_amount).transpose()?,
            speed: self.speed.unwrap_or(Speed::Normal),
            notes: Notes::parse(self.notes)?,
            receipt: self.receipt.map(check_receipt).transpose()?,
            key,
        })
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    headers.get(KEY).map(|key| check_key(key.to_str().unwrap_or_default())).transpose()
}
