//! Sellers, and what somebody may be about to type.

use axum::extract::State;
use chassis::{Json, Problem, Query};
use jiff::Timestamp;
use kernel::VendorId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::RatingView;
use crate::App;
use crate::domain::{Limit, MinRating, PageRequest, SearchText, VendorQuery};
use crate::error::Error;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VendorsQuery {
    /// Up to twenty words of a name; without any, every seller is found.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// The lowest average of stars, from 0 to 5, with at most two decimals.
    #[param(pattern = "^([0-4](\\.[0-9]{1,2})?|5(\\.0{1,2})?)$")]
    min_rating: Option<String>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u64>,
    /// The `next` of the page before.
    #[param(max_length = 100, pattern = "^[A-Za-z0-9_-]+$")]
    after: Option<String>,
}

impl VendorsQuery {
    fn question(self) -> Result<VendorQuery, Error> {
        let min_rating = self.min_rating.as_deref().map(MinRating::parse).transpose()?;
        Ok(VendorQuery {
            text: SearchText::parse(&self.q)?,
            min_rating: min_rating.unwrap_or(MinRating::ANY),
            page: PageRequest { limit: Limit::new(self.limit.unwrap_or(20))?, after: self.after },
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FoundVendor {
    vendor_id: VendorId,
    display_name: String,
    rating: RatingView,
    /// When it applied to sell.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VendorsView {
    items: Vec<FoundVendor>,
    /// Pass it as `after` to get the next page; `null` on the last one.
    #[schema(required)]
    next: Option<String>,
    /// Hits on all pages together.
    total: u64,
}

/// Finds sellers by name, those only that may sell.
#[utoipa::path(
    get, path = "/v1/search/vendors", operation_id = "searchVendors", tag = "search",
    params(VendorsQuery), responses((status = 200, body = VendorsView)),
)]
pub async fn search(
    State(app): State<App>,
    Query(query): Query<VendorsQuery>,
) -> Result<Json<VendorsView>, Problem> {
    let question = query.question()?;
    let page = app.look_up(move |catalogue| catalogue.search_vendors(&question)).await?;
    let items = page.hits.into_iter().map(|hit| FoundVendor {
        vendor_id: hit.vendor_id,
        display_name: hit.display_name,
        rating: RatingView::of(hit.rating),
        since: hit.since,
    });
    Ok(Json(VendorsView { items: items.collect(), next: page.next, total: page.total }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuggestQuery {
    /// What was typed so far. A single letter leads nowhere.
    #[param(max_length = 200)]
    q: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestView {
    /// Categories, sellers, then products.
    items: Vec<String>,
}

/// Suggests up to eight ways to go on.
#[utoipa::path(
    get, path = "/v1/search/suggest", operation_id = "suggest", tag = "search",
    params(SuggestQuery), responses((status = 200, body = SuggestView)),
)]
pub async fn suggest(
    State(app): State<App>,
    Query(query): Query<SuggestQuery>,
) -> Result<Json<SuggestView>, Problem> {
    let typed = SearchText::parse(&query.q).map_err(Error::Refused)?;
    let items = app.look_up(move |catalogue| catalogue.suggest(&typed)).await?;
    Ok(Json(SuggestView { items }))
}
