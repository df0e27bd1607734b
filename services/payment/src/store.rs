//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod attempts;
pub mod balances;
pub mod closings;
pub mod credits;
pub mod deliveries;
pub mod differences;
pub mod disputes;
pub mod early_cancels;
pub mod earnings;
pub mod erased_buyers;
pub mod former_orders;
pub mod ledger;
pub mod listing;
pub mod parties;
pub mod payments;
pub mod payouts;
pub mod proposals;
pub mod reconciliations;
pub mod refund_accounts;
pub mod refunds;
pub mod remittances;
pub mod reviews;
pub mod seller_tax;
pub mod sellers;
pub mod shares;
pub mod statements;
pub mod tax_closings;
pub mod tax_years;
pub mod webhooks;

#[cfg(test)]
mod tests {
    use testkit::keeps_words;

    use crate::domain::dispute;
    use crate::domain::ledger::{Account, PENDING};
    use crate::domain::proposal::{MatterKind, ProposalStatus};
    use crate::domain::refund::{Kind, RefundStatus};
    use crate::domain::review::Outcome;
    use crate::domain::settlement::{self, Why};
    use crate::domain::tax::{Supply, TaxKind};
    use crate::domain::{AttemptStatus, Method, PaymentProgress, PayoutStatus};

    #[test]
    fn words_are_written_and_read_as_the_tables_have_them() {
        keeps_words::<Method>("upi cod");
        keeps_words::<PaymentProgress>(
            "created pending failed closing captured payment_review captured_late cancelled cod_accepted
             cod_refused cod_collected cod_void",
        );
        keeps_words::<AttemptStatus>("pending failed captured");
        keeps_words::<Kind>("credit late second mismatch excess goodwill foreign");
        keeps_words::<RefundStatus>("proposed requested accepted done stuck by_hand declined");
        keeps_words::<dispute::State>("open won lost");
        keeps_words::<dispute::Bearer>("sellers platform");
        keeps_words::<settlement::Kind>("payment refund dispute settlement other");
        keeps_words::<Why>("unknown missing amount");
        keeps_words::<Outcome>("accepted given_back");
        keeps_words::<PayoutStatus>("waiting requested accepted paid failed returned held");
        keeps_words::<TaxKind>("tcs tds gst");
        keeps_words::<Supply>("intra inter");
        keeps_words::<ProposalStatus>("proposed booked declined");
        keeps_words::<MatterKind>("explanation write_off tax_deposit remittance bearing");
        let account = Account::VendorPayablePending(kernel::VendorId::new());
        assert_eq!(account.into_str(), PENDING);
    }
}
