//! Where the provider tells what happened.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use chassis::{Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Error;
use crate::usecases::Delivered;
use crate::{App, usecases};

const SIGNATURE: &str = "x-razorpay-signature";
const EVENT_ID: &str = "x-razorpay-event-id";

/// Says that the event is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredView {
    #[schema(example = "stored")]
    status: &'static str,
}

/// Takes in an event of the payment provider.
///
/// It is kept before anything is done, and has its effect once, however often it is sent. After eight days it is too old.
#[utoipa::path(
    post, path = "/v1/webhooks/razorpay", operation_id = "receiveRazorpayWebhook", tag = "payment",
    params(
        ("X-Razorpay-Signature" = String, Header, pattern = "^[0-9A-Fa-f]{64}$", description = "Hex HMAC-SHA256 over the bytes of the body"),
        ("x-razorpay-event-id" = Option<String>, Header, min_length = 1, max_length = 100, pattern = "^[!-~]+$", description = "The provider's id of the event"),
    ),
    request_body(content = serde_json::Value, description = "An event, exactly as it was signed"),
    responses(
        (status = 200, description = "Kept, now or before", body = StoredView),
        (status = 401, description = "`payment/webhook-forged`: not signed by the provider. `payment/webhook-stale`: too old", body = Problem),
    ),
)]
pub async fn razorpay(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<StoredView>, Problem> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::BrokenOff,
    })?;
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let delivered = Delivered {
        event_id: text(EVENT_ID).filter(|id| is_id(id)),
        signature: text(SIGNATURE),
        body: &body,
    };
    usecases::receive(&app, &delivered).await?;
    Ok(Json(StoredView { status: "stored" }))
}

fn is_id(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}
