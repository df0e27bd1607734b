//! The ids of Mall, one name per thing.

use crate::Id;

/// Marks the ids of users.
pub enum UserMark {}
/// Names a user.
pub type UserId = Id<UserMark>;

/// Marks the ids of sessions.
pub enum SessionMark {}
/// Names a session, one sign-in of a user on a device.
pub type SessionId = Id<SessionMark>;

/// Marks the ids of addresses.
pub enum AddressMark {}
/// Names an entry of a user's address book.
pub type AddressId = Id<AddressMark>;

/// Marks the ids of vendors.
pub enum VendorMark {}
/// Names a vendor.
pub type VendorId = Id<VendorMark>;

/// Marks the ids of documents.
pub enum DocumentMark {}
/// Names a document that a vendor handed in.
pub type DocumentId = Id<DocumentMark>;

/// Marks the ids of products.
pub enum ProductMark {}
/// Names a product.
pub type ProductId = Id<ProductMark>;

/// Marks the ids of variants.
pub enum VariantMark {}
/// Names a variant of a product, the thing that is bought.
pub type VariantId = Id<VariantMark>;

/// Marks the ids of checkouts.
pub enum CheckoutMark {}
/// Names a checkout: one payment over the orders of one cart.
pub type CheckoutId = Id<CheckoutMark>;

/// Marks the ids of orders.
pub enum OrderMark {}
/// Names an order.
pub type OrderId = Id<OrderMark>;

/// Marks the ids of seller orders.
pub enum SellerOrderMark {}
/// Names the part of an order that one vendor fulfils.
pub type SellerOrderId = Id<SellerOrderMark>;

/// Marks the ids of payments.
pub enum PaymentMark {}
/// Names a payment.
pub type PaymentId = Id<PaymentMark>;

/// Marks the ids of credits.
pub enum CreditMark {}
/// Names a credit: what is taken back of a seller order.
pub type CreditId = Id<CreditMark>;

/// Marks the ids of reductions.
pub enum ReductionMark {}
/// Names a reduction: a price that staff reduce after the sale.
pub type ReductionId = Id<ReductionMark>;

/// Marks the ids of returns.
pub enum ReturnMark {}
/// Names a return: pieces that a buyer sends back.
pub type ReturnId = Id<ReturnMark>;

/// Marks the ids of parcels.
pub enum ParcelMark {}
/// Names a parcel.
pub type ParcelId = Id<ParcelMark>;

/// Marks the ids of refunds.
pub enum RefundMark {}
/// Names a refund.
pub type RefundId = Id<RefundMark>;

/// Marks the ids of disputes.
pub enum DisputeMark {}
/// Names a dispute: a payment that the buyer's bank takes back.
pub type DisputeId = Id<DisputeMark>;

/// Marks the ids of payouts.
pub enum PayoutMark {}
/// Names a payout to a seller.
pub type PayoutId = Id<PayoutMark>;

/// Marks the ids of tax deposits.
pub enum TaxDepositMark {}
/// Names what was paid to a tax office for a month.
pub type TaxDepositId = Id<TaxDepositMark>;

/// Marks the ids of explanations.
pub enum ExplanationMark {}
/// Names what staff say about something that was settled otherwise than the books have it.
pub type ExplanationId = Id<ExplanationMark>;

/// Marks the ids of write-offs.
pub enum WriteOffMark {}
/// Names what a vendor owed and will not pay.
pub type WriteOffId = Id<WriteOffMark>;

/// Marks the ids of remittances.
pub enum RemittanceMark {}
/// Names a transfer of cash of which two have to say what arrived.
pub type RemittanceId = Id<RemittanceMark>;

/// Marks the ids of invoices.
pub enum InvoiceMark {}
/// Names an invoice; the number printed on it is an [`InvoiceNumber`](crate::InvoiceNumber).
pub type InvoiceId = Id<InvoiceMark>;

/// Marks the ids of reviews.
pub enum ReviewMark {}
/// Names a review.
pub type ReviewId = Id<ReviewMark>;

/// Marks the ids of messages.
pub enum MessageMark {}
/// Names a message that is sent to somebody.
pub type MessageId = Id<MessageMark>;

/// Marks the ids of events.
pub enum EventMark {}
/// Names an event.
pub type EventId = Id<EventMark>;

/// Marks the ids of reservations.
pub enum ReservationMark {}
/// Names a reservation of stock.
pub type ReservationId = Id<ReservationMark>;

/// Marks the ids of movements.
pub enum MovementMark {}
/// Names a movement of stock.
pub type MovementId = Id<MovementMark>;
