//! Staff's view of all payments.

use chassis::{Json, Page, PageQuery, Problem};
use jiff::Timestamp;
use kernel::{CheckoutId, Money, OrderId, PaymentId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::look::Look;
use crate::domain::{Method, PaymentProgress};
use crate::store::listing::{self, Listed};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Only payments of this status.
    status: Option<PaymentProgress>,
    /// Only those of this order.
    order_id: Option<OrderId>,
}

/// A payment as staff sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedView {
    payment_id: PaymentId,
    checkout_id: CheckoutId,
    order_id: OrderId,
    order_number: String,
    buyer: UserId,
    method: Method,
    amount: Money,
    /// `payment_review`: another amount came. `captured_late`: money came after the end. Both need a person.
    status: PaymentProgress,
    /// `null` until the provider knows the payment, and for cash.
    #[schema(required)]
    provider_order_id: Option<String>,
    /// How often it was tried at the provider.
    attempts: i64,
    /// How many of them brought money that is not for the order: twice, too late or another amount. It has to go back.
    surplus_captures: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

fn view(listed: Listed) -> ListedView {
    let payment = listed.payment;
    ListedView {
        payment_id: payment.id,
        checkout_id: payment.checkout_id,
        order_id: payment.order_id,
        order_number: payment.order_number,
        buyer: payment.buyer,
        method: payment.method,
        amount: payment.amount,
        status: payment.status,
        provider_order_id: payment.provider_order_id,
        attempts: listed.attempts,
        surplus_captures: listed.surplus,
        created_at: payment.created_at,
        updated_at: listed.updated_at,
    }
}

/// Lists payments, newest first.
#[utoipa::path(
    get, path = "/v1/admin/payments", operation_id = "listPayments", tag = "payment",
    params(ListQuery, PageQuery),
    responses((status = 200, description = "A page of payments", body = Page<ListedView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(mut look: Look<ListQuery>) -> Result<Json<Page<ListedView>>, Problem> {
    let ListQuery { status, order_id } = look.query;
    let listed = listing::list(&mut look.conn, status, order_id, look.before, look.rows).await?;
    Ok(Json(look.page(listed, |listed| listed.seq).map(view)))
}
