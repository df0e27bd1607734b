//! The caller's address book.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Buyer;
use chassis::etag::{IfMatch, Tagged};
use chassis::{Idempotent, Json, Page, PageQuery, Path, Problem, Query, Tx};
use kernel::{AddressId, Line, Phone, Pincode, StateCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{Address, Place};
use crate::store::addresses;
use crate::{App, usecases};

/// One entry of an address book.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressView {
    address_id: AddressId,
    /// Rises with every edit.
    version: i32,
    recipient: String,
    phone: Phone,
    line1: String,
    #[schema(required)]
    line2: Option<String>,
    city: String,
    state: StateCode,
    /// The state's name.
    state_name: &'static str,
    pincode: Pincode,
}

impl From<Address> for AddressView {
    fn from(address: Address) -> Self {
        let Address { id, version, place } = address;
        Self {
            address_id: id,
            version,
            recipient: place.recipient.into_string(),
            phone: place.phone,
            line1: place.line1.into_string(),
            line2: place.line2.map(Line::into_string),
            city: place.city.into_string(),
            state: place.state,
            state_name: place.state.name(),
            pincode: place.pincode,
        }
    }
}

/// Where somebody receives parcels.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressRequest {
    /// Who receives them.
    recipient: Line<100>,
    /// Whom the courier calls.
    phone: Phone,
    /// House and street.
    line1: Line<200>,
    /// Area or landmark.
    line2: Option<Line<200>>,
    /// Town.
    city: Line<100>,
    /// GST state code.
    state: StateCode,
    /// Must lie in the state.
    pincode: Pincode,
}

impl From<AddressRequest> for Place {
    fn from(body: AddressRequest) -> Self {
        Self {
            recipient: body.recipient,
            phone: body.phone,
            line1: body.line1,
            line2: body.line2,
            city: body.city,
            state: body.state.current(),
            pincode: body.pincode,
        }
    }
}

/// Lists the address book, oldest entry first.
#[utoipa::path(
    get, path = "/v1/me/addresses", tag = "user", params(PageQuery),
    responses(
        (status = 200, description = "The entries", body = Page<AddressView>),
        (status = 400, description = "An unknown parameter", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 422, description = "A parameter is not valid", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn list(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<AddressView>>, Problem> {
    page.rows()?;
    let after: Option<AddressId> = page.cursor()?;
    let mut conn = app.db.read().await?;
    let mut book = addresses::list(&mut conn, caller.user_id).await?;
    book.retain(|address| after.is_none_or(|after| address.id > after));
    Ok(Json(Page::of(book, page.limit, |address| address.id).map(AddressView::from)))
}

/// Adds an entry.
#[utoipa::path(
    post, path = "/v1/me/addresses", tag = "user", request_body = AddressRequest,
    params((
        "Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
        description = "Repeats the request safely"
    )),
    responses(
        (status = 201, description = "The entry", body = AddressView),
        (status = 400, description = "Not JSON, or an unknown field", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 409, description = "The book is full, or the first request is still running", body = Problem),
        (status = 415, description = "Not JSON", body = Problem),
        (status = 422, description = "A value is not valid, or the key was used before", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn add(
    State(app): State<App>,
    Buyer(caller): Buyer,
    once: Idempotent<AddressRequest>,
) -> Result<Response, Problem> {
    let add = async |tx: &mut Tx, body: AddressRequest| {
        let address = usecases::add_address(tx, caller.user_id, body.into()).await?;
        Ok((StatusCode::CREATED, AddressView::from(address)))
    };
    once.answer(&app.db, &caller.user_id.to_string(), add).await
}

/// Changes an entry. Orders that were sent to the old edition keep it.
#[utoipa::path(
    put, path = "/v1/me/addresses/{id}", tag = "user", request_body = AddressRequest,
    params(
        ("id" = AddressId, Path, description = "The entry"),
        ("If-Match" = Option<String>, Header, description = "The version that was read"),
    ),
    responses(
        (status = 200, description = "The entry as it is now", body = AddressView),
        (status = 400, description = "Not JSON, or an unknown field", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "No entry of the caller", body = Problem),
        (status = 412, description = "It changed meanwhile", body = Problem),
        (status = 415, description = "Not JSON", body = Problem),
        (status = 422, description = "A value is not valid", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn change(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<AddressId>,
    seen: IfMatch,
    Json(body): Json<AddressRequest>,
) -> Result<Tagged<AddressView>, Problem> {
    let address = usecases::change_address(&app, caller.user_id, id, body.into(), seen).await?;
    Ok(Tagged(address.version.into(), address.into()))
}

/// Takes an entry out.
#[utoipa::path(
    delete, path = "/v1/me/addresses/{id}", tag = "user",
    params(("id" = AddressId, Path, description = "The entry")),
    responses(
        (status = 204, description = "Gone"),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "No entry of the caller", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn remove(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<AddressId>,
) -> Result<StatusCode, Problem> {
    usecases::remove_address(&app, caller.user_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
