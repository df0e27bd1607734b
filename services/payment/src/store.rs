//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod attempts;
pub mod credits;
pub mod deliveries;
pub mod early_cancels;
pub mod ledger;
pub mod listing;
pub mod payments;
pub mod refunds;
pub mod shares;
pub mod statements;
pub mod webhooks;

#[cfg(test)]
mod tests {
    use testkit::keeps_words;

    use crate::domain::ledger::{Account, PENDING};
    use crate::domain::refund::{Kind, RefundStatus};
    use crate::domain::{AttemptStatus, Method, PaymentProgress};

    #[test]
    fn words_are_written_and_read_as_the_tables_have_them() {
        keeps_words::<Method>("upi cod");
        keeps_words::<PaymentProgress>(
            "created pending failed closing captured payment_review captured_late cancelled cod_accepted
             cod_refused cod_collected cod_void",
        );
        keeps_words::<AttemptStatus>("pending failed captured");
        keeps_words::<Kind>("credit late second mismatch excess");
        keeps_words::<RefundStatus>("requested accepted done stuck by_hand");
        let account = Account::VendorPayablePending(kernel::VendorId::new());
        assert_eq!(account.into_str(), PENDING);
    }
}
