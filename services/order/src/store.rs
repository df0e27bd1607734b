//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod cash;
pub mod credits;
pub mod deadlines;
pub mod erasure;
pub mod history;
pub mod inserts;
pub mod lines;
pub mod orders;
pub mod parcels;
pub mod parts;
pub mod projections;
pub mod rates;
pub mod reductions;
pub mod refunds;
pub mod reminders;
pub mod return_lists;
pub mod returns;
pub mod standings;
mod supply;
pub mod suspensions;
mod terms;
pub mod unanswered;
pub mod vendor_lists;

#[cfg(test)]
mod tests {
    use testkit::keeps_words;

    use crate::domain::credit::CreditCause;
    use crate::domain::order::{Method, PaymentStatus, Reason};
    use crate::domain::reduction::ReductionState;
    use crate::domain::refund::RefundReason;
    use crate::domain::returns::{Condition, ReturnAct, ReturnReason, ReturnState};
    use crate::domain::saga::OrderState;
    use crate::domain::scheme::Scheme;
    use crate::domain::seller_order::SellerOrderState;
    use crate::domain::trouble::SaleStatus;

    #[test]
    fn words_are_written_and_read_as_the_tables_have_them() {
        keeps_words::<RefundReason>("credit late second mismatch excess goodwill foreign other");
        keeps_words::<OrderState>(
            "placed reserving reserved awaiting_payment awaiting_cod_ok cancel_pending confirmed
             rejected cancelled",
        );
        keeps_words::<SellerOrderState>(
            "pending confirmed accepted packed shipped delivered completed vendor_rejected
             sla_expired buyer_cancelled staff_cancelled unavailable rto rto_received lost returned cancelled",
        );
        keeps_words::<Method>("upi cod");
        keeps_words::<PaymentStatus>(
            "not_requested requested created captured cancelled cod_accepted cod_refused",
        );
        keeps_words::<Reason>("payment_window_over buyer_cancelled cod_refused");
        keeps_words::<CreditCause>(
            "buyer_cancelled staff_cancelled vendor_rejected sla_expired unavailable
             returned_to_origin lost returned disputed price_reduced",
        );
        keeps_words::<ReductionState>("proposed done declined");
        keeps_words::<ReturnState>(
            "requested approved sent_back refused refusal_contested goods_contested credited
             refused_for_good withdrawn expired settled",
        );
        keeps_words::<ReturnAct>(
            "request approve refuse withdraw send_back receive contest_refusal contest_goods
             decide_approve decide_credit decide_refuse time_over settle",
        );
        keeps_words::<ReturnReason>(
            "damaged defective wrong_item not_as_described does_not_fit changed_mind",
        );
        keeps_words::<Condition>("resellable damaged");
        keeps_words::<SaleStatus>("coming on off");
        keeps_words::<Scheme>("regular composition enrolled");
    }
}
