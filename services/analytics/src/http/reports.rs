//! Numbers of a period.

use axum::extract::State;
use chassis::auth::callers::{Staff, VendorOf, may};
use chassis::{Json, Problem, Query};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::IntoParams;

use super::views::{OverviewView, SellerOverviewView};
use crate::App;
use crate::domain::period::{Period, day};
use crate::error::Error;
use crate::store::reports::freeze;

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// The first day, by the calendar of India; 29 days before `to` when left out.
    #[serde(default, deserialize_with = "a_day")]
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day, included, at most 365 after `from`; today when left out.
    #[serde(default, deserialize_with = "a_day")]
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// In our words where it is none: the parser's name its own types.
fn a_day<'de, D: Deserializer<'de>>(query: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(query)?;
    let day = text.map(|text| text.parse()).transpose();
    day.map_err(|_: jiff::Error| D::Error::custom("must be a day, such as 2026-11-30"))
}

impl PeriodQuery {
    fn period(self, app: &App) -> Result<Period, Error> {
        Ok(Period::of(self.from, self.to, day(app.clock.now()))?)
    }
}

/// Shows what the mall sold in a period.
#[utoipa::path(
    get, path = "/v1/analytics/overview", operation_id = "getOverview", tag = "analytics",
    params(PeriodQuery), responses((status = 200, body = OverviewView)),
    security(("bearer" = ["staff"])),
)]
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

/// Shows what a seller sold in a period.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/analytics", operation_id = "getVendorAnalytics",
    tag = "analytics", params(("vendor_id" = String, Path, format = Uuid), PeriodQuery),
    responses((status = 200, body = SellerOverviewView)), security(("bearer" = ["seller"])),
)]
pub async fn seller(
    State(app): State<App>,
    shop: VendorOf,
    Query(query): Query<PeriodQuery>,
) -> Result<Json<SellerOverviewView>, Problem> {
    let period = query.period(&app)?;
    let mut tx = app.db.begin().await?;
    freeze(tx.conn()).await?;
    Ok(Json(SellerOverviewView::read(tx.conn(), shop.vendor_id, period).await?))
}
