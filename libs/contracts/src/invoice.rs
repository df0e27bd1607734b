//! What invoice-service says: issued documents.

use jiff::Timestamp;
use kernel::{CheckoutId, CreditId, InvoiceId, Money, OrderId, SellerOrderId, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::events;

/// A seller's invoice lies in the store, numbered and unchangeable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceIssued {
    /// Which invoice.
    pub invoice_id: InvoiceId,
    /// Its legal number.
    pub number: String,
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
    /// For which seller order.
    pub seller_order_id: SellerOrderId,
    /// The supplier.
    pub vendor_id: VendorId,
    /// The recipient.
    pub buyer: UserId,
    /// What it is over.
    pub total: Money,
    /// SHA-256 of the PDF, lower-case hex.
    pub sha256: String,
    /// The buyer's link for the confirmation mail, sealed for email-service (associated data: the invoice id).
    pub sealed_link: String,
    /// When.
    pub issued_at: Timestamp,
}

/// A seller's credit note over what was taken back lies in the store, numbered and unchangeable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreditNoteIssued {
    /// The credit note.
    pub credit_note: InvoiceIssued,
    /// Which credit it documents.
    pub credit_id: CreditId,
    /// The invoice that it reduces.
    pub against: InvoiceId,
    /// That invoice's legal number.
    pub against_number: String,
}

events! {
    InvoiceIssued = "invoice.issued.v1" on INVOICE_INVOICE_EVT by checkout_id;
    CreditNoteIssued = "invoice.credit_note_issued.v1"
        on INVOICE_INVOICE_EVT by credit_note.checkout_id;
}
