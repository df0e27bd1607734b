//! The caller's address book.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Buyer;
use chassis::etag::{IfMatch, Tagged};
use chassis::{Idempotent, Json, Page, PageQuery, Paging, Path, Problem, Tx};
use kernel::{AddressId, Line, OptionalLine, Phone, Pincode, StateCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{Address, Place};
use crate::store::addresses;
use crate::{App, usecases};

/// One entry of an address book.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressView {
    address_id: AddressId,
    /// Rises by one with every edit; in quotes it is the `ETag`.
    version: i32,
    recipient: String,
    phone: Phone,
    line1: String,
    #[schema(required)]
    line2: Option<String>,
    city: String,
    state: StateCode,
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

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressRequest {
    recipient: Line<100>,
    /// Whom the courier calls.
    phone: Phone,
    /// House number and street.
    line1: Line<200>,
    /// Area or landmark, if that helps the courier.
    #[serde(default)]
    line2: OptionalLine<200>,
    city: Line<100>,
    state: StateCode,
    /// A postal code of that state.
    pincode: Pincode,
}

impl From<AddressRequest> for Place {
    fn from(body: AddressRequest) -> Self {
        Self {
            recipient: body.recipient,
            phone: body.phone,
            line1: body.line1,
            line2: body.line2.0,
            city: body.city,
            state: body.state.current(),
            pincode: body.pincode,
        }
    }
}

/// Lists the address book, oldest entry first.
#[utoipa::path(
    get, path = "/v1/me/addresses", operation_id = "listAddresses", tag = "user",
    params(PageQuery),
    responses((status = 200, description = "The entries", body = Page<AddressView>)),
    security(("bearer" = [])),
)]
pub async fn list(
    State(app): State<App>,
    Buyer(caller): Buyer,
    page: Paging<AddressId>,
) -> Result<Json<Page<AddressView>>, Problem> {
    let mut conn = app.db.read().await?;
    let mut book = addresses::list(&mut conn, caller.user_id).await?;
    book.retain(|address| page.after.is_none_or(|after| address.id > after));
    Ok(Json(Page::of(book, page.limit, |address| address.id).map(AddressView::from)))
}

/// Adds an entry to the address book.
#[utoipa::path(
    post, path = "/v1/me/addresses", operation_id = "addAddress", tag = "user",
    request_body = AddressRequest,
    params(
        ( "Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$", description = "Repeats the request safely" ),
    ),
    responses(
        (status = 201, description = "The entry", body = AddressView),
        (status = 409, description = "The book has 50 entries already (`user/address-book-full`)", body = Problem),
    ),
    security(("bearer" = [])),
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

/// Replaces an entry of the address book. Orders that were sent to the old edition keep it.
#[utoipa::path(
    put, path = "/v1/me/addresses/{id}", operation_id = "replaceAddress", tag = "user",
    request_body = AddressRequest,
    params(
        ("id" = AddressId, Path, description = "The entry"),
        ("If-Match" = Option<String>, Header),
    ),
    responses((status = 200, description = "The entry as it is now", body = AddressView)),
    security(("bearer" = [])),
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

/// Takes an entry out of the address book. Orders that were sent there keep it.
#[utoipa::path(
    delete, path = "/v1/me/addresses/{id}", operation_id = "removeAddress", tag = "user",
    params(("id" = AddressId, Path, description = "The entry")),
    responses((status = 204, description = "Gone")), security(("bearer" = [])),
)]
pub async fn remove(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<AddressId>,
) -> Result<StatusCode, Problem> {
    usecases::remove_address(&app, caller.user_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
