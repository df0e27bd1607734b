#![doc = include_str!("../README.md")]

mod bank;
mod clock;
mod contact;
mod currency;
pub mod ean13;
pub mod gst;
mod id;
mod id_outside;
pub mod ids;
pub mod india;
mod invoice_number;
pub mod line;
pub mod money;
mod pincode;
mod quantity;
mod rating;
pub mod rounding;
mod shop;
mod state;
mod tax_ids;
pub mod text;
mod text_outside;
pub mod upi;

pub use bank::{Ifsc, UpiTxnId, Vpa};
pub use clock::{Clock, ClockGoesBack, ManualClock, ShiftedClock, SystemClock};
pub use contact::{EmailAddress, Phone};
pub use currency::Currency;
pub use ean13::Ean13;
pub use gst::{FinancialYear, SupplyType};
pub use id::Id;
pub use ids::{
    AddressId, CheckoutId, CreditId, DisputeId, DocumentId, EventId, ExplanationId, InvoiceId,
    MessageId, MovementId, OrderId, ParcelId, PaymentId, PayoutId, ProductId, ReductionId,
    RefundId, RemittanceId, ReservationId, ReturnId, ReviewId, SellerOrderId, SessionId,
    TaxDepositId, UserId, VariantId, VendorId, WriteOffId,
};
pub use invoice_number::InvoiceNumber;
pub use line::{Line, OptionalLine};
pub use money::{Money, MoneyError, partial_refund};
pub use pincode::Pincode;
pub use quantity::Quantity;
pub use rating::{Rating, Stars};
pub use shop::{CategoryId, CategorySlug, Sku};
pub use state::StateCode;
pub use tax_ids::{Gstin, HkBrn, Pan};
pub use text::Invalid;
