//! `/sandbox`: plays the buyer, moves the receiver, shows what the provider knows of an order.

use axum::Json;
use axum::extract::State;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::request::{Body, Named, currency};
use crate::app::App;
use crate::config::check_url;
use crate::domain::books::Books;
use crate::domain::order::MAX_AMOUNT;
use crate::domain::refused::Refused;
use crate::domain::webhook::{Plan, Route, Sequence, Webhook};
use crate::domain::wire;
use crate::error::Error;
use crate::usecases::{self, Outcome, Pay};

const MOST_COPIES: u32 = 100;
const LONGEST_DELAY_MS: u32 = 86_400_000;

/// The body of `POST /sandbox/orders/{id}/pay`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayRequest {
    outcome: Outcome,
    payment_id: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
    webhook: Option<WebhookRequest>,
}

/// How the webhooks misbehave; what is left out behaves.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookRequest {
    delay_ms: Option<u32>,
    copies: Option<u32>,
    reorder: Option<bool>,
    lose: Option<bool>,
    forge: Option<bool>,
}

/// The body of `POST /sandbox/webhook-url`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookUrlRequest {
    url: Option<String>,
}

/// The body of `POST /sandbox/clock`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRequest {
    shift_s: i64,
}

/// `POST /sandbox/orders/{id}/pay`
pub async fn pay(
    State(app): State<App>,
    Named(order_id): Named<String>,
    Body(body): Body<PayRequest>,
) -> Result<Json<Value>, Error> {
    let ask = body.read(order_id)?;
    let paid = app.act(|books, turn| usecases::pay(books, turn, &ask)).await;
    paid.map(|payment| Json(wire::payment(&payment))).map_err(Error::or_not_found)
}

/// `GET /sandbox/orders/{id}`
pub async fn show(State(app): State<App>, Named(id): Named<String>) -> Result<Json<Value>, Error> {
    let seen = app.read(|books| overview(books, &id)).await;
    seen.map(Json).map_err(Error::or_not_found)
}

/// `POST /sandbox/webhook-url`
pub async fn set_webhook_url(
    State(app): State<App>,
    Body(body): Body<WebhookUrlRequest>,
) -> Result<Json<Value>, Error> {
    if let Some(url) = &body.url {
        check_url(url).map_err(|reason| Error::Malformed(reason.to_string()))?;
    }
    app.set_webhook_url(body.url.clone());
    Ok(Json(json!({"url": body.url})))
}

/// `POST /sandbox/clock`
pub async fn set_clock(
    State(app): State<App>,
    Body(body): Body<ClockRequest>,
) -> Result<Json<Value>, Error> {
    app.forward_to(body.shift_s).map_err(|back| Error::Malformed(back.to_string()))?;
    Ok(Json(json!({"now": app.clock().now(), "shift_s": body.shift_s})))
}

/// `GET /healthz`
pub async fn health(State(app): State<App>) -> Result<Json<Value>, Error> {
    app.read(|_| Ok(())).await?;
    Ok(Json(json!({"status": "ok"})))
}

impl PayRequest {
    fn read(self, order_id: String) -> Result<Pay, Refused> {
        if self.amount.is_some_and(|amount| !(1..=MAX_AMOUNT).contains(&amount)) {
            return Err(Refused::input("amount", "The amount is out of range."));
        }
        let plan = self.webhook.unwrap_or_default().read()?;
        let currency = self.currency.as_deref().map(currency).transpose()?;
        let Self { payment_id, outcome, amount, .. } = self;
        Ok(Pay { order_id, payment_id, outcome, amount, currency, plan })
    }
}

impl WebhookRequest {
    /// How the courier is to behave.
    pub fn read(self) -> Result<Plan, Refused> {
        let delay_ms = self.delay_ms.unwrap_or(0);
        if delay_ms > LONGEST_DELAY_MS {
            return Err(Refused::input("webhook.delay_ms", "The delay may be one day at most."));
        }
        let copies = self.copies.unwrap_or(1);
        if !(1..=MOST_COPIES).contains(&copies) {
            return Err(Refused::input("webhook.copies", "There may be 1 to 100 copies."));
        }
        let reversed = self.reorder.unwrap_or(false);
        Ok(Plan {
            delay: SignedDuration::from_millis(delay_ms.into()),
            copies,
            sequence: if reversed { Sequence::Reversed } else { Sequence::AsHappened },
            route: self.route()?,
        })
    }

    fn route(&self) -> Result<Route, Refused> {
        match (self.lose.unwrap_or(false), self.forge.unwrap_or(false)) {
            (false, false) => Ok(Route::Genuine),
            (false, true) => Ok(Route::Forged),
            (true, false) => Ok(Route::Lost),
            (true, true) => {
                Err(Refused::input("webhook", "A lost webhook cannot be forged as well."))
            }
        }
    }
}

fn overview(books: &Books, id: &str) -> Result<Value, Refused> {
    Ok(json!({
        "order": wire::order(books.order(id)?),
        "plan": books.order(id)?.plan,
        "payments": books.payments_of(id).map(wire::payment).collect::<Vec<_>>(),
        "refunds": books.refunds_of(id).map(wire::refund).collect::<Vec<_>>(),
        "webhooks": books.webhooks_of(id).map(webhook).collect::<Vec<_>>(),
    }))
}

fn webhook(webhook: &Webhook) -> Value {
    json!({
        "event_id": webhook.id,
        "event": webhook.event.name(),
        "route": webhook.route,
        "open_deliveries": webhook.open,
        "due_at": webhook.due_at,
    })
}
