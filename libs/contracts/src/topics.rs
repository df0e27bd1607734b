//! The topic catalogue: every topic, its key, its life and its one writer. Who reads it stands in the generated
//! `contracts/asyncapi.json`.

/// How the broker forgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleanup {
    /// Records are deleted after so many minutes.
    Delete {
        /// Retention in minutes.
        minutes: u32,
    },
    /// The last record of each key stays for ever.
    Compact,
    /// The last record of each key stays for so many minutes.
    CompactDelete {
        /// Retention in minutes.
        minutes: u32,
    },
}

/// One topic.
#[derive(Debug, PartialEq, Eq)]
pub struct Topic {
    /// `<service>.<aggregate>.<evt|state|cmd>.v1`.
    pub name: &'static str,
    /// What the record's key is.
    pub key: &'static str,
    /// Partitions in production; the one-machine profile caps them.
    pub partitions: i32,
    /// How long records stay.
    pub cleanup: Cleanup,
    /// The only service that writes it (`*`: every service writes its own records).
    pub writer: &'static str,
}

const DAY: u32 = 24 * 60;

const fn topic(
    name: &'static str,
    key: &'static str,
    partitions: i32,
    cleanup: Cleanup,
    writer: &'static str,
) -> Topic {
    Topic { name, key, partitions, cleanup, writer }
}

const fn days(days: u32) -> Cleanup {
    Cleanup::Delete { minutes: days * DAY }
}

/// Accounts without personal data.
pub static USER_ACCOUNT_STATE: Topic =
    topic("user.account.state.v1", "user", 3, Cleanup::Compact, "user");
/// Names, addresses and mail addresses: restricted.
pub static USER_CONTACT_STATE: Topic =
    topic("user.contact.state.v1", "user", 3, Cleanup::Compact, "user");
/// Public halves of the token signing keys.
pub static USER_KEY_STATE: Topic = topic("user.key.state.v1", "kid", 1, Cleanup::Compact, "user");
/// Sessions that ended before their access tokens do.
pub static USER_REVOCATION_STATE: Topic = topic(
    "user.revocation.state.v1",
    "session",
    1,
    Cleanup::CompactDelete { minutes: 30 * DAY },
    "user",
);
/// Sign-in codes on their way to the mailer, sealed.
pub static EMAIL_OTP_CMD: Topic =
    topic("email.otp.cmd.v1", "challenge", 3, Cleanup::Delete { minutes: 15 }, "user");
/// Sellers as they stand.
pub static VENDOR_VENDOR_STATE: Topic =
    topic("vendor.vendor.state.v1", "vendor", 3, Cleanup::Compact, "vendor");
/// What happened to sellers.
pub static VENDOR_VENDOR_EVT: Topic =
    topic("vendor.vendor.evt.v1", "vendor", 3, days(30), "vendor");
/// What staff decided; the owner of the fact carries it out.
pub static ADMIN_DECISION_EVT: Topic =
    topic("admin.decision.evt.v1", "subject", 3, days(90), "admin");
/// Products as they stand.
pub static PRODUCT_PRODUCT_STATE: Topic =
    topic("product.product.state.v1", "product", 12, Cleanup::Compact, "product");
/// Coarse stock level per SKU.
pub static PRODUCT_STOCK_STATE: Topic =
    topic("product.stock.state.v1", "sku", 12, Cleanup::Compact, "product");
/// What sellers have to know about their products.
pub static PRODUCT_SELLER_EVT: Topic =
    topic("product.seller.evt.v1", "vendor", 3, days(30), "product");
/// Requests to hold stock.
pub static PRODUCT_RESERVATION_CMD: Topic =
    topic("product.reservation.cmd.v1", "checkout", 12, days(30), "order");
/// What became of held stock.
pub static PRODUCT_RESERVATION_EVT: Topic =
    topic("product.reservation.evt.v1", "checkout", 12, days(30), "product");
/// Frozen carts that ask to become orders.
pub static CART_CHECKOUT_EVT: Topic =
    topic("cart.checkout.evt.v1", "checkout", 12, days(7), "cart");
/// What goes in and out of carts.
pub static CART_ACTIVITY_EVT: Topic = topic("cart.activity.evt.v1", "cart", 12, days(3), "cart");
/// The life of orders and seller orders.
pub static ORDER_ORDER_EVT: Topic = topic("order.order.evt.v1", "checkout", 12, days(30), "order");
/// Requests to take or give up a payment.
pub static PAYMENT_PAYMENT_CMD: Topic =
    topic("payment.payment.cmd.v1", "checkout", 12, days(30), "order");
/// The life of payments.
pub static PAYMENT_PAYMENT_EVT: Topic =
    topic("payment.payment.evt.v1", "checkout", 12, days(30), "payment");
/// Payouts to sellers, and what they are charged.
pub static PAYMENT_PAYOUT_EVT: Topic =
    topic("payment.payout.evt.v1", "vendor", 3, days(30), "payment");
/// Issued documents.
pub static INVOICE_INVOICE_EVT: Topic =
    topic("invoice.invoice.evt.v1", "checkout", 12, days(30), "invoice");
/// The life of reviews.
pub static RATING_REVIEW_EVT: Topic =
    topic("rating.review.evt.v1", "subject", 3, days(30), "rating");
/// Sum and count of stars per product and seller.
pub static RATING_SUMMARY_STATE: Topic =
    topic("rating.summary.state.v1", "subject", 3, Cleanup::Compact, "rating");
/// What became of mail.
pub static EMAIL_DELIVERY_EVT: Topic =
    topic("email.delivery.evt.v1", "message", 3, days(14), "email");
/// What staff did.
pub static OPS_STAFF_ACT_EVT: Topic = topic("ops.staff_act.evt.v1", "act", 3, days(90), "*");
/// Events that could not be handled.
pub static OPS_DEAD_LETTER_EVT: Topic =
    topic("ops.dead_letter.evt.v1", "service", 3, days(30), "*");

/// Every topic there is.
pub static ALL: &[&Topic] = &[
    &USER_ACCOUNT_STATE,
    &USER_CONTACT_STATE,
    &USER_KEY_STATE,
    &USER_REVOCATION_STATE,
    &EMAIL_OTP_CMD,
    &VENDOR_VENDOR_STATE,
    &VENDOR_VENDOR_EVT,
    &ADMIN_DECISION_EVT,
    &PRODUCT_PRODUCT_STATE,
    &PRODUCT_STOCK_STATE,
    &PRODUCT_SELLER_EVT,
    &PRODUCT_RESERVATION_CMD,
    &PRODUCT_RESERVATION_EVT,
    &CART_CHECKOUT_EVT,
    &CART_ACTIVITY_EVT,
    &ORDER_ORDER_EVT,
    &PAYMENT_PAYMENT_CMD,
    &PAYMENT_PAYMENT_EVT,
    &PAYMENT_PAYOUT_EVT,
    &INVOICE_INVOICE_EVT,
    &RATING_REVIEW_EVT,
    &RATING_SUMMARY_STATE,
    &EMAIL_DELIVERY_EVT,
    &OPS_STAFF_ACT_EVT,
    &OPS_DEAD_LETTER_EVT,
];
