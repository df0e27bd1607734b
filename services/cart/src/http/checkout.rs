//! The till.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Buyer;
use chassis::{Idempotent, Problem, Tx};
use contracts::cart::PaymentMethod;
use kernel::{AddressId, CheckoutId, Currency, Invalid, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{KnownFormat, Schema};

use crate::domain::owner::Owner;
use crate::error::Error;
use crate::usecases::{CheckedOut, Wish};
use crate::{App, usecases};

/// Tries of a checkout whose cart was checked out by another request meanwhile.
const TRIES: usize = 5;

/// How to pay.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Unified Payments Interface.
    Upi,
    /// Cash on delivery.
    Cod,
}

/// Turns the cart into an order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckoutRequest {
    address_id: AddressId,
    payment_method: Method,
    /// What the buyer saw and agrees to pay.
    #[schema(schema_with = rupees)]
    expected_total: SeenTotal,
}

/// A total that there can be: in rupees, and not less than nothing.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Money")]
struct SeenTotal(Money);

impl TryFrom<Money> for SeenTotal {
    type Error = Invalid;

    fn try_from(money: Money) -> Result<Self, Invalid> {
        let invalid = |why| Invalid { what: "expected_total", why };
        if money.currency() != Currency::Inr {
            return Err(invalid("must be in INR"));
        }
        if money.is_negative() {
            return Err(invalid("must not be less than nothing"));
        }
        Ok(Self(money))
    }
}

fn rupees() -> ObjectBuilder {
    let amount = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(0));
    let currency = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["INR"]));
    ObjectBuilder::new()
        .property("amount", amount)
        .property("currency", currency)
        .required("amount")
        .required("currency")
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
}

/// The checkout goes its way; watch `/v1/checkouts/{checkout_id}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckoutView {
    checkout_id: CheckoutId,
}

/// Freezes the cart as the buyer saw it and asks for an order.
#[utoipa::path(post, path = "/v1/cart/checkout", tag = "cart", request_body = CheckoutRequest,
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
            description = "1 to 255 visible ASCII characters")),
    responses((status = 202, body = CheckoutView), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
              (status = 415, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
              (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn check_out(
    State(app): State<App>,
    Buyer(caller): Buyer,
    once: Idempotent<CheckoutRequest>,
) -> Result<Response, Problem> {
    let key = once.required()?.clone();
    let wish = Wish {
        buyer: caller.user_id,
        address_id: once.body.address_id,
        payment_method: match once.body.payment_method {
            Method::Upi => PaymentMethod::Upi,
            Method::Cod => PaymentMethod::Cod,
        },
        expected_total: once.body.expected_total.0,
    };
    let owner = Owner::user(caller.user_id);
    for _ in 0..TRIES {
        let till = usecases::reach_till(&app, &wish).await?;
        let (mut settle, mut behind) = (None, None);
        let check_out = async |tx: &mut Tx, ()| {
            let checkout_id = match usecases::check_out(&app, tx, &wish, &key, till).await? {
                CheckedOut::Now(id, then) => {
                    settle = Some(then);
                    id
                }
                CheckedOut::Before(id) => id,
                CheckedOut::Behind(then) => {
                    behind = Some(then);
                    return Err(Error::Busy.into());
                }
            };
            Ok((StatusCode::ACCEPTED, CheckoutView { checkout_id }))
        };
        let once = Idempotent { body: (), key: Some(key.clone()) };
        let answer = once.answer(&app.db, owner.name(), check_out).await;
        if let Some(behind) = behind {
            usecases::settle(&app, behind).await?;
            continue;
        }
        if let (Ok(_), Some(settle)) = (&answer, settle) {
            usecases::settle_at_once(&app, settle).await;
        }
        return answer;
    }
    Err(Error::Busy.into())
}
