//! The hand-rail: the buyer's bank decides on a pending refund.

use serde::Deserialize;

use crate::domain::books::Books;
use crate::domain::payback;
use crate::domain::refund::Refund;
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;

/// What the bank decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// The buyer has the money.
    Processed,
    /// The bank does not take it.
    Failed,
}

/// Ends a pending refund, and tells of it.
pub fn settle_refund(
    books: &Books,
    turn: &mut Turn<'_>,
    id: &str,
    outcome: Settlement,
) -> Result<Refund, Refused> {
    let refund = books.refund(id)?;
    let payment = books.payment(&refund.ask.payment_id)?;
    match outcome {
        Settlement::Processed => payback::process(turn, refund, payment),
        Settlement::Failed => payback::fail(turn, refund, payment),
    }
}
