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
use crate::usecases::{CheckedOut, CheckoutCommand};
use crate::{App, usecases};

/// Tries of a checkout that finds lines which another request ordered: each settles one such checkout, then looks again.
const TRIES: usize = 5;

/// How the buyer pays. `upi`: at once, by a link. `cod`: in cash at the door.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaymentMethod)]
pub enum Method {
    Upi,
    Cod,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckoutRequest {
    /// Of the caller's address book.
    address_id: AddressId,
    payment_method: Method,
    /// What the buyer saw as the `total` of the cart, and agrees to pay.
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

/// A checkout on its way: follow it at `/v1/checkouts/{checkout_id}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedCheckoutView {
    checkout_id: CheckoutId,
}

/// Checks the cart out: asks for an order over what the buyer saw.
///
/// Whether it can be supplied is known a moment later. Its lines leave the cart, and come back flagged if it is rejected.
/// The same `Idempotency-Key` always means the same checkout, also when an answer was lost.
#[utoipa::path(
    post, path = "/v1/cart/checkout", operation_id = "checkOut", tag = "cart",
    request_body = CheckoutRequest,
    params(
        ("Idempotency-Key" = String, Header),
    ),
    responses(
        (status = 202, body = StartedCheckoutView),
        (status = 404, description = "The caller has no such address; one that was just added is known within seconds", body = Problem),
        (status = 409, description = "`cart/empty`, `cart/lines-flagged`, `cart/price-changed`: look at the cart again. `cart/method-limit`: too much for this way to pay. `cart/method-minimum`: too little for it. `cart/unpaid-orders`: pay for one first, or cancel it. `cart/cash-not-offered`: pay by UPI. `cart/busy`: try again", body = Problem),
        (status = 429, description = "Too many checkouts within a quarter of an hour; `Retry-After` says how long to wait", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn check_out(
    State(app): State<App>,
    Buyer(caller): Buyer,
    once: Idempotent<CheckoutRequest>,
) -> Result<Response, Problem> {
    let key = once.required()?.clone();
    let command = CheckoutCommand {
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
        let till = usecases::reach_till(&app, &command).await?;
        let (mut settle, mut behind) = (None, None);
        let check_out = async |tx: &mut Tx, ()| {
            let checkout_id = match usecases::check_out(&app, tx, &command, &key, till).await? {
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
            Ok((StatusCode::ACCEPTED, StartedCheckoutView { checkout_id }))
        };
        let once = Idempotent::new((), Some(key.clone()));
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
