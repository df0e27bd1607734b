//! A buyer begins to pay an order.

use kernel::Currency;

use crate::config::Autopay;
use crate::domain::books::{Books, JournalEntry};
use crate::domain::order::{Order, OrderStatus};
use crate::domain::payment::{Payment, PaymentState};
use crate::domain::refused::Refused;
use crate::domain::settlement;
use crate::domain::turn::Turn;

/// What the merchant asks for on the buyer's behalf.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// The order to pay.
    pub order_id: String,
    /// In minor units; all that is due.
    pub amount: i64,
    /// The order's currency.
    pub currency: Currency,
    /// What the buyer's app shows.
    pub description: Option<String>,
    /// The buyer's address.
    pub email: Option<String>,
    /// The buyer's number.
    pub contact: Option<String>,
}

/// Creates a payment that waits for the buyer, or is paid at once in autopay.
pub fn create_payment(
    books: &Books,
    turn: &mut Turn<'_>,
    ask: NewPayment,
    autopay: Autopay,
) -> Result<Payment, Refused> {
    let order = books.order(&ask.order_id)?;
    check(order, &ask)?;
    let order = order.attempt();

    let payment = begin(turn, ask);
    match autopay {
        Autopay::Captured => settlement::approve(turn, &order, &payment, None),
        Autopay::Off => {
            turn.keep(JournalEntry::Order(order));
            turn.keep(JournalEntry::Payment(payment.clone()));
            Ok(payment)
        }
    }
}

fn begin(turn: &mut Turn<'_>, ask: NewPayment) -> Payment {
    Payment {
        id: turn.ids.payment(),
        order_id: ask.order_id,
        amount: ask.amount,
        currency: ask.currency,
        description: ask.description,
        email: ask.email,
        contact: ask.contact,
        state: PaymentState::Created,
        refunded: 0,
        created_at: turn.now,
    }
}

fn check(order: &Order, ask: &NewPayment) -> Result<(), Refused> {
    if order.status() == OrderStatus::Paid {
        return Err(Refused::OrderPaid);
    }
    if ask.currency != order.currency {
        return Err(Refused::CurrencyDiffers);
    }
    if ask.currency != Currency::Inr {
        return Err(Refused::input("currency", "UPI pays in INR only"));
    }
    if ask.amount != order.amount_due() {
        return Err(Refused::AmountDiffers);
    }
    Ok(())
}
