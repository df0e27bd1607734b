//! Refunds: money that goes back, at most once for each idempotency key.

use std::collections::BTreeMap;
use std::io;

use axum::Json;
use axum::body::{Body as Answered, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Deserialize;
use serde_json::Value;

use super::request::{Body, Named};
use crate::app::App;
use crate::domain::order::{check_amount, check_receipt};
use crate::domain::refund::{RefundAsk, Speed, check_key, check_notes};
use crate::domain::refused::Refused;
use crate::domain::wire;
use crate::error::Error;
use crate::usecases::{self, Answer};

const KEY: &str = "x-refund-idempotency";

/// The body of `POST /v1/payments/:id/refund`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundRequest {
    amount: Option<i64>,
    speed: Option<Speed>,
    receipt: Option<String>,
    notes: Option<BTreeMap<String, String>>,
}

/// `POST /v1/payments/:id/refund`
pub async fn create(
    State(app): State<App>,
    Named(payment_id): Named<String>,
    headers: HeaderMap,
    Body(body): Body<RefundRequest>,
) -> Result<Response, Error> {
    let ask = body.read(payment_id, key(&headers)?)?;
    match app.act(|books, turn| usecases::refund(books, turn, ask)).await? {
        Answer::Given(refund) => Ok(Json(wire::refund(&refund)).into_response()),
        Answer::Refused(refused) => Err(refused.into()),
        Answer::Silence => Ok(silence()),
    }
}

/// A body that breaks before its first byte: the connection is closed, and nothing was answered.
fn silence() -> Response {
    let broken = stream::iter([Err::<Bytes, _>(io::Error::other("planned silence"))]);
    Answered::from_stream(broken).into_response()
}

/// `GET /v1/payments/:id/refunds`
pub async fn of_payment(
    State(app): State<App>,
    Named(id): Named<String>,
) -> Result<Json<Value>, Error> {
    let all = app.read(|books| {
        let refunds = books.refunds_of(&books.payment(&id)?.order_id).rev();
        let own = refunds.filter(|refund| refund.ask.payment_id == id);
        Ok(wire::collection(&own.map(wire::refund).collect::<Vec<_>>()))
    });
    all.await.map(Json)
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
            receipt: self.receipt.map(check_receipt).transpose()?,
            notes: check_notes(self.notes.unwrap_or_default())?,
            key,
        })
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    headers.get(KEY).map(|key| check_key(key.to_str().unwrap_or_default())).transpose()
}
