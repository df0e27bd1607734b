//! A seller as everybody sees it.

use axum::extract::State;
use chassis::etag::Hashed;
use chassis::{Path, Problem};
use jiff::Timestamp;
use kernel::{Gstin, StateCode, VendorId};
use serde::Serialize;
use utoipa::ToSchema;

use super::views::BusinessAddressView;
use crate::usecases::look::PublicPage;
use crate::{App, usecases};

/// What buyers thought of it: published reviews only.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingView {
    /// Stars with two decimals; `0.00` before the first review.
    #[schema(example = "4.50", pattern = "^[0-5]\\.[0-9]{2}$")]
    average: String,
    count: u64,
}

/// A seller as everybody sees it. Who sells must say its legal name and where it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicPageView {
    vendor_id: VendorId,
    display_name: String,
    legal_name: String,
    /// `null` for a seller that is not registered for GST.
    gstin: Option<Gstin>,
    city: String,
    state: StateCode,
    address: BusinessAddressView,
    rating: RatingView,
    /// When it applied.
    since: Timestamp,
}

impl From<PublicPage> for PublicPageView {
    fn from(page: PublicPage) -> Self {
        let PublicPage { vendor, rating } = page;
        Self {
            vendor_id: vendor.id,
            display_name: vendor.display_name.as_str().to_owned(),
            legal_name: vendor.legal_name.as_str().to_owned(),
            gstin: vendor.gstin,
            city: vendor.address.city.as_str().to_owned(),
            state: vendor.address.state,
            address: vendor.address.into(),
            rating: RatingView { average: rating.average(), count: rating.count },
            since: vendor.since,
        }
    }
}

/// Shows a seller, while it may sell.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}", operation_id = "getVendor", tag = "vendor",
    params(("vendor_id" = VendorId, Path)),
    responses(
        (status = 200, description = "The page", body = PublicPageView, headers(("ETag" = String, description = "A hash of the page"))),
    ),
)]
pub async fn show(
    State(app): State<App>,
    Path(vendor_id): Path<VendorId>,
) -> Result<Hashed<PublicPageView>, Problem> {
    Ok(Hashed(usecases::look::public_page(&app, vendor_id).await?.into()))
}
