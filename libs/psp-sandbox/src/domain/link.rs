//! The UPI intent link a buyer's app opens, and the same text for the QR code.

use std::fmt::Write;

use kernel::{Currency, Money};

use super::order::Order;
use super::payment::Payment;

/// The virtual address the sandbox collects for its one merchant.
pub const PAYEE_VPA: &str = "mall@upi";
/// The name a UPI app shows beside the address.
pub const PAYEE_NAME: &str = "Mall";

/// The link that pays `payment`.
pub fn of_payment(payment: &Payment) -> String {
    build(&reference(&payment.id), payment.description.as_deref(), payment.amount)
}

/// The link for an order without a pending payment.
pub fn of_order(order: &Order) -> String {
    build(&reference(&order.id), order.receipt.as_deref(), order.amount_due())
}

/// An amount in the way a person reads it.
pub fn shown(amount: i64, currency: Currency) -> String {
    Money::new(amount, currency).to_string()
}

fn build(reference: &str, note: Option<&str>, amount: i64) -> String {
    let mut link = format!("upi://pay?pa={PAYEE_VPA}&pn={}&tr={reference}", escape(PAYEE_NAME));
    if let Some(note) = note {
        let _ = write!(link, "&tn={}", escape(note));
    }
    let _ = write!(link, "&am={}.{:02}&cu=INR", amount / 100, amount % 100);
    link
}

/// NPCI takes letters and digits only in `tr`.
fn reference(id: &str) -> String {
    id.rsplit('_').next().unwrap_or(id).chars().filter(char::is_ascii_alphanumeric).collect()
}

fn escape(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_two_decimals_and_no_raw_reserved_characters() {
        assert_eq!(
            build(&reference("pay_Ab12Cd34Ef56Gh"), Some("Order #1 & चाय"), 149_905),
            "upi://pay?pa=mall@upi&pn=Mall&tr=Ab12Cd34Ef56Gh\
             &tn=Order%20%231%20%26%20%E0%A4%9A%E0%A4%BE%E0%A4%AF&am=1499.05&cu=INR"
        );
    }

    #[test]
    fn one_paisa_is_written_out() {
        assert!(build("A1", None, 1).ends_with("tr=A1&am=0.01&cu=INR"));
    }
}
