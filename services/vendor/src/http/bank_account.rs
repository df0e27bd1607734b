//! Where a seller is paid.

use axum::extract::State;
use chassis::auth::Buyer;
use chassis::etag::{IfMatch, Tagged};
use chassis::{Json, Path, Problem};
use kernel::VendorId;

use super::applications::BankAccountRequest;
use super::profile::ProfileView;
use crate::{App, usecases};

/// Changes where a seller is paid.
///
/// Of a seller that was ever approved the payment provider is told, and for a day nothing is paid: the owner gets mail, and
/// can answer it if it was somebody else. What falls due meanwhile is paid then.
#[utoipa::path(
    put, path = "/v1/vendors/{vendor_id}/bank-account", operation_id = "changeVendorBankAccount",
    tag = "vendor", request_body = BankAccountRequest,
    params(
        ("vendor_id" = VendorId, Path),
        ("If-Match" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "The profile as it is now", body = ProfileView, headers(("ETag" = String, description = "For If-Match"))),
        (status = 409, description = "It waits for staff or is suspended (`vendor/not-editable`)", body = Problem),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn change(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(vendor_id): Path<VendorId>,
    seen: IfMatch,
    Json(body): Json<BankAccountRequest>,
) -> Result<Tagged<ProfileView>, Problem> {
    let (number, payee) = body.into();
    let change = usecases::change_account::change_account;
    Ok(change(&app, vendor_id, caller.user_id, number, payee, seen).await?.into())
}
