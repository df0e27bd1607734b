//! A merchant takes money that the bank has authorised.

use kernel::Currency;

use crate::domain::books::Books;
use crate::domain::payment::{Payment, State};
use crate::domain::refused::Refused;
use crate::domain::settlement;
use crate::domain::turn::Turn;

/// What the merchant says it captures.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// In minor units; exactly what was authorised.
    pub amount: i64,
    /// The payment's currency.
    pub currency: Currency,
}

/// Captures a payment, once.
pub fn capture(
    books: &Books,
    turn: &mut Turn<'_>,
    payment_id: &str,
    claim: Claim,
) -> Result<Payment, Refused> {
    let payment = books.payment(payment_id)?;
    let order = books.order(&payment.order_id)?;

    if matches!(payment.state, State::Authorized { .. }) {
        if claim.currency != payment.currency {
            return Err(Refused::CurrencyDiffers);
        }
        if claim.amount != payment.amount {
            return Err(Refused::CaptureDiffers);
        }
    }
    settlement::capture(turn, order, payment)
}
