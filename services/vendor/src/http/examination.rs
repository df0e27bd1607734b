//! What staff see of a seller before they decide.

use axum::extract::State;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Json, Path, Problem};
use jiff::Timestamp;
use kernel::VendorId;
use serde::Serialize;
use utoipa::ToSchema;

use super::documents::DocumentView;
use super::profile::{CorrectionView, ProfileView};
use crate::App;
use crate::domain::check::{Check, Outcome};
use crate::domain::standing::SellerStatus;
use crate::store::steps::Step;
use crate::usecases::examine::{Examined, examine};

/// A check that was done by machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckView {
    /// `gstin`, `pan`, `ifsc`, `names` (of the seller and of its account), `same_gstin`, `same_pan`, `same_account` (as
    /// another seller).
    check: &'static str,
    /// `passed`, `look` (a person has to look at it) or `failed` (as it is it cannot be approved).
    #[schema(value_type = Outcome)]
    outcome: &'static str,
    /// What was found, in words.
    says: String,
    /// The other sellers that it is about.
    vendors: Vec<VendorId>,
}

impl From<Check> for CheckView {
    fn from(check: Check) -> Self {
        let Check { name, outcome, says, vendors } = check;
        Self { check: name, outcome: outcome.into_str(), says, vendors }
    }
}

/// A step of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationStepView {
    #[schema(value_type = SellerStatus)]
    status: String,
    /// Staff's reason, where there is one.
    reason: Option<String>,
    /// What they asked to be corrected.
    corrections: Vec<CorrectionView>,
    at: Timestamp,
}

impl From<Step> for ApplicationStepView {
    fn from(step: Step) -> Self {
        let Step { status, reason, corrections, at } = step;
        Self { status, reason, corrections: corrections.into_iter().map(Into::into).collect(), at }
    }
}

/// A seller with all that speaks for and against it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationView {
    #[serde(flatten)]
    profile: ProfileView,
    /// What it handed in.
    documents: Vec<DocumentView>,
    /// What a machine can say of it. Whether a number is true, only documents say.
    checks: Vec<CheckView>,
    /// What became of it so far, the oldest first.
    history: Vec<ApplicationStepView>,
}

impl From<Examined> for ApplicationView {
    fn from(examined: Examined) -> Self {
        let Examined { profile, documents, checks, history } = examined;
        Self {
            profile: profile.into(),
            documents: documents.into_iter().map(Into::into).collect(),
            checks: checks.into_iter().map(Into::into).collect(),
            history: history.into_iter().map(Into::into).collect(),
        }
    }
}

/// Shows staff a seller with its documents, what a machine says of it, and its history.
///
/// Numbers are masked: the documents have them.
#[utoipa::path(
    get, path = "/v1/admin/vendors/{vendor_id}/application", operation_id = "examineVendor", tag = "vendor",
    params(("vendor_id" = VendorId, Path)),
    responses((status = 200, description = "The seller", body = ApplicationView)),
    security(("bearer" = ["staff"])),
)]
pub async fn show(
    State(app): State<App>,
    _: Staff<may::DecideVendors>,
    Path(vendor_id): Path<VendorId>,
) -> Result<Json<ApplicationView>, Problem> {
    Ok(Json(examine(&app, vendor_id).await?.into()))
}
