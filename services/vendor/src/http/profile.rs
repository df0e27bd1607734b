//! A seller as its members see it.

use axum::extract::State;
use chassis::auth::Buyer;
use chassis::etag::{IfMatch, Tagged};
use chassis::{Json, Path, Problem};
use contracts::vendor::Correction;
use jiff::Timestamp;
use kernel::{Gstin, Ifsc, Line, Pan, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::views::{BusinessAddressRequest, BusinessAddressView};
use crate::domain::document::Kind;
use crate::domain::payout_account::PayoutAccountState;
use crate::domain::scheme::{Enrolment, Scheme};
use crate::domain::standing::SellerStatus;
use crate::domain::vendor::Change;
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
    /// Once the seller was approved: whether it can be paid there.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<PayoutAccountState>,
    /// From when on it is paid there.
    #[serde(skip_serializing_if = "Option::is_none")]
    payable_from: Option<Timestamp>,
}

/// A seller as its members see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileView {
    vendor_id: VendorId,
    /// `draft`, `submitted` (waits for staff), `approved` (may sell), `rejected` (may be corrected and submitted again)
    /// or `suspended` (may not sell for now).
    #[schema(value_type = SellerStatus)]
    status: &'static str,
    /// Staff's reason, while it is rejected or suspended.
    reason: Option<String>,
    /// What they ask to be corrected, while it is rejected.
    corrections: Vec<CorrectionView>,
    /// Documents to announce before the application can be handed in; a refused one is missing again.
    #[schema(value_type = Vec<Kind>)]
    missing: Vec<&'static str>,
    legal_name: String,
    display_name: String,
    gstin: Option<Gstin>,
    /// Under which scheme of GST it supplies.
    #[schema(value_type = Scheme)]
    scheme: &'static str,
    /// Of a seller without a GSTIN.
    enrolment: Option<Enrolment>,
    /// Masked.
    pan: String,
    address: BusinessAddressView,
    bank_account: BankAccountView,
    /// The four characters that its invoice numbers begin with; no other seller has them.
    invoice_prefix: String,
    /// The platform's commission in basis points of the price, before tax, as it was when the seller applied.
    commission_bp: u32,
    /// What counts against it.
    strikes: StrikesView,
    /// When it applied.
    since: Timestamp,
}

/// Something of an application that is to be corrected.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionView {
    /// A pointer to a member of the application, or `/documents/` and the kind of one.
    at: String,
    /// In staff's words.
    why: String,
}

impl From<Correction> for CorrectionView {
    fn from(Correction { at, why }: Correction) -> Self {
        Self { at, why }
    }
}

/// What counts against a seller, of the last ninety days.
#[derive(Debug, Serialize, ToSchema)]
pub struct StrikesView {
    /// How many seller orders it rejected.
    rejected: i64,
    /// How many it did not accept or ship in time.
    late: i64,
}

impl From<Profile> for Tagged<ProfileView> {
    fn from(profile: Profile) -> Self {
        let version = profile.vendor.version;
        Self(version, profile.into())
    }
}

impl From<Profile> for ProfileView {
    fn from(profile: Profile) -> Self {
        let Profile { vendor, masked, missing, strikes, corrections } = profile;
        Self {
            vendor_id: vendor.id,
            status: vendor.standing.status.into_str(),
            reason: vendor.standing.status.reason().map(str::to_owned),
            corrections: corrections.into_iter().map(Into::into).collect(),
            missing: missing.into_iter().map(|kind| kind.into_str()).collect(),
            legal_name: vendor.legal_name.as_str().to_owned(),
            display_name: vendor.display_name.as_str().to_owned(),
            gstin: vendor.gstin,
            scheme: vendor.scheme.into_str(),
            enrolment: vendor.enrolment,
            pan: masked.pan,
            address: vendor.address.into(),
            bank_account: BankAccountView {
                account_number: masked.account_number,
                ifsc: vendor.payee.ifsc,
                holder: vendor.payee.holder.as_str().to_owned(),
                state: vendor.payout_account.map(|account| account.state),
                payable_from: vendor.payout_account.map(|account| account.payable_from),
            },
            invoice_prefix: vendor.invoice_prefix,
            commission_bp: vendor.commission_bp,
            strikes: StrikesView { rejected: strikes.rejected, late: strikes.late },
            since: vendor.since,
        }
    }
}

/// What may be edited; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditProfileRequest {
    display_name: Option<Line<100>>,
    address: Option<BusinessAddressRequest>,
    /// Of a seller without a GSTIN.
    enrolment: Option<Enrolment>,
    /// As registered. Until the seller is approved for the first time, as all that follows.
    legal_name: Option<Line<200>>,
    gstin: Option<Gstin>,
    /// `enrolled` gives the registration up.
    scheme: Option<Scheme>,
    pan: Option<Pan>,
}

/// Shows a seller to its members.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/profile", operation_id = "getVendorProfile",
    tag = "vendor", params(("vendor_id" = VendorId, Path)),
    responses(
        (status = 200, description = "The profile", body = ProfileView, headers(("ETag" = String, description = "For If-Match"))),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn show(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(vendor_id): Path<VendorId>,
) -> Result<Tagged<ProfileView>, Problem> {
    Ok(usecases::look::profile(&app, vendor_id, caller.user_id).await?.into())
}

/// Changes a seller's name, address or enrolment number; before it is approved also what documents and taxes hang on.
#[utoipa::path(
    patch, path = "/v1/vendors/{vendor_id}/profile", operation_id = "editVendorProfile",
    tag = "vendor", request_body = EditProfileRequest,
    params(
        ("vendor_id" = VendorId, Path),
        ("If-Match" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "The profile as it is now", body = ProfileView, headers(("ETag" = String, description = "For If-Match"))),
        (status = 409, description = "It waits for staff or is suspended, or was approved under what was to be corrected (`vendor/not-editable`)", body = Problem),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn edit(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(vendor_id): Path<VendorId>,
    seen: IfMatch,
    Json(body): Json<EditProfileRequest>,
) -> Result<Tagged<ProfileView>, Problem> {
    let change = Change {
        display_name: body.display_name,
        address: body.address.map(Into::into),
        enrolment: body.enrolment,
        legal_name: body.legal_name,
        gstin: body.gstin,
        scheme: body.scheme,
    };
    let edit = Edit { change, pan: body.pan };
    let profile = usecases::edit::edit(&app, vendor_id, caller.user_id, edit, seen).await?;
    Ok(profile.into())
}
