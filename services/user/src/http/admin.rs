//! What staff sees of users, and what it may do to them. Personal data is masked.

use axum::extract::State;
use chassis::auth::callers::may;
use chassis::auth::{Acting, Staff};
use chassis::etag::{IfMatch, Tagged};
use chassis::{Json, Page, PageQuery, Paging, Path, Problem, Query};
use jiff::Timestamp;
use kernel::{EmailAddress, Line, UserId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::schemas::{PermissionName, Role};
use crate::App;
use crate::domain::{Account, Rights};
use crate::error::Error;
use crate::store::{accounts, vendors};
use crate::usecases::{self, Suspension};

/// A user as staff sees them.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserSummaryView {
    user_id: UserId,
    /// Masked; `null` once they are erased.
    #[schema(required, example = "a***@example.in")]
    email: Option<String>,
    /// Masked; `null` until they give one.
    #[schema(required, example = "A***")]
    name: Option<String>,
    /// Masked; `null` until they give one.
    #[schema(required, example = "+***3210")]
    phone: Option<String>,
    /// `active`, `suspended` (shut out by staff) or `erased` (at their own wish, for good).
    status: &'static str,
    /// In staff's words; `null` unless they are suspended.
    #[schema(required)]
    suspension_reason: Option<String>,
    roles: Vec<String>,
    permissions: Vec<String>,
    registered_at: Timestamp,
    /// When they last signed in with a code.
    signed_in_at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UserDetailView {
    #[serde(flatten)]
    user: UserSummaryView,
    /// The sellers they act for.
    vendors: Vec<VendorId>,
}

impl From<Account> for UserSummaryView {
    fn from(account: Account) -> Self {
        let initial = |name: String| name.chars().take(1).chain("***".chars()).collect();
        Self {
            user_id: account.user_id,
            email: account.email.map(|email| email.masked().into_owned()),
            name: account.name.map(initial),
            phone: account.phone.map(|phone| phone.masked().into_owned()),
            status: account.standing.into_str(),
            suspension_reason: account.standing.reason().map(str::to_owned),
            roles: account.rights.roles(),
            permissions: account.rights.permissions(),
            registered_at: account.registered_at,
            signed_in_at: account.signed_in_at,
        }
    }
}

async fn detail(app: &App, account: Account) -> Result<Tagged<UserDetailView>, Problem> {
    let mut conn = app.db.read().await?;
    let vendors = vendors::list_of(&mut conn, account.user_id).await?;
    Ok(Tagged(account.version, UserDetailView { user: account.into(), vendors }))
}

/// Which users are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UsersQuery {
    /// Only whoever signs in with this mail address, in full; a `+tag` in it does not matter.
    email: Option<EmailAddress>,
}

/// Lists users, oldest first.
#[utoipa::path(
    get, path = "/v1/admin/users", operation_id = "listUsers", tag = "user", params(UsersQuery, PageQuery),
    responses((status = 200, description = "The users", body = Page<UserSummaryView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    _staff: Staff<may::ManageUsers>,
    Query(query): Query<UsersQuery>,
    page: Paging<UserId>,
) -> Result<Json<Page<UserSummaryView>>, Problem> {
    let mut conn = app.db.read().await?;
    let found = match query.email {
        Some(email) => {
            accounts::find_by_key(&mut conn, &email.account_key()).await?.into_iter().collect()
        }
        None => accounts::list(&mut conn, page.after, page.rows).await?,
    };
    Ok(Json(Page::of(found, page.limit, |account| account.user_id).map(UserSummaryView::from)))
}

/// Shows one user.
#[utoipa::path(
    get, path = "/v1/admin/users/{id}", operation_id = "getUser", tag = "user",
    params(("id" = UserId, Path, description = "The user")),
    responses(
        (status = 200, description = "The user, with the version as ETag", body = UserDetailView),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn show(
    State(app): State<App>,
    _staff: Staff<may::ManageUsers>,
    Path(id): Path<UserId>,
) -> Result<Tagged<UserDetailView>, Problem> {
    let mut conn = app.db.read().await?;
    let account = accounts::find(&mut conn, id).await?.ok_or(Error::NotFound)?;
    drop(conn);
    detail(&app, account).await
}

/// What a user may do from now on, in place of what it was.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RightsRequest {
    /// Always `buyer`, and `admin` for staff.
    #[schema(value_type = Vec<Role>, min_items = 1)]
    roles: Vec<String>,
    /// Only an `admin` can have any; none when left out.
    #[serde(default)]
    #[schema(value_type = Vec<PermissionName>)]
    permissions: Vec<String>,
}

/// Sets what a user may do.
///
/// What is given shows in their next access token; what is taken away ends their sessions at once. Nobody gives what
/// they do not hold.
#[utoipa::path(
    post, path = "/v1/admin/users/{id}/roles", operation_id = "setUserRoles", tag = "user",
    request_body = RightsRequest,
    params(
        ("id" = UserId, Path, description = "The user"),
        ("If-Match" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "The user as it is now", body = UserDetailView),
        (status = 403, description = "Not allowed, or more than the caller may give (`user/role-too-high`)", body = Problem),
        (status = 409, description = "Nobody else may manage users (`user/last-admin`)", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn set_rights(
    State(app): State<App>,
    staff: Acting<may::ManageUsers>,
    Path(id): Path<UserId>,
    seen: IfMatch,
    Json(body): Json<RightsRequest>,
) -> Result<Tagged<UserDetailView>, Problem> {
    let next = Rights::parse(body.roles, body.permissions, may::ALL).map_err(Error::from)?;
    let account = usecases::set_rights(&app, &staff, id, next, seen).await?;
    detail(&app, account).await
}

/// Whether a user is shut out, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspendRequest {
    /// `false` lets them back in.
    suspended: bool,
    /// For staff; kept while the suspension lasts.
    reason: Line<500>,
}

/// Shuts a user out, which ends their sessions at once, or lets them back in.
#[utoipa::path(
    post, path = "/v1/admin/users/{id}/suspend", operation_id = "suspendUser", tag = "user",
    request_body = SuspendRequest, params(("id" = UserId, Path, description = "The user")),
    responses(
        (status = 200, description = "The user as it is now", body = UserDetailView),
        (status = 409, description = "Nobody else may manage users (`user/last-admin`)", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn suspend(
    State(app): State<App>,
    staff: Acting<may::ManageUsers>,
    Path(id): Path<UserId>,
    Json(body): Json<SuspendRequest>,
) -> Result<Tagged<UserDetailView>, Problem> {
    let decision = if body.suspended { Suspension::Suspend(body.reason) } else { Suspension::Lift };
    let account = usecases::suspend(&app, &staff, id, decision).await?;
    detail(&app, account).await
}
