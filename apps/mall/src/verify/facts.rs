//! Events that name a row: the speaker has it, because it changed it, or a hearer has it, because it acted.

use serde_json::Value;
use uuid::Uuid;

/// Whose row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The speaker's.
    Said,
    /// A hearer's.
    Heard,
}

/// One kind of event, and the row that it names.
#[derive(Debug, Clone, Copy)]
pub struct Fact {
    /// The event.
    pub event: &'static str,
    /// Where in it the id stands; `*` stands for every element of a list.
    pub path: &'static str,
    /// Whose row.
    pub side: Side,
    /// Which service.
    pub service: &'static str,
    /// Which table.
    pub table: &'static str,
    /// Which column.
    pub column: &'static str,
}

const fn fact(
    side: Side,
    event: &'static str,
    path: &'static str,
    service: &'static str,
    table: &'static str,
    column: &'static str,
) -> Fact {
    Fact { event, path, side, service, table, column }
}

use Side::{Heard, Said};

/// Every such event.
pub const ALL: [Fact; 28] = [
    fact(Said, "user.updated.v1", "user_id", "user", "accounts", "user_id"),
    fact(Said, "vendor.changed.v1", "vendor_id", "vendor", "vendors", "id"),
    fact(Said, "product.upserted.v1", "product_id", "product", "products", "id"),
    fact(Said, "cart.checkout_requested.v1", "checkout_id", "cart", "checkouts", "checkout_id"),
    fact(Said, "stock.reserved.v1", "checkout_id", "product", "reservations", "checkout_id"),
    fact(Said, "order.placed.v1", "order.order_id", "order", "orders", "order_id"),
    fact(Said, "order.confirmed.v1", "order.order_id", "order", "orders", "order_id"),
    fact(Said, "payment.created.v1", "payment.payment_id", "payment", "payments", "payment_id"),
    fact(Said, "payment.captured.v1", "payment.payment_id", "payment", "payments", "payment_id"),
    fact(Said, "refund.requested.v1", "refund.refund_id", "payment", "refunds", "refund_id"),
    fact(Said, "dispute.changed.v1", "dispute_id", "payment", "disputes", "dispute_id"),
    fact(Said, "seller_order.credited.v1", "credit_id", "order", "credits", "credit_id"),
    fact(Said, "return.changed.v1", "return_id", "order", "returns", "return_id"),
    fact(Said, "invoice.issued.v1", "invoice_id", "invoice", "invoices", "id"),
    fact(
        Said,
        "invoice.credit_note_issued.v1",
        "credit_note.invoice_id",
        "invoice",
        "invoices",
        "id",
    ),
    fact(Said, "review.submitted.v1", "review_id", "rating", "reviews", "id"),
    fact(Said, "email.sent.v1", "message_id", "email", "messages", "message_id"),
    fact(Heard, "cart.checkout_requested.v1", "checkout_id", "order", "orders", "checkout_id"),
    fact(Heard, "stock.reserve.v1", "checkout_id", "product", "reservations", "checkout_id"),
    fact(Heard, "payment.create.v1", "payment_id", "payment", "payments", "payment_id"),
    fact(
        Heard,
        "order.confirmed.v1",
        "order.parts.*.seller_order_id",
        "invoice",
        "invoices",
        "seller_order_id",
    ),
    fact(Heard, "seller_order.credited.v1", "credit_id", "payment", "credits", "credit_id"),
    fact(Heard, "seller_order.credited.v1", "credit_id", "product", "credits_seen", "credit_id"),
    fact(Heard, "return.received.v1", "return_id", "product", "credits_seen", "credit_id"),
    fact(Heard, "seller_order.credited.v1", "credit_id", "invoice", "invoices", "credit_id"),
    fact(Heard, "order.confirmed.v1", "order.order_id", "email", "confirmations", "order_id"),
    fact(Heard, "invoice.issued.v1", "invoice_id", "email", "confirmation_invoices", "invoice_id"),
    fact(
        Heard,
        "seller_order.delivered.v1",
        "seller_order.order_id",
        "rating",
        "purchases",
        "order_id",
    ),
];

/// The ids that stand at `path`.
pub fn ids(value: &Value, path: &str) -> Vec<Uuid> {
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let inside: Vec<&Value> = match step {
        "*" => value.as_array().into_iter().flatten().collect(),
        name => value.get(name).into_iter().collect(),
    };
    if rest.is_empty() {
        return inside.into_iter().filter_map(|v| v.as_str()?.parse().ok()).collect();
    }
    inside.into_iter().flat_map(|v| ids(v, rest)).collect()
}

#[cfg(test)]
mod tests {
    use testkit::samples::published;

    use super::{ALL, ids};

    #[test]
    fn every_path_leads_to_an_id_in_the_golden_sample_of_its_event() {
        for fact in ALL {
            assert!(!ids(&published(fact.event), fact.path).is_empty(), "{fact:?}");
        }
    }
}
