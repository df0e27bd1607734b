//! A merchant announces what it wants paid.

use kernel::Currency;

use crate::domain::books::{Books, JournalEntry};
use crate::domain::order::Order;
use crate::domain::plan::OrderPlan;
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;

/// What the merchant asks for.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// In minor units.
    pub amount: i64,
    /// The currency of the amount.
    pub currency: Currency,
    /// The merchant's own name for it.
    pub receipt: Option<String>,
}

/// Creates the order, or finds the one that the same receipt created before.
pub fn create_order(books: &Books, turn: &mut Turn<'_>, ask: NewOrder) -> Result<Order, Refused> {
    if let Some(known) = ask.receipt.as_deref().and_then(|receipt| books.find_by_receipt(receipt)) {
        let same = known.amount == ask.amount && known.currency == ask.currency;
        return if same { Ok(known.clone()) } else { Err(Refused::ReceiptTaken) };
    }

    let order = Order {
        id: turn.ids.order(),
        amount: ask.amount,
        currency: ask.currency,
        receipt: ask.receipt,
        amount_paid: 0,
        attempts: 0,
        plan: OrderPlan::default(),
        created_at: turn.now,
    };
    turn.keep(JournalEntry::Order(order.clone()));
    Ok(order)
}
