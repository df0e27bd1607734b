//! Numbers of a period.

use axum::extract::State;
use chassis::auth::callers::{Staff, VendorOf, may};
use chassis::{Json, Problem, Query};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::{OverviewView, SellerView};
use crate::App;
use crate::domain::period::{Period, day};
use crate::error::Error;
use crate::store::reports::freeze;

/// From one day to another, both included; the last thirty days when nothing is said, 366 days at most.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// The first day.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

impl PeriodQuery {
    fn period(self, app: &App) -> Result<Period, Error> {
        Ok(Period::of(self.from, self.to, day(app.clock.now()))?)
    }
}

/// What the mall sold.
#[utoipa::path(get, path = "/v1/analytics/overview", tag = "analytics", params(PeriodQuery),
    responses((status = 200, body = OverviewView), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn overview(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<PeriodQuery>,
) -> Result<Json<OverviewView>, Problem> {
    let period = query.period(&app)?;
    let mut tx = app.db.begin().await?;
    freeze(tx.conn()).await?;
    Ok(Json(OverviewView::read(tx.conn(), period).await?))
}

/// What a seller sold.
#[utoipa::path(get, path = "/v1/vendors/{vendor_id}/analytics", tag = "analytics",
    params(("vendor_id" = String, Path, format = Uuid), PeriodQuery),
    responses((status = 200, body = SellerView), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn seller(
    State(app): State<App>,
    shop: VendorOf,
    Query(query): Query<PeriodQuery>,
) -> Result<Json<SellerView>, Problem> {
    let period = query.period(&app)?;
    let mut tx = app.db.begin().await?;
    freeze(tx.conn()).await?;
    Ok(Json(SellerView::read(tx.conn(), shop.vendor_id, period).await?))
}
