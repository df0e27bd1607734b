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

use crate::domain::{Account, Changes, Edit, Locale, Standing};
use crate::error::Error;
use crate::store::{accounts, vendors};
use crate::{App, usecases};

/// The caller's own account.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    user_id: UserId,
    #[schema(required)]
    email: Option<EmailAddress>,
    #[schema(required)]
    name: Option<String>,
    #[schema(required)]
    phone: Option<Phone>,
    locale: String,
    roles: Vec<String>,
    permissions: Vec<String>,
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
    get, path = "/v1/me", tag = "user",
    responses(
        (status = 200, description = "The account, with its version as ETag", body = MeView),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn show(State(app): State<App>, Buyer(caller): Buyer) -> Result<Tagged<MeView>, Problem> {
    let mut conn = app.db.read().await?;
    let account = accounts::find(&mut conn, caller.user_id).await?;
    let account = account
        .filter(|account| account.standing == Standing::Active)
        .ok_or(Error::Unauthenticated)?;
    drop(conn);
    view(&app, account).await
}

/// An edit of the profile: what is left out stays, `null` takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditRequest {
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
    patch, path = "/v1/me", tag = "user", request_body = EditRequest,
    params(("If-Match" = Option<String>, Header, description = "The ETag that was read")),
    responses(
        (status = 200, description = "The account as it is now", body = MeView),
        (status = 400, description = "Not JSON, or an unknown field", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 412, description = "It changed meanwhile", body = Problem),
        (status = 415, description = "Not JSON", body = Problem),
        (status = 422, description = "A value is not valid", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn edit(
    State(app): State<App>,
    Buyer(caller): Buyer,
    seen: IfMatch,
    Json(body): Json<EditRequest>,
) -> Result<Tagged<MeView>, Problem> {
    let changes = Changes { name: body.name, phone: body.phone, locale: body.locale };
    let account = usecases::edit_profile(&app, caller.user_id, changes, seen).await?;
    view(&app, account).await
}

/// Forgets the caller: everything personal goes, all sessions end.
#[utoipa::path(
    delete, path = "/v1/me", tag = "user",
    responses(
        (status = 204, description = "Forgotten"),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 409, description = "The last administrator stays", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn erase(State(app): State<App>, Buyer(caller): Buyer) -> Result<StatusCode, Problem> {
    usecases::erase(&app, caller.user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
