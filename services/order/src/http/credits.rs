//! What was taken back, as clients read it.

use jiff::Timestamp;
use kernel::{CreditId, Money, Sku};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::credit::{CreditCause, CreditLine};
use crate::domain::order::Part;
use crate::store::credits::CreditRow;

/// What was taken back at once of a seller order.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreditView {
    pub credit_id: CreditId,
    /// Who took it back: the buyer (`buyer_cancelled`), staff (`staff_cancelled`), the seller, who cannot supply it
    /// (`vendor_rejected`), or time, because the seller did nothing (`sla_expired`). Or it was paid for and is gone
    /// (`unavailable`), was not taken at the door and came back (`returned_to_origin`), the carrier lost it (`lost`), or the buyer
    /// sent it back (`returned`). Or the buyer's bank took the money back, and the seller bears it (`disputed`), or staff
    /// reduced the price of what the buyer keeps (`price_reduced`).
    pub cause: CreditCause,
    /// Why, in the words of the seller or of staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub lines: Vec<CreditLineView>,
    /// What the buyer gets back, or need not pay at the door; tax included.
    pub total: Money,
    pub at: Timestamp,
}

/// How much of a line was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreditLineView {
    /// Which line of its seller order, counted from 0.
    pub position: u32,
    pub sku: Sku,
    /// None where only its price is reduced.
    pub quantity: u32,
    /// What the buyer gets back for them, tax included.
    pub total: Money,
}

impl CreditView {
    pub fn of(credit: &CreditRow, part: &Part) -> Self {
        let sold = part.lines.iter().zip(0_u32..);
        let lines = sold.filter_map(|(line, position)| {
            let taken = credit.lines.iter().find(|taken| taken.pieces.position == position)?;
            Some(CreditLineView::of(taken, line.sku.clone()))
        });
        Self {
            credit_id: credit.id,
            cause: credit.cause,
            reason: credit.reason.clone(),
            lines: lines.collect(),
            total: credit.gross,
            at: credit.at,
        }
    }
}

impl CreditLineView {
    fn of(taken: &CreditLine, sku: Sku) -> Self {
        Self {
            position: taken.pieces.position,
            sku,
            quantity: taken.pieces.quantity,
            total: taken.total,
        }
    }
}
