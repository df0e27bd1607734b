//! Money that goes back to a buyer, as they read it at their order.

use jiff::Timestamp;
use kernel::{CreditId, Money, RefundId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::refund::{Refund, RefundReason, RefundState};

/// Money that went back to the buyer, or is to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderRefund)]
pub struct RefundView {
    pub refund_id: RefundId,
    pub amount: Money,
    /// `requested`: it is on its way. `delayed`: it could not be given back by itself, and a person looks after it. `done`: it
    /// is with the buyer's bank.
    pub state: RefundState,
    /// `credit`: something was taken back, see `credits`. `late`, `second`, `mismatch`, `excess`: money came that the order did
    /// not need. `goodwill`: the marketplace gives it. `foreign`: it was given back at the payment provider, and it is being
    /// found out what for.
    pub reason: RefundReason,
    /// Which of the `credits` it pays out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_id: Option<CreditId>,
    /// Since when it stands there.
    pub at: Timestamp,
    /// The bank's number for it (RRN, ARN or UTR), with which the buyer can ask there. Absent until the bank gave one, and of
    /// buyers who asked to be forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl RefundView {
    pub fn of(refund: Refund) -> Self {
        Self {
            refund_id: refund.id,
            amount: refund.amount,
            state: refund.state,
            reason: refund.reason,
            credit_id: refund.credit_id,
            at: refund.at,
            reference: refund.reference,
        }
    }
}
