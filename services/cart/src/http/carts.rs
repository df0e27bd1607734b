//! Looking at a cart and changing it, signed in or as a guest.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chassis::auth::Member;
use chassis::etag::Hashed;
use chassis::{Json, Path, Problem};
use kernel::{Money, ProductId, Quantity, Sku, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::cart::{Cart, Flag, Priced};
use crate::domain::owner::Owner;
use crate::domain::shelf::Article;
use crate::error::Error;
use crate::{App, usecases};

static CART_TOKEN: HeaderName = HeaderName::from_static("x-cart-token");

/// Whose cart the request is about. A signed-in request that carries a guest's token merges the guest's cart first.
pub struct Visitor {
    owner: Option<Owner>,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Member(caller) = Member::from_request_parts(parts, app).await?;
        let token = parts.headers.get(&CART_TOKEN).and_then(|v| v.to_str().ok());
        let guest = token.filter(|t| (20..=100).contains(&t.len())).map(Owner::guest);
        let Some(caller) = caller else { return Ok(Self { owner: guest }) };
        let owner = Owner::user(caller.user_id);
        if let Some(guest) = guest {
            usecases::merge(app, &guest, &owner).await?;
        }
        Ok(Self { owner: Some(owner) })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CartLineView {
    sku: Sku,
    product_id: ProductId,
    title: String,
    /// What makes it different from the other variants of the product, such as `{"colour": "red"}`.
    options: BTreeMap<String, String>,
    quantity: u32,
    /// Price of one now, tax included.
    unit_price: Money,
    total: Money,
    /// What needs attention. `price_changed`: since it was put in. `out_of_stock`, `delisted`: it cannot be checked out.
    /// `not_deliverable`: not to the address of the last checkout. `stale`: the last checkout came too late, try again.
    flags: Vec<Flag>,
    /// Of what is `out_of_stock`: how many were left when that was found. As many can be put in, if nobody is quicker. Absent
    /// where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<u32>,
}

impl CartLineView {
    fn of(line: &Priced) -> Self {
        Self {
            sku: line.sku.clone(),
            product_id: line.article.product_id,
            title: line.article.title.clone(),
            options: line.article.options.clone(),
            quantity: line.quantity,
            unit_price: line.article.price,
            total: line.total,
            flags: line.flags.clone(),
            left: line.left,
        }
    }
}

/// What is wanted of one seller.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartSellerView {
    vendor_id: VendorId,
    vendor_name: String,
    lines: Vec<CartLineView>,
    subtotal: Money,
}

/// A cart, grouped by seller.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartView {
    /// Grows with every change, with gaps.
    version: i64,
    sellers: Vec<CartSellerView>,
    /// To be confirmed by a checkout as its `expected_total`.
    total: Money,
}

impl CartView {
    fn of(cart: &Cart) -> Result<Self, Error> {
        let total = cart.total()?;
        let mut sellers = Vec::new();
        for group in cart.by_seller() {
            let subtotal = Money::sum(group.iter().map(|l| l.total), total.currency())?;
            let Article { vendor_id, vendor_name, .. } = group[0].article.clone();
            let lines = group.into_iter().map(CartLineView::of).collect();
            sellers.push(CartSellerView { vendor_id, vendor_name, lines, subtotal });
        }
        Ok(Self { version: cart.version, sellers, total })
    }
}

/// Shows the cart, with prices and flags as they are now.
///
/// When a signed-in buyer sends a guest's token, the lines of that cart move over, as far as they fit.
#[utoipa::path(
    get, path = "/v1/cart", operation_id = "getCart", tag = "cart",
    params(("X-Cart-Token" = Option<String>, Header, description = "The token of a guest's cart")),
    responses(
        (status = 200, body = CartView, headers(("ETag" = String, description = "a hash of the answer"))),
    ),
    security((), ("bearer" = [])),
)]
pub async fn look(State(app): State<App>, visitor: Visitor) -> Result<Hashed<CartView>, Problem> {
    let cart = match &visitor.owner {
        Some(owner) => usecases::look(&app, owner).await?,
        None => Cart { version: 0, lines: Vec::new() },
    };
    Ok(Hashed(CartView::of(&cart)?))
}

/// How many of an article are wanted, whatever was wanted before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetLine {
    // A comment for the document beside `inline` would make the number an object, too.
    #[schema(inline)]
    quantity: Quantity,
}

/// Puts an article in, or sets how many of it.
///
/// A guest without a token gets one in `X-Cart-Token`, and sends it from then on.
#[utoipa::path(
    put, path = "/v1/cart/lines/{sku}", operation_id = "setCartLine", tag = "cart",
    request_body = SetLine,
    params(
        ("sku" = Sku, Path),
        ("X-Cart-Token" = Option<String>, Header, description = "The token of a guest's cart"),
    ),
    responses(
        (status = 200, body = CartView, headers(("X-Cart-Token" = String, description = "Of a new guest's cart"))),
        (status = 409, description = "`cart/full`: it holds 100 articles. `cart/out-of-stock`: none is left", body = Problem),
    ),
    security((), ("bearer" = [])),
)]
pub async fn set_line(
    State(app): State<App>,
    visitor: Visitor,
    Path(sku): Path<Sku>,
    Json(body): Json<SetLine>,
) -> Result<impl IntoResponse, Problem> {
    let (owner, token) = if let Some(owner) = visitor.owner {
        (owner, None)
    } else {
        let token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        (Owner::guest(&token), Some((CART_TOKEN.clone(), token)))
    };
    let cart = usecases::set_line(&app, &owner, &sku, body.quantity).await?;
    Ok((AppendHeaders(token), Json(CartView::of(&cart)?)))
}

/// Takes an article out.
#[utoipa::path(
    delete, path = "/v1/cart/lines/{sku}", operation_id = "removeCartLine", tag = "cart",
    params(
        ("sku" = Sku, Path),
        ("X-Cart-Token" = Option<String>, Header, description = "The token of a guest's cart"),
    ),
    responses((status = 204)), security((), ("bearer" = [])),
)]
pub async fn remove_line(
    State(app): State<App>,
    visitor: Visitor,
    Path(sku): Path<Sku>,
) -> Result<StatusCode, Problem> {
    let owner = visitor.owner.ok_or(Error::NotFound)?;
    usecases::remove_line(&app, &owner, &sku).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Empties the cart.
#[utoipa::path(
    delete, path = "/v1/cart", operation_id = "clearCart", tag = "cart",
    params(("X-Cart-Token" = Option<String>, Header, description = "The token of a guest's cart")),
    responses((status = 204)), security((), ("bearer" = [])),
)]
pub async fn clear(State(app): State<App>, visitor: Visitor) -> Result<StatusCode, Problem> {
    if let Some(owner) = &visitor.owner {
        usecases::clear(&app, owner).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
