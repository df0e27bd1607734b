//! The probe's HTTP door: one route per thing a door has to do.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chassis::auth::callers::may;
use chassis::auth::{Buyer, Member, Staff, VendorOf};
use chassis::etag::{Hashed, IfMatch, unless_seen};
use chassis::{Claim, Idempotent, Json, Path, Problem, Query};
use contracts::vendor::VendorApproved;
use kernel::VendorId;
use serde::{Deserialize, Serialize};
use testkit::sample;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::probe::{Error, Probe};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thing {
    pub name: String,
    #[serde(default)]
    pub size: u32,
    #[serde(default)]
    pub parts: Vec<Part>,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub weight: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub min: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct View {
    pub name: String,
}

pub fn all() -> OpenApiRouter<Probe> {
    OpenApiRouter::new()
        .route("/v1/things", post(create).get(list))
        .route("/v1/strict-things", post(create_strictly))
        .route("/v1/texts", post(store_text))
        .route("/v1/things/{id}", get(find))
        .route("/v1/me", get(me))
        .route("/v1/maybe", get(maybe))
        .route("/v1/vendors/{vendor_id}/probe", get(of_vendor))
        .route("/v1/staff", get(of_staff).post(of_staff))
        .route("/v1/panic", get(broken))
        .route("/v1/wait", get(wait))
        .route("/v1/stream", get(stream))
        .route("/v1/rows", get(rows))
        .routes(routes!(tell, change))
        .routes(routes!(ask))
        .routes(routes!(sum_up))
}

/// Tells nothing, and goes on telling.
async fn stream() -> Response {
    let events = futures::stream::pending::<Result<Bytes, Infallible>>();
    ([("content-type", "text/event-stream")], Body::from_stream(events)).into_response()
}

/// Makes a thing once: one row in `made`, one event.
async fn make(app: &Probe, who: &str, once: Idempotent<Thing>) -> Result<Response, Problem> {
    let mut tx = app.db.begin().await?;
    if let Claim::Answered(replay) = tx.claim(who, once.key.as_ref()).await? {
        return Ok(replay.into_response());
    }
    let weight: u32 = once.body.parts.iter().map(|p| u32::from(p.weight)).sum();
    if once.body.name == "refuse"
        || weight > 1_000
        || once.body.size > 1_000_000
        || once.body.labels.len() > 9
    {
        return Err(Problem::of(&Error::Refused));
    }
    sqlx::query("insert into made (what) values ($1)")
        .bind(&once.body.name)
        .execute(tx.conn())
        .await?;
    let vendor_id = VendorId::new();
    let name = once.body.name.clone();
    tx.emit(&VendorApproved { vendor_id, display_name: name.clone(), ..sample() });
    let view = View { name };
    let answer = tx.answer(who, once.key.as_ref(), (StatusCode::CREATED, &view)).await;
    let answer = answer?;
    tx.commit().await?;
    Ok(answer)
}

async fn create(
    State(app): State<Probe>,
    Member(member): Member,
    once: Idempotent<Thing>,
) -> Result<Response, Problem> {
    let who = member.map_or_else(|| "anybody".to_owned(), |m| m.user_id.to_string());
    make(&app, &who, once).await
}

async fn create_strictly(
    State(app): State<Probe>,
    once: Idempotent<Thing>,
) -> Result<Response, Problem> {
    once.required()?;
    make(&app, "anybody", once).await
}

async fn store_text(
    State(app): State<Probe>,
    Json(view): Json<View>,
) -> Result<StatusCode, Problem> {
    sqlx::query("insert into made (what) values ($1)")
        .bind(&view.name)
        .execute(app.db.pool())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list(Query(filter): Query<Filter>) -> Json<Option<u32>> {
    Json(filter.min)
}

async fn find(Path(id): Path<VendorId>) -> Json<View> {
    Json(View { name: id.to_string() })
}

async fn me(Buyer(caller): Buyer) -> Json<View> {
    Json(View { name: caller.user_id.to_string() })
}

async fn maybe(Member(member): Member) -> Json<bool> {
    Json(member.is_some())
}

async fn of_vendor(vendor: VendorOf) -> Json<View> {
    Json(View { name: vendor.vendor_id.to_string() })
}

async fn of_staff(_staff: Staff<may::DecideVendors>) -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn broken() -> StatusCode {
    panic!("the probe was told to")
}

/// How much is said by a request that waited.
pub const AT_LAST: usize = 2_000;

/// Waits for the gate and then has a lot to say.
async fn wait(State(app): State<Probe>) -> Result<StatusCode, Problem> {
    app.strings.entered.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    app.strings.gate.acquire().await.unwrap().forget();
    let mut tx = app.db.begin().await?;
    for _ in 0..AT_LAST {
        tx.emit(&VendorApproved { vendor_id: VendorId::new(), ..sample() });
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn rows(State(app): State<Probe>) -> Result<Json<i64>, Problem> {
    let mut conn = app.db.read().await?;
    let count = sqlx::query_scalar("select count(*) from made").fetch_one(&mut *conn).await;
    Ok(Json(count?))
}

/// The edition that the probe's one shared thing has.
pub const EDITION: i64 = 3;

/// Documented, and answers nothing twice.
#[utoipa::path(get, path = "/v1/tagged", responses((status = 200, body = String), (status = 304)))]
async fn tell(headers: HeaderMap) -> Response {
    unless_seen(&headers, EDITION, "thing")
}

/// Documented, with a key and a refusal of its own.
#[utoipa::path(put, path = "/v1/tagged",
    params(("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 204)), security(("bearer" = ["staff"])))]
async fn change(seen: IfMatch) -> Result<StatusCode, Problem> {
    seen.check(EDITION)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Documented, and takes one parameter.
#[utoipa::path(get, path = "/v1/asked/{id}",
    params(("id" = String, Path), ("q" = Option<String>, Query)),
    responses((status = 200, body = String, content_type = "text/event-stream"), (status = 204)))]
async fn ask() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Documented, and tagged with a hash.
#[utoipa::path(get, path = "/v1/summed", params(("q" = Option<u32>, Query)),
    responses((status = 200, body = String)))]
async fn sum_up(Query(asked): Query<BTreeMap<String, u32>>) -> Hashed<BTreeMap<String, u32>> {
    Hashed(asked)
}
