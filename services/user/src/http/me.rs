//! The caller's own account.

use axum::extract::State;
use axum::http::StatusCode;
use chassis::auth::Buyer;
use chassis::etag::{IfMatch, Tagged};
use chassis::{Json, Problem};
use jiff::Timestamp;
use kernel::{EmailAddress, Line, Phone, UserId, VendorId};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::domain::{Account, AccountStanding, Changes, Edit, Locale};
use crate::error::Error;
use crate::store::{accounts, vendors};
use crate::{App, usecases};

#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    user_id: UserId,
    #[schema(required)]
    email: Option<EmailAddress>,
    #[schema(required)]
    name: Option<String>,
    #[schema(required)]
    phone: Option<Phone>,
    /// A language and perhaps a country, such as `en-IN`.
    locale: String,
    /// `buyer`, and `admin` for staff.
    roles: Vec<String>,
    /// Empty unless they are staff.
    permissions: Vec<String>,
    /// The sellers they act for.
    vendors: Vec<VendorId>,
    registered_at: Timestamp,
}

async fn view(app: &App, account: Account) -> Result<Tagged<MeView>, Problem> {
    let mut conn = app.db.read().await?;
    let vendors = vendors::list_of(&mut conn, account.user_id).await?;
    let view = MeView {
        user_id: account.user_id,
        email: account.email,
        name: account.name,
        phone: account.phone,
        locale: account.locale.as_str().to_owned(),
        roles: account.rights.roles(),
        permissions: account.rights.permissions(),
        vendors,
        registered_at: account.registered_at,
    };
    Ok(Tagged(account.version, view))
}

/// Shows the caller's account.
#[utoipa::path(
    get, path = "/v1/me", operation_id = "getMe", tag = "user",
    responses(
        (status = 200, description = "The account, with its version as ETag", body = MeView),
    ),
    security(("bearer" = [])),
)]
pub async fn show(State(app): State<App>, Buyer(caller): Buyer) -> Result<Tagged<MeView>, Problem> {
    let mut conn = app.db.read().await?;
    let account = accounts::find(&mut conn, caller.user_id).await?;
    let account = account
        .filter(|account| account.standing == AccountStanding::Active)
        .ok_or(Error::Unauthenticated)?;
    drop(conn);
    view(&app, account).await
}

/// An edit of the profile: what is left out stays, `null` takes name or phone away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditMeRequest {
    #[serde(default)]
    #[schema(value_type = Option<Line<100>>)]
    name: Edit<Line<100>>,
    #[serde(default)]
    #[schema(value_type = Option<Phone>)]
    phone: Edit<Phone>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Locale, required = false)]
    locale: Option<Locale>,
}

/// A member that may be left out but not be `null`.
fn said<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Locale>, D::Error> {
    Locale::deserialize(from).map(Some)
}

/// Edits the caller's profile.
#[utoipa::path(
    patch, path = "/v1/me", operation_id = "editMe", tag = "user", request_body = EditMeRequest,
    params(("If-Match" = Option<String>, Header)),
    responses((status = 200, description = "The account as it is now", body = MeView)),
    security(("bearer" = [])),
)]
pub async fn edit(
    State(app): State<App>,
    Buyer(caller): Buyer,
    seen: IfMatch,
    Json(body): Json<EditMeRequest>,
) -> Result<Tagged<MeView>, Problem> {
    let changes = Changes { name: body.name, phone: body.phone, locale: body.locale };
    let account = usecases::edit_profile(&app, caller.user_id, changes, seen).await?;
    view(&app, account).await
}

/// Erases the caller's account, for good.
///
/// Everything personal goes and all sessions end. The id stays, because orders and invoices refer to it.
///
/// Orders go on, and money that is on its way back is still paid: what was paid by UPI goes back where it came from, and
/// cash to the account that was given with `PUT /v1/payments/{id}/refund-account`. Cash without such an account is lost to
/// its buyer: whoever waits for some, or may still send something back, gives the account first. No mail comes any more.
#[utoipa::path(
    delete, path = "/v1/me", operation_id = "eraseMe", tag = "user",
    responses(
        (status = 204, description = "Erased"),
        (status = 409, description = "The caller is staff (`user/is-staff`)", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn erase(State(app): State<App>, Buyer(caller): Buyer) -> Result<StatusCode, Problem> {
    usecases::erase(&app, caller.user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
