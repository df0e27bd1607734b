//! Applying to sell, and handing the application in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Buyer;
use chassis::{Idempotent, Json, NoBody, Path, Problem, Tx};
use kernel::{Gstin, Ifsc, Line, Pan, VendorId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{AddressRequest, StandingView};
use crate::domain::application::Application;
use crate::domain::bank::{AccountNumber, Payee};
use crate::{App, usecases};

/// Where a seller is paid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BankAccountRequest {
    /// 9 to 18 digits.
    account_number: AccountNumber,
    /// The branch.
    ifsc: Ifsc,
    /// The name of the account.
    holder: Line<100>,
}

/// An application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyRequest {
    /// The name on documents.
    legal_name: Line<200>,
    /// The name buyers see.
    display_name: Line<100>,
    /// GST registration; without one the seller issues bills of supply.
    gstin: Option<Gstin>,
    /// Permanent account number; that of the GSTIN where there is one.
    pan: Pan,
    /// Where it does business.
    address: AddressRequest,
    /// Where it is paid.
    bank_account: BankAccountRequest,
}

impl From<ApplyRequest> for Application {
    fn from(body: ApplyRequest) -> Self {
        let BankAccountRequest { account_number, ifsc, holder } = body.bank_account;
        Self {
            legal_name: body.legal_name,
            display_name: body.display_name,
            gstin: body.gstin,
            pan: body.pan,
            address: body.address.into(),
            account_number,
            payee: Payee { ifsc, holder },
        }
    }
}

/// Applies to sell. The caller becomes the owner.
#[utoipa::path(
    post, path = "/v1/vendors", tag = "vendor", request_body = ApplyRequest,
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
            description = "Repeats the request safely")),
    responses(
        (status = 201, description = "A draft", body = StandingView),
        (status = 400, description = "Not JSON, or an unknown field", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 409, description = "The GSTIN is taken, or the first request is still running", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "Not JSON", body = Problem),
        (status = 422, description = "A value is not valid, or the key was used before", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
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

/// Hands the application in. Every document is checked against what was announced.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/submit", tag = "vendor", request_body = Option<NoBody>,
    params(("vendor_id" = VendorId, Path, description = "The seller")),
    responses(
        (status = 200, description = "It waits for staff", body = StandingView),
        (status = 400, description = "Not JSON, or an unknown field", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "No seller of the caller", body = Problem),
        (status = 409, description = "It was handed in before", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "Not JSON", body = Problem),
        (status = 422, description = "A document is missing, or is not what was announced", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
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
