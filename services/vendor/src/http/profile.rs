//! A seller as its members see it.

use axum::extract::State;
use chassis::auth::Buyer;
use chassis::etag::{IfMatch, Tagged};
use chassis::{Json, Path, Problem};
use jiff::Timestamp;
use kernel::{Gstin, Ifsc, Line, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::views::{AddressRequest, AddressView};
use crate::domain::document::Kind;
use crate::domain::standing::Status;
use crate::usecases::edit::Edit;
use crate::usecases::look::Profile;
use crate::{App, usecases};

/// Where a seller is paid, as far as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct BankAccountView {
    /// All but the last four digits are crosses.
    account_number: String,
    ifsc: Ifsc,
    holder: String,
}

/// A seller as its members see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileView {
    vendor_id: VendorId,
    #[schema(value_type = Status)]
    status: &'static str,
    /// Why it was rejected or suspended.
    reason: Option<String>,
    /// Documents to announce before the application can be handed in.
    #[schema(value_type = Vec<Kind>)]
    missing: Vec<&'static str>,
    legal_name: String,
    display_name: String,
    gstin: Option<Gstin>,
    /// Masked.
    pan: String,
    address: AddressView,
    bank_account: BankAccountView,
    /// What its invoice numbers begin with.
    invoice_prefix: String,
    /// The platform's commission in basis points, before tax.
    commission_bp: u32,
    since: Timestamp,
}

impl From<Profile> for Tagged<ProfileView> {
    fn from(profile: Profile) -> Self {
        let Profile { vendor, masked, missing } = profile;
        let view = ProfileView {
            vendor_id: vendor.id,
            status: vendor.standing.status.word(),
            reason: vendor.standing.status.reason().map(str::to_owned),
            missing: missing.into_iter().map(Kind::word).collect(),
            legal_name: vendor.legal_name.as_str().to_owned(),
            display_name: vendor.display_name.as_str().to_owned(),
            gstin: vendor.gstin,
            pan: masked.pan,
            address: vendor.address.into(),
            bank_account: BankAccountView {
                account_number: masked.account_number,
                ifsc: vendor.payee.ifsc,
                holder: vendor.payee.holder.as_str().to_owned(),
            },
            invoice_prefix: vendor.invoice_prefix,
            commission_bp: vendor.commission_bp,
            since: vendor.since,
        };
        Self(vendor.version, view)
    }
}

/// What may be edited; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditRequest {
    /// The name buyers see.
    display_name: Option<Line<100>>,
    /// Where it does business.
    address: Option<AddressRequest>,
}

/// Shows the profile.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/profile", tag = "vendor",
    params(("vendor_id" = VendorId, Path, description = "The seller")),
    responses(
        (status = 200, description = "The profile", body = ProfileView,
         headers(("ETag" = String, description = "For If-Match"))),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "No seller of the caller", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn show(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(vendor_id): Path<VendorId>,
) -> Result<Tagged<ProfileView>, Problem> {
    Ok(usecases::look::profile(&app, vendor_id, caller.user_id).await?.into())
}

/// Edits the profile.
#[utoipa::path(
    patch, path = "/v1/vendors/{vendor_id}/profile", tag = "vendor", request_body = EditRequest,
    params(
        ("vendor_id" = VendorId, Path, description = "The seller"),
        ("If-Match" = Option<String>, Header, description = "The version that was read"),
    ),
    responses(
        (status = 200, description = "The profile as it is now", body = ProfileView,
         headers(("ETag" = String, description = "For If-Match"))),
        (status = 400, description = "Not JSON, or an unknown field", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "No seller of the caller", body = Problem),
        (status = 409, description = "It is submitted or suspended", body = Problem),
        (status = 412, description = "It changed meanwhile", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "Not JSON", body = Problem),
        (status = 422, description = "A value is not valid", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn edit(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(vendor_id): Path<VendorId>,
    seen: IfMatch,
    Json(body): Json<EditRequest>,
) -> Result<Tagged<ProfileView>, Problem> {
    let edit = Edit { display_name: body.display_name, address: body.address.map(Into::into) };
    let profile = usecases::edit::edit(&app, vendor_id, caller.user_id, edit, seen).await?;
    Ok(profile.into())
}
