//! How an order stands as a whole, once its seller orders go their own ways.

use serde::Serialize;
use utoipa::ToSchema;

use super::saga::OrderState;
use super::seller_order::SellerOrderState;

/// How an order stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderStanding)]
pub enum Standing {
    /// It is not confirmed yet.
    Open,
    /// It ended without being confirmed.
    Ended,
    /// At least one seller order is not with the buyer yet.
    UnderWay,
    /// The buyer has everything that was not taken back.
    Delivered,
    /// All of it was taken back after it was confirmed, and none of it stayed with the buyer.
    CancelledAfterConfirmation,
    /// The buyer had something and sent all of it back.
    Returned,
}

impl Standing {
    /// Of an order in `state` whose seller orders stand at `parts`.
    pub fn of(state: OrderState, parts: impl Iterator<Item = SellerOrderState> + Clone) -> Self {
        match state {
            OrderState::Rejected | OrderState::Cancelled => Self::Ended,
            OrderState::Confirmed => Self::of_parts(parts),
            OrderState::Placed
            | OrderState::Reserving
            | OrderState::Reserved
            | OrderState::AwaitingPayment
            | OrderState::AwaitingCodOk
            | OrderState::CancelPending => Self::Open,
        }
    }

    fn of_parts(mut parts: impl Iterator<Item = SellerOrderState> + Clone) -> Self {
        let any = |wanted: fn(SellerOrderState) -> bool| parts.clone().any(wanted);
        if any(is_under_way) {
            Self::UnderWay
        } else if any(is_with_buyer) {
            Self::Delivered
        } else if parts.any(|state| state == SellerOrderState::Returned) {
            Self::Returned
        } else {
            Self::CancelledAfterConfirmation
        }
    }
}

const fn is_under_way(state: SellerOrderState) -> bool {
    use SellerOrderState::{Accepted, Confirmed, Packed, Pending, Rto, Shipped};
    matches!(state, Pending | Confirmed | Accepted | Packed | Shipped | Rto)
}

const fn is_with_buyer(state: SellerOrderState) -> bool {
    matches!(state, SellerOrderState::Delivered | SellerOrderState::Completed)
}

#[cfg(test)]
mod tests {
    use super::{OrderState, SellerOrderState as Part, Standing};

    #[test]
    fn an_order_stands_where_its_parts_leave_it() {
        let confirmed = |parts: &[Part]| Standing::of(OrderState::Confirmed, parts.iter().copied());
        assert_eq!(confirmed(&[Part::Completed, Part::Rto]), Standing::UnderWay);
        assert_eq!(confirmed(&[Part::Completed, Part::BuyerCancelled]), Standing::Delivered);
        assert_eq!(confirmed(&[Part::Returned, Part::Lost]), Standing::Returned);
        let none = [Part::VendorRejected, Part::SlaExpired, Part::RtoReceived];
        assert_eq!(confirmed(&none), Standing::CancelledAfterConfirmation);
        let pending = [Part::Pending].into_iter();
        assert_eq!(Standing::of(OrderState::CancelPending, pending.clone()), Standing::Open);
        assert_eq!(Standing::of(OrderState::Cancelled, pending), Standing::Ended);
    }
}
