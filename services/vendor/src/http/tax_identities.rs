//! Under which names and numbers sellers pay tax.

use axum::extract::State;
use chassis::auth::Acting;
use chassis::auth::callers::may;
use chassis::{Json, Problem};
use kernel::{Gstin, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::usecases::tax_identities::{self, TaxIdentity};

/// So many sellers at once: as many as the audit trail takes down by their ids.
const MOST: usize = 100;

/// Whose names and numbers are asked for.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<VendorId>")]
struct Asked(Vec<VendorId>);

impl TryFrom<Vec<VendorId>> for Asked {
    type Error = &'static str;

    fn try_from(ids: Vec<VendorId>) -> Result<Self, Self::Error> {
        if ids.is_empty() || ids.len() > MOST {
            return Err("must name 1 to 100 sellers");
        }
        Ok(Self(ids))
    }
}

/// Whose names and numbers are asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxIdentitiesRequest {
    #[schema(value_type = Vec<VendorId>, min_items = 1, max_items = 100)]
    vendor_ids: Asked,
}

/// A seller as a tax office knows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxIdentityView {
    vendor_id: VendorId,
    legal_name: String,
    #[schema(required)]
    gstin: Option<Gstin>,
    /// In full.
    #[schema(value_type = String)]
    pan: String,
}

impl From<TaxIdentity> for TaxIdentityView {
    fn from(identity: TaxIdentity) -> Self {
        let TaxIdentity { vendor_id, legal_name, gstin, pan } = identity;
        Self { vendor_id, legal_name, gstin, pan: pan.as_str().to_owned() }
    }
}

/// Sellers as tax offices know them.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxIdentitiesView {
    /// By id. Who is no seller, or was never approved, is not among them.
    items: Vec<TaxIdentityView>,
}

/// Reads the legal names and permanent account numbers of sellers, for the return of income tax.
///
/// The file of a quarter, `GET /v1/admin/tax/tds/{file}`, names sellers by their ids, and has no number of those without a
/// GSTIN. Who read which numbers is in the audit trail.
#[utoipa::path(
    post, path = "/v1/admin/tax/sellers", operation_id = "readTaxIdentities", tag = "vendor",
    request_body = TaxIdentitiesRequest,
    responses((status = 200, description = "Those that are known", body = TaxIdentitiesView)),
    security(("bearer" = ["staff"])),
)]
pub async fn read(
    State(app): State<App>,
    staff: Acting<may::ManagePayments>,
    Json(body): Json<TaxIdentitiesRequest>,
) -> Result<Json<TaxIdentitiesView>, Problem> {
    let found = tax_identities::read(&app, &staff, &body.vendor_ids.0).await?;
    Ok(Json(TaxIdentitiesView { items: found.into_iter().map(Into::into).collect() }))
}
