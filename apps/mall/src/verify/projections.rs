//! The copies that services keep of what others said, and which topics each table follows from.

use contracts::Topic;
use contracts::topics::{
    CART_ACTIVITY_EVT, EMAIL_DELIVERY_EVT, OPS_DEAD_LETTER_EVT, ORDER_ORDER_EVT,
    PAYMENT_PAYMENT_EVT, PRODUCT_PRODUCT_STATE, RATING_REVIEW_EVT, RATING_SUMMARY_STATE,
    USER_ACCOUNT_STATE, USER_CONTACT_STATE, VENDOR_VENDOR_EVT, VENDOR_VENDOR_STATE,
};

/// A table of copies, and the topics that it follows from.
pub type Copied = (&'static str, &'static [&'static Topic]);

/// Tables that may hold more than their topics: earlier editions that an order still needs.
pub const EDITIONS: [&str; 2] = ["address_copies", "recipient_addresses"];

/// Everything that can be rebuilt, by service.
pub static ALL: [(&str, &[Copied]); 9] = [
    ("user", &[("vendors", &[&VENDOR_VENDOR_STATE]), ("vendor_members", &[&VENDOR_VENDOR_STATE])]),
    ("vendor", &[("vendor_ratings", &[&RATING_SUMMARY_STATE])]),
    ("product", &[("sellers", &[&VENDOR_VENDOR_STATE]), ("ratings", &[&RATING_SUMMARY_STATE])]),
    (
        "order",
        &[
            ("product_copies", &[&PRODUCT_PRODUCT_STATE]),
            ("vendor_copies", &[&VENDOR_VENDOR_STATE]),
            ("contact_copies", &[&USER_CONTACT_STATE]),
            ("address_copies", &[&USER_CONTACT_STATE]),
        ],
    ),
    ("payment", &[("deliveries", &[&ORDER_ORDER_EVT])]),
    (
        "invoice",
        &[
            ("sellers", &[&VENDOR_VENDOR_STATE]),
            ("recipients", &[&USER_CONTACT_STATE]),
            ("recipient_addresses", &[&USER_CONTACT_STATE]),
        ],
    ),
    ("email", &[("contacts", &[&USER_CONTACT_STATE]), ("vendors", &[&VENDOR_VENDOR_STATE])]),
    (
        "admin",
        &[
            ("vendors", &[&VENDOR_VENDOR_STATE]),
            ("vendor_documents", &[&VENDOR_VENDOR_EVT]),
            ("products", &[&PRODUCT_PRODUCT_STATE]),
            ("reviews", &[&RATING_REVIEW_EVT]),
            ("orders", &[&ORDER_ORDER_EVT]),
            ("order_parts", &[&ORDER_ORDER_EVT]),
            ("accounts", &[&USER_ACCOUNT_STATE]),
            ("bounced_mails", &[&EMAIL_DELIVERY_EVT]),
            ("payments_in_review", &[&PAYMENT_PAYMENT_EVT]),
            ("dead_letters", &[&OPS_DEAD_LETTER_EVT]),
        ],
    ),
    (
        "analytics",
        &[
            ("order_facts", &[&ORDER_ORDER_EVT]),
            ("seller_order_facts", &[&ORDER_ORDER_EVT]),
            ("line_facts", &[&ORDER_ORDER_EVT]),
            ("payment_facts", &[&PAYMENT_PAYMENT_EVT]),
            ("review_facts", &[&RATING_REVIEW_EVT]),
            ("addition_facts", &[&CART_ACTIVITY_EVT]),
            ("vendors", &[&VENDOR_VENDOR_STATE]),
            ("products", &[&PRODUCT_PRODUCT_STATE]),
            ("days", &[&ORDER_ORDER_EVT, &CART_ACTIVITY_EVT, &RATING_REVIEW_EVT]),
            ("day_sales", &[&ORDER_ORDER_EVT, &PAYMENT_PAYMENT_EVT]),
            ("vendor_days", &[&ORDER_ORDER_EVT]),
            ("vendor_day_sales", &[&ORDER_ORDER_EVT]),
            ("product_day_sales", &[&ORDER_ORDER_EVT]),
        ],
    ),
];

/// The tables of a service that can be rebuilt.
#[must_use]
pub fn of(service: &str) -> &'static [Copied] {
    ALL.iter().find(|(name, _)| *name == service).map_or(&[], |(_, tables)| tables)
}
