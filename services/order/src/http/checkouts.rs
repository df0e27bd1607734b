//! Following a checkout: by asking, by asking and waiting, or by a stream of events.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chassis::auth::Buyer;
use chassis::{Path, Problem, Query, etag};
use futures::Stream;
use kernel::{CheckoutId, UserId};

use super::queries::CheckoutQuery;
use super::views::CheckoutView;
use crate::App;
use crate::error::Error;
use crate::store::orders::OrderRow;
use crate::usecases::{self, Hold};

/// Shows what became of a checkout.
///
/// With `wait` the answer is held back until there is something new. Send the `ETag` that you have as `If-None-Match`:
/// then no change falls between two questions.
#[utoipa::path(
    get, path = "/v1/checkouts/{id}", operation_id = "getCheckout", tag = "order",
    params(("id" = CheckoutId, Path, description = "The checkout."), CheckoutQuery),
    responses(
        (status = 200, body = CheckoutView, description = "The checkout, with an `ETag`."),
        (status = 304, description = "Nothing new since the `ETag` in `If-None-Match`."),
    ),
    security(("bearer" = [])),
)]
pub async fn find(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<CheckoutId>,
    Query(query): Query<CheckoutQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = match query.wait {
        Some(wait) => {
            let hold = Hold { time: wait.duration(), seen: etag::seen(&headers) };
            usecases::await_checkout(&app, id, caller.user_id, hold).await?
        }
        None => usecases::find_checkout(&app, id, caller.user_id).await?,
    };
    let row = found.ok_or(Error::NotFound)?;
    Ok(etag::unless_seen(&headers, row.version, CheckoutView::of(row)))
}

/// Streams a checkout until it ends.
///
/// Each event is the whole checkout as it is then; states that pass quickly may be left out. The stream ends with the
/// checkout, or when the server stops: come back with the id of the last event as `Last-Event-ID`.
#[utoipa::path(
    get, path = "/v1/checkouts/{id}/events", operation_id = "streamCheckout", tag = "order",
    params(
        ("id" = CheckoutId, Path, description = "The checkout."),
        ("Last-Event-ID" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = CheckoutView, content_type = "text/event-stream", description = "Events named `checkout`; the id of each is the version of the checkout."),
        (status = 204, description = "It has ended, and its end was seen: do not come back."),
    ),
    security(("bearer" = [])),
)]
pub async fn stream(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<CheckoutId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let first = usecases::find_checkout(&app, id, caller.user_id).await?.ok_or(Error::NotFound)?;
    // An id of a future that never was is no reason to say nothing.
    let seen = last_event(&headers).filter(|seen| *seen <= first.version);
    if first.state.is_terminal() && seen == Some(first.version) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let events = Sse::new(changes(app, id, caller.user_id, seen)).keep_alive(KeepAlive::default());
    let mut response = events.into_response();
    // Gateways that collect answers would keep events back.
    let name = HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(name, HeaderValue::from_static("no"));
    Ok(response)
}

fn last_event(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

fn changes(
    app: App,
    id: CheckoutId,
    buyer: UserId,
    mut seen: Option<i64>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        let mut watch = app.changes.watch(id);
        loop {
            match usecases::find_checkout(&app, id, buyer).await {
                Ok(Some(row)) if seen.is_none_or(|seen| row.version > seen) => {
                    seen = Some(row.version);
                    let ended = row.state.is_terminal();
                    yield Ok(event(row));
                    if ended {
                        return;
                    }
                }
                Ok(_) => {}
                // The client comes back with the last id it saw.
                Err(_) => return,
            }
            if !watch.may_have_changed().await {
                return;
            }
        }
    }
}

fn event(row: OrderRow) -> Event {
    let event = Event::default().event("checkout").id(row.version.to_string());
    let data = serde_json::to_string(&CheckoutView::of(row)).unwrap_or_default();
    event.data(data)
}
