//! The states that an address can lie in.

use axum::http::{HeaderName, header};
use chassis::Json;
use kernel::StateCode;
use serde::Serialize;
use utoipa::ToSchema;

/// A state or union territory of India.
#[derive(Debug, Serialize, ToSchema)]
pub struct StateView {
    /// As GST numbers it, and as addresses, places of supply and the first two digits of a GSTIN name it.
    code: StateCode,
    #[schema(example = "Karnataka")]
    name: &'static str,
}

/// The states and union territories.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatesView {
    /// In the order of their codes.
    items: Vec<StateView>,
}

/// Shows the states and union territories that an address can lie in.
///
/// They may be kept for a day.
#[utoipa::path(
    get, path = "/v1/states", operation_id = "listStates", tag = "vendor",
    responses((status = 200, description = "All of them", body = StatesView)),
)]
pub async fn list() -> ([(HeaderName, &'static str); 1], Json<StatesView>) {
    // No PIN code lies in the waters.
    let states = StateCode::all().filter(|code| *code != StateCode::OTHER_TERRITORY);
    let states = states.map(|code| StateView { code, name: code.name() });
    let kept = (header::CACHE_CONTROL, "public, max-age=86400");
    ([kept], Json(StatesView { items: states.collect() }))
}
