//! The copies that services keep of what others said, and which topics each table follows from.

use contracts::Topic;
use contracts::topics::{
    CART_ACTIVITY_EVT, EMAIL_DELIVERY_EVT, INVOICE_INVOICE_EVT, OPS_DEAD_LETTER_EVT,
    ORDER_ORDER_EVT, PAYMENT_PAYMENT_EVT, PAYMENT_PAYOUT_EVT, PRODUCT_PRODUCT_STATE,
    RATING_REVIEW_EVT, RATING_SUMMARY_STATE, USER_ACCOUNT_STATE, USER_CONTACT_STATE,
    VENDOR_VENDOR_EVT, VENDOR_VENDOR_STATE,
};

/// A table of copies.
#[derive(Debug, Clone, Copy)]
pub struct Copied {
    /// Its name.
    pub table: &'static str,
    /// The topics that it follows from.
    pub from: &'static [&'static Topic],
}

/// Tables that may hold more than their topics: earlier editions that an order still needs.
pub const EDITIONS: [&str; 2] = ["address_copies", "recipient_addresses"];

/// Everything that can be rebuilt, by service.
pub static ALL: [(&str, &[Copied]); 9] = [
    (
        "user",
        &[
            Copied { table: "vendors", from: &[&VENDOR_VENDOR_STATE] },
            Copied { table: "vendor_members", from: &[&VENDOR_VENDOR_STATE] },
        ],
    ),
    ("vendor", &[Copied { table: "vendor_ratings", from: &[&RATING_SUMMARY_STATE] }]),
    (
        "product",
        &[
            Copied { table: "sellers", from: &[&VENDOR_VENDOR_STATE] },
            Copied { table: "ratings", from: &[&RATING_SUMMARY_STATE] },
        ],
    ),
    (
        "order",
        &[
            Copied { table: "product_copies", from: &[&PRODUCT_PRODUCT_STATE] },
            Copied { table: "vendor_copies", from: &[&VENDOR_VENDOR_STATE] },
            Copied { table: "contact_copies", from: &[&USER_CONTACT_STATE] },
            Copied { table: "address_copies", from: &[&USER_CONTACT_STATE] },
            Copied { table: "refund_copies", from: &[&PAYMENT_PAYMENT_EVT] },
            Copied { table: "cash_copies", from: &[&PAYMENT_PAYMENT_EVT] },
        ],
    ),
    (
        "payment",
        &[
            Copied { table: "deliveries", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "seller_tax", from: &[&VENDOR_VENDOR_STATE] },
            Copied { table: "erased_buyers", from: &[&USER_ACCOUNT_STATE] },
        ],
    ),
    (
        "invoice",
        &[
            Copied { table: "sellers", from: &[&VENDOR_VENDOR_STATE] },
            Copied { table: "recipients", from: &[&USER_CONTACT_STATE] },
            Copied { table: "recipient_addresses", from: &[&USER_CONTACT_STATE] },
        ],
    ),
    (
        "email",
        &[
            Copied { table: "contacts", from: &[&USER_CONTACT_STATE] },
            Copied { table: "vendors", from: &[&VENDOR_VENDOR_STATE] },
        ],
    ),
    (
        "admin",
        &[
            Copied { table: "vendors", from: &[&VENDOR_VENDOR_STATE] },
            Copied { table: "vendor_documents", from: &[&VENDOR_VENDOR_EVT] },
            Copied { table: "products", from: &[&PRODUCT_PRODUCT_STATE] },
            Copied { table: "reviews", from: &[&RATING_REVIEW_EVT] },
            Copied { table: "orders", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "order_parts", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "accounts", from: &[&USER_ACCOUNT_STATE] },
            Copied { table: "bounced_mails", from: &[&EMAIL_DELIVERY_EVT] },
            Copied { table: "payments_in_review", from: &[&PAYMENT_PAYMENT_EVT] },
            Copied { table: "refunds_by_hand", from: &[&PAYMENT_PAYMENT_EVT] },
            Copied { table: "returns_contested", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "foreign_refunds", from: &[&PAYMENT_PAYMENT_EVT] },
            Copied { table: "disputes", from: &[&PAYMENT_PAYMENT_EVT] },
            Copied { table: "strikes", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "refunds", from: &[&PAYMENT_PAYMENT_EVT] },
            Copied { table: "returns", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "payouts", from: &[&PAYMENT_PAYOUT_EVT] },
            Copied { table: "write_offs", from: &[&PAYMENT_PAYOUT_EVT] },
            Copied { table: "wrong_money", from: &[&PAYMENT_PAYMENT_EVT] },
            Copied {
                table: "order_trail",
                from: &[&PAYMENT_PAYMENT_EVT, &INVOICE_INVOICE_EVT, &EMAIL_DELIVERY_EVT],
            },
            Copied { table: "dead_letters", from: &[&OPS_DEAD_LETTER_EVT] },
        ],
    ),
    (
        "analytics",
        &[
            Copied { table: "order_facts", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "seller_order_facts", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "line_facts", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "payment_facts", from: &[&PAYMENT_PAYMENT_EVT] },
            Copied { table: "credit_facts", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "refund_facts", from: &[&PAYMENT_PAYMENT_EVT] },
            Copied { table: "review_facts", from: &[&RATING_REVIEW_EVT] },
            Copied { table: "addition_facts", from: &[&CART_ACTIVITY_EVT] },
            Copied { table: "vendors", from: &[&VENDOR_VENDOR_STATE] },
            Copied { table: "products", from: &[&PRODUCT_PRODUCT_STATE] },
            Copied {
                table: "days",
                from: &[&ORDER_ORDER_EVT, &CART_ACTIVITY_EVT, &RATING_REVIEW_EVT],
            },
            Copied { table: "day_sales", from: &[&ORDER_ORDER_EVT, &PAYMENT_PAYMENT_EVT] },
            Copied { table: "vendor_days", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "vendor_day_sales", from: &[&ORDER_ORDER_EVT] },
            Copied { table: "product_day_sales", from: &[&ORDER_ORDER_EVT] },
        ],
    ),
];

/// The tables of a service that can be rebuilt.
pub fn of(service: &str) -> &'static [Copied] {
    ALL.iter().find(|(name, _)| *name == service).map_or(&[], |(_, tables)| tables)
}
