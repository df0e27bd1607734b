//! The rates of GST, for whoever writes a product.

use axum::extract::State;
use axum::http::{HeaderName, header};
use chassis::{Json, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::tax_rates::TaxRate;
use crate::App;
use crate::domain::text::Hsn;
use crate::store::gst_rates;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GstRatesQuery {
    /// Only those that goods of this HSN code may bear today, or on the first day of a rate that is yet to begin.
    hsn: Option<Hsn>,
}

/// Rates of GST, with the days on which the law has them.
#[derive(Debug, Serialize, ToSchema)]
pub struct GstRatesView {
    /// The lowest one first; those that have ended are left out. None, where goods of the code are not sold here.
    items: Vec<TaxRate>,
}

/// Shows the rates of GST that products may bear, on the day in India.
///
/// They may be kept for five minutes.
#[utoipa::path(
    get, path = "/v1/tax/rates", operation_id = "listGstRates", tag = "product",
    params(GstRatesQuery),
    responses((status = 200, description = "The rates", body = GstRatesView)),
)]
pub async fn list(
    State(app): State<App>,
    Query(query): Query<GstRatesQuery>,
) -> Result<([(HeaderName, &'static str); 1], Json<GstRatesView>), Problem> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let rates = gst_rates::list(tx.conn(), query.hsn.as_ref(), now).await?;
    let kept = (header::CACHE_CONTROL, "public, max-age=300");
    Ok(([kept], Json(GstRatesView { items: rates.into_iter().map(Into::into).collect() })))
}
