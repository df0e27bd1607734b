//! Today's numbers as they change, as a stream of events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::auth::callers::{Staff, VendorOf, may};
use futures::Stream;
use tokio::time::Instant;

use super::views::{OverviewView, SellerOverviewView};
use crate::App;
use crate::domain::period::{Period, day};
use crate::error::Error;
use crate::store::reports::freeze;
use crate::store::revisions::{self, Scope};

/// Between two looks at the revision: two events a second at most.
const PAUSE: Duration = Duration::from_millis(500);
/// A sign of life, long before the gateway gives a quiet stream up after 75 seconds.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Access tokens live so long; who looks on shows a new one.
const LONGEST: Duration = Duration::from_mins(10);

/// Streams today's numbers of the mall.
///
/// They come at once, unless `Last-Event-ID` names them, and after each change, twice a second at most. The stream ends
/// after ten minutes: come back with the last id.
#[utoipa::path(
    get, path = "/v1/analytics/live", operation_id = "streamOverview", tag = "analytics",
    params(("Last-Event-ID" = Option<String>, Header)),
    responses(
        (status = 200, body = OverviewView, content_type = "text/event-stream", description = "Events named `overview`."),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn overview(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    watch(app, Scope::Mall, &headers).await
}

/// Streams today's numbers of a seller.
///
/// They come at once, unless `Last-Event-ID` names them, and after each change, twice a second at most. The stream ends
/// after ten minutes: come back with the last id.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/analytics/live", operation_id = "streamVendorAnalytics",
    tag = "analytics",
    params(
        ("vendor_id" = String, Path, format = Uuid),
        ("Last-Event-ID" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = SellerOverviewView, content_type = "text/event-stream", description = "Events named `overview`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn seller(
    State(app): State<App>,
    shop: VendorOf,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    watch(app, Scope::Seller(shop.vendor_id), &headers).await
}

async fn watch(app: App, scope: Scope, headers: &HeaderMap) -> Result<Response, Problem> {
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    // Read before the stream begins, so that a database that is away is a problem document.
    let first = look(&app, scope, seen.as_deref()).await?;
    let keep_alive = KeepAlive::new().interval(HEARTBEAT);
    let events = Sse::new(changes(app, scope, seen, first)).keep_alive(keep_alive);
    let mut response = events.into_response();
    // Gateways that collect answers would keep events back.
    let name = HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(name, HeaderValue::from_static("no"));
    Ok(response)
}

/// Today's numbers, under an id that changes when they do.
struct Told {
    id: String,
    numbers: String,
}

/// Today's numbers, unless they are those that the client has seen.
async fn look(app: &App, scope: Scope, seen: Option<&str>) -> Result<Option<Told>, Error> {
    let today = day(app.clock.now());
    let mut tx = app.db.begin().await?;
    // The id and the numbers are of one moment.
    freeze(tx.conn()).await?;
    let id = format!("{today}.{}", revisions::find(tx.conn(), scope).await?);
    if seen == Some(id.as_str()) {
        return Ok(None);
    }
    let period = Period::only(today);
    let numbers = match scope {
        Scope::Mall => serde_json::to_string(&OverviewView::read(tx.conn(), period).await?),
        Scope::Seller(id) => {
            serde_json::to_string(&SellerOverviewView::read(tx.conn(), id, period).await?)
        }
    };
    Ok(Some(Told { id, numbers: numbers.unwrap_or_default() }))
}

fn changes(
    app: App,
    scope: Scope,
    mut seen: Option<String>,
    mut next: Option<Told>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        let end = Instant::now() + LONGEST;
        loop {
            if let Some(told) = next {
                yield Ok(Event::default().event("overview").id(&told.id).data(told.numbers));
                seen = Some(told.id);
            }
            if !goes_on(&app, end).await {
                return;
            }
            next = match look(&app, scope, seen.as_deref()).await {
                Ok(next) => next,
                // The client comes back with the last id it saw.
                Err(error) => {
                    tracing::warn!(%error, "a watcher's stream ends early");
                    return;
                }
            };
        }
    }
}

/// Waits a little; false when the stream is to end.
async fn goes_on(app: &App, end: Instant) -> bool {
    tokio::select! {
        () = app.closing.cancelled() => false,
        () = tokio::time::sleep(PAUSE) => Instant::now() < end,
    }
}
