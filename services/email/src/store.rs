//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod confirmations;
pub mod contacts;
pub mod credits;
pub mod disputes;
pub mod ledger;
pub mod messages;
pub mod vendors;

#[cfg(test)]
mod tests {
    use testkit::keeps_words;

    use crate::domain::letter::Kind;
    use crate::domain::message::MessageStatus;

    #[test]
    fn words_are_written_and_read_as_the_tables_have_them() {
        keeps_words::<MessageStatus>("queued sent bounced failed expired");
        keeps_words::<Kind>(
            "sign_in_code session_ended order_confirmation new_seller_order shipped
             seller_approved order_cancelled order_rejected items_taken_back money_unclaimed
             refund_done refund_delayed seller_due_soon seller_items_taken_back return_requested
             return_sent_back return_approved return_refused return_expired return_settled payout_paid payout_failed
             payout_account_changed rate_ending refund_needs_account dispute_opened_seller dispute_opened_buyer
             dispute_decided_seller payout_held delivered balance_overdue products_barred credit_note",
        );
    }
}
