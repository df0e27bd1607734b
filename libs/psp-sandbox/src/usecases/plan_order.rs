//! The hand-rail: what an order is to meet with.

use crate::domain::books::{Books, JournalEntry};
use crate::domain::order::Order;
use crate::domain::plan::{OrderPlan, RefundPlan, Second};
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;

/// Changes what is said, and leaves the rest of the plan as it is.
pub fn plan_order(
    books: &Books,
    turn: &mut Turn<'_>,
    id: &str,
    refund: Option<RefundPlan>,
    second: Option<Second>,
    fee_bp: Option<u16>,
) -> Result<Order, Refused> {
    let order = books.order(id)?;
    let before = order.plan;
    let plan = OrderPlan {
        refund: refund.or(before.refund),
        second: second.unwrap_or(before.second),
        fee_bp: fee_bp.unwrap_or(before.fee_bp),
    };
    let planned = order.planned(plan);
    turn.keep(JournalEntry::Order(planned.clone()));
    Ok(planned)
}
