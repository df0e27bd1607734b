//! Applying to sell, and handing the application in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Buyer;
use chassis::{Idempotent, Json, NoBody, Path, Problem, Tx};
use kernel::{Gstin, Ifsc, Line, Pan, VendorId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{BusinessAddressRequest, StandingView};
use crate::domain::application::Application;
use crate::domain::bank::{AccountNumber, Payee};
use crate::domain::scheme::{Enrolment, Scheme};
use crate::{App, usecases};

/// Where a seller is paid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BankAccountRequest {
    account_number: AccountNumber,
    ifsc: Ifsc,
    /// The name that the account is in.
    holder: Line<100>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyRequest {
    /// As registered; it stands on invoices and on the public page.
    legal_name: Line<200>,
    /// The name buyers see.
    display_name: Line<100>,
    /// The GST registration; without one the seller issues bills of supply.
    gstin: Option<Gstin>,
    /// `regular` (charges tax, supplies to every state), `composition` (registered, may not charge tax) or `enrolled` (not
    /// registered); the last two issue bills of supply and supply within their own state only. Where it is left out it is
    /// `regular` with a GSTIN and `enrolled` without. It stays as it is.
    scheme: Option<Scheme>,
    /// The number of the enrolment for supplies through a marketplace: 15 letters and digits. Needed where `scheme` says
    /// `enrolled`, and only for sellers without a GSTIN.
    enrolment: Option<Enrolment>,
    /// Permanent account number; that of the GSTIN where there is one. Income tax of 0.1 % of every sale before GST is
    /// withheld under it (section 194-O), from small sellers, too: who sells how much elsewhere is not known here. It counts
    /// towards the seller's own income tax.
    pan: Pan,
    /// Where the seller does business. Its state is where supplies start, which decides the tax.
    address: BusinessAddressRequest,
    bank_account: BankAccountRequest,
}

impl From<BankAccountRequest> for (AccountNumber, Payee) {
    fn from(body: BankAccountRequest) -> Self {
        let BankAccountRequest { account_number, ifsc, holder } = body;
        (account_number, Payee { ifsc, holder })
    }
}

impl From<ApplyRequest> for Application {
    fn from(body: ApplyRequest) -> Self {
        let (account_number, payee) = body.bank_account.into();
        Self {
            legal_name: body.legal_name,
            display_name: body.display_name,
            gstin: body.gstin,
            scheme: body.scheme,
            enrolment: body.enrolment,
            pan: body.pan,
            address: body.address.into(),
            account_number,
            payee,
        }
    }
}

/// Applies to sell.
///
/// The caller becomes the owner. Next: announce and upload the documents that the profile calls missing, then submit.
#[utoipa::path(
    post, path = "/v1/vendors", operation_id = "applyAsVendor", tag = "vendor",
    request_body = ApplyRequest,
    params(
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 201, description = "A draft, which nobody decides about yet", body = StandingView),
        (status = 409, description = "Another seller has this GSTIN (`vendor/gstin-taken`)", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn apply(
    State(app): State<App>,
    Buyer(caller): Buyer,
    once: Idempotent<ApplyRequest>,
) -> Result<Response, Problem> {
    let apply = async |tx: &mut Tx, body: ApplyRequest| {
        let vendor = usecases::apply::apply(&app, tx, caller.user_id, body.into()).await?;
        Ok((StatusCode::CREATED, StandingView::from(&vendor)))
    };
    once.answer(&app.db, &caller.user_id.to_string(), apply).await
}

/// Hands the application in.
///
/// Every upload is compared with what was announced; one that differs is refused and has to be announced again. If all
/// are right, staff decide next.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/submit", operation_id = "submitVendorApplication",
    tag = "vendor", request_body = Option<NoBody>,
    params(
        ("vendor_id" = VendorId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Keeps no answer: a repeated request is answered as things are then"),
    ),
    responses(
        (status = 200, description = "It waits for staff", body = StandingView),
        (status = 409, description = "It was handed in before (`vendor/not-editable`)", body = Problem),
        (status = 422, description = "A document is missing (`vendor/incomplete`), or is not what was announced (`vendor/document-mismatch`)", body = Problem),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn submit(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(vendor_id): Path<VendorId>,
    _: Idempotent<NoBody>,
) -> Result<Json<StandingView>, Problem> {
    let vendor = usecases::submit::submit(&app, vendor_id, caller.user_id).await?;
    Ok(Json(StandingView::from(&vendor)))
}
