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

/// What became of a checkout.
#[utoipa::path(
    get,
    path = "/v1/checkouts/{id}",
    tag = "order",
    params(("id" = CheckoutId, Path, description = "The checkout."), CheckoutQuery),
    responses(
        (status = 200, body = CheckoutView, description = "As it stands."),
        (status = 304, description = "The client has it."),
        (status = 400, body = Problem, description = "An unknown query parameter."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 404, body = Problem, description = "Not heard of yet, or somebody else's."),
        (status = 422, body = Problem, description = "`wait` is out of range."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
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
    let header = found.ok_or(Error::NotFound)?;
    Ok(etag::unless_seen(&headers, header.version, CheckoutView::of(header)))
}

/// A checkout as it goes: one event per change, with the whole view. Ends when the checkout has.
#[utoipa::path(
    get,
    path = "/v1/checkouts/{id}/events",
    tag = "order",
    params(
        ("id" = CheckoutId, Path, description = "The checkout."),
        ("Last-Event-ID" = Option<String>, Header, description = "The last event seen."),
    ),
    responses(
        (status = 200, body = String, content_type = "text/event-stream",
            description = "Events named `checkout`; the data is a CheckoutView."),
        (status = 204, description = "It has ended, and the client has seen its end."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 404, body = Problem, description = "Not heard of yet, or somebody else's."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
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
                Ok(Some(header)) if seen.is_none_or(|seen| header.version > seen) => {
                    seen = Some(header.version);
                    let ended = header.state.is_terminal();
                    yield Ok(event(header));
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

fn event(header: OrderRow) -> Event {
    let event = Event::default().event("checkout").id(header.version.to_string());
    let data = serde_json::to_string(&CheckoutView::of(header)).unwrap_or_default();
    event.data(data)
}
