//! The kinds of mail.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MessageKind)]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Kind {
    /// A sign-in code.
    SignInCode,
    /// A session was ended, because somebody else may hold a token of it.
    SessionEnded,
    /// An order is confirmed, with its invoices.
    OrderConfirmation,
    /// A seller has something to supply.
    NewSellerOrder,
    /// A parcel is on its way.
    Shipped,
    /// All that one seller supplies has arrived.
    Delivered,
    /// A seller may sell.
    SellerApproved,
    /// A seller's application was turned down.
    SellerRejected,
    /// A seller may not sell for now.
    SellerSuspended,
    /// An order ended without being supplied.
    OrderCancelled,
    /// A checkout could not become an order.
    OrderRejected,
    /// Something of an order is taken back.
    ItemsTakenBack,
    /// Money came that belongs to no order.
    MoneyUnclaimed,
    /// Money is back with the buyer.
    RefundDone,
    /// A person has to give money back.
    RefundDelayed,
    /// A seller has little time left to accept or to ship.
    SellerDueSoon,
    /// Something of a seller's order is taken back, and not by the seller.
    SellerItemsTakenBack,
    /// A buyer wants to send something back.
    ReturnRequested,
    /// It is on its way to the seller.
    ReturnSentBack,
    /// The buyer may send it.
    ReturnApproved,
    /// The buyer may not.
    ReturnRefused,
    /// The buyer did not send it in time.
    ReturnExpired,
    /// The buyer has the money otherwise.
    ReturnSettled,
    /// A seller was paid.
    PayoutPaid,
    /// A seller could not be paid.
    PayoutFailed,
    /// A seller is paid to another bank account.
    PayoutAccountChanged,
    /// A rate of GST that a seller's products bear ends.
    RateEnding,
    /// A buyer has to say where cash goes back to.
    RefundNeedsAccount,
    /// The bank of a seller's buyer asks money back.
    DisputeOpenedSeller,
    /// The buyer's bank asks money back.
    DisputeOpenedBuyer,
    /// It is decided who has the money.
    DisputeDecidedSeller,
    /// A seller is paid later.
    PayoutHeld,
    /// A seller has owed the platform for a month.
    BalanceOverdue,
    /// Products of a seller may not be sold here.
    ProductsBarred,
    /// A product of a seller was turned down.
    ProductRejected,
    /// A product of a seller was taken off the shelf.
    ProductUnlisted,
    /// A seller owes the platform nothing more: it is the platform's loss.
    BalanceWrittenOff,
    /// A credit note that no other mail brought.
    CreditNote,
}

impl Kind {
    /// Whether the other services are told when it was sent. A checkout of three sellers would otherwise cost three
    /// more messages that nobody acts on.
    pub const fn is_told(self) -> bool {
        match self {
            Self::NewSellerOrder
            | Self::SellerDueSoon
            | Self::SellerItemsTakenBack
            | Self::ReturnRequested
            | Self::ReturnSentBack
            | Self::DisputeOpenedSeller
            | Self::DisputeDecidedSeller => false,
            Self::SignInCode
            | Self::SessionEnded
            | Self::OrderConfirmation
            | Self::Shipped
            | Self::Delivered
            | Self::SellerApproved
            | Self::SellerRejected
            | Self::SellerSuspended
            | Self::OrderCancelled
            | Self::OrderRejected
            | Self::ItemsTakenBack
            | Self::MoneyUnclaimed
            | Self::RefundDone
            | Self::RefundDelayed
            | Self::ReturnApproved
            | Self::ReturnRefused
            | Self::ReturnExpired
            | Self::ReturnSettled
            | Self::PayoutPaid
            | Self::PayoutFailed
            | Self::PayoutAccountChanged
            | Self::RateEnding
            | Self::RefundNeedsAccount
            | Self::DisputeOpenedBuyer
            | Self::PayoutHeld
            | Self::BalanceOverdue
            | Self::ProductsBarred
            | Self::ProductRejected
            | Self::ProductUnlisted
            | Self::BalanceWrittenOff
            | Self::CreditNote => true,
        }
    }
}
