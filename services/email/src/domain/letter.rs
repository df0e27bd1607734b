//! The kinds of mail, and what each shows. Names and addresses of people are filled in when it is sent.

use contracts::order::CancelReason;
use jiff::Timestamp;
use kernel::Money;
use serde::{Deserialize, Serialize};

use super::back::{Back, HeldUp, Unclaimed};
use super::barred::Barred;
use super::delivered::Delivered;
use super::disputed::{Disputed, Verdict};
use super::held::Hold;
pub use super::kind::Kind;
use super::notice::Notice;
use super::owed::Owed;
use super::rate_ending::Ending;
use super::receipt::{Invoice, Paid, Receipt, ReceiptLine};
use super::ruled::Ruled;
use super::sent_back::SentBack;
use super::shipped::Shipped;

/// Why an order was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Nobody paid in time.
    Unpaid,
    /// The buyer wanted it.
    ByBuyer,
    /// Cash on delivery was not granted.
    NoCash,
    /// Something else.
    Otherwise,
}

impl From<CancelReason> for Ended {
    fn from(reason: CancelReason) -> Self {
        match reason {
            CancelReason::PaymentWindowOver => Self::Unpaid,
            CancelReason::BuyerCancelled => Self::ByBuyer,
            CancelReason::CodRefused => Self::NoCash,
            CancelReason::Unknown => Self::Otherwise,
        }
    }
}

/// What a mail shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    /// The code itself stays sealed until the moment of sending.
    SignInCode,
    /// A session was ended, because somebody else may hold a token of it.
    SessionEnded,
    /// An order is confirmed.
    OrderConfirmation(Receipt),
    /// A seller has something to supply.
    NewSellerOrder {
        /// The seller order's number.
        number: String,
        lines: Vec<ReceiptLine>,
        /// What the buyer pays for it, delivery included.
        total: Money,
        /// How, where that was kept.
        #[serde(default)]
        paid: Option<Paid>,
        /// Until when it has to be accepted, where that was said.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// A parcel is on its way.
    Shipped(Shipped),
    /// All that one seller supplies has arrived.
    Delivered(Delivered),
    /// A seller may sell.
    SellerApproved {
        shop: String,
        /// Whether it was suspended before.
        #[serde(default)]
        again: bool,
    },
    /// Staff said no to a seller, or to a product.
    Ruled(Ruled),
    /// An order ended without being supplied.
    OrderCancelled { number: String, why: Ended },
    /// A checkout could not become an order.
    OrderRejected {
        /// Every line in trouble.
        held_up: Vec<HeldUp>,
    },
    /// Something of an order is taken back.
    ItemsTakenBack(Back),
    /// Money came that belongs to no order.
    MoneyUnclaimed { number: String, received: Money, why: Unclaimed },
    /// Money is back with the buyer.
    RefundDone {
        /// The order's number.
        number: String,
        amount: Money,
        /// With which the bank can be asked.
        reference: Option<String>,
        /// Whether it was ours to give.
        #[serde(default)]
        goodwill: bool,
        /// Whether the buyer has it because the bank took it back.
        #[serde(default)]
        by_bank: bool,
    },
    /// A person has to give money back.
    RefundDelayed(Owed),
    /// A seller has little time left.
    SellerDueSoon(Notice),
    /// Something of a seller's order is taken back.
    SellerItemsTakenBack(Back),
    /// A buyer wants to send something back.
    ReturnRequested(SentBack),
    /// It is on its way to the seller.
    ReturnSentBack(SentBack),
    /// The buyer may send it.
    ReturnApproved(SentBack),
    /// The buyer may not.
    ReturnRefused(SentBack),
    /// The buyer did not send it in time.
    ReturnExpired(SentBack),
    /// The buyer has the money otherwise.
    ReturnSettled(SentBack),
    /// A seller was paid.
    PayoutPaid {
        amount: Money,
        /// With which the bank can be asked.
        reference: Option<String>,
    },
    /// A seller could not be paid.
    PayoutFailed { amount: Money },
    /// A seller is paid to another bank account.
    PayoutAccountChanged {
        changed_at: Timestamp,
        /// From when on.
        payable_from: Timestamp,
    },
    /// A rate of GST that a seller's products bear ends.
    RateEnding(Ending),
    /// A buyer has to say where cash goes back to.
    RefundNeedsAccount(Owed),
    /// The bank of a seller's buyer asks money back.
    DisputeOpenedSeller(Disputed),
    /// The buyer's bank asks money back.
    DisputeOpenedBuyer(Disputed),
    /// It is decided who has the money.
    DisputeDecidedSeller { number: String, amount: Money, verdict: Verdict },
    /// A seller is paid later.
    PayoutHeld {
        amount: Money,
        why: Hold,
        /// What staff said of it.
        words: Option<String>,
        /// When it is looked at again, or paid, where that is known.
        until: Option<Timestamp>,
    },
    /// A seller has owed the platform for a month.
    BalanceOverdue { owed: Money, since: Timestamp },
    /// Products of a seller may not be sold here.
    ProductsBarred(Barred),
    /// A seller owes the platform nothing more: it is the platform's loss.
    BalanceWrittenOff { amount: Money },
    /// A credit note that no other mail brought.
    CreditNote {
        /// The seller order's number.
        number: String,
        /// That of the invoice that it reduces.
        against: String,
        note: Invoice,
    },
}

impl Letter {
    /// What it is about.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::SignInCode => Kind::SignInCode,
            Self::SessionEnded => Kind::SessionEnded,
            Self::OrderConfirmation(_) => Kind::OrderConfirmation,
            Self::NewSellerOrder { .. } => Kind::NewSellerOrder,
            Self::Shipped(_) => Kind::Shipped,
            Self::Delivered(_) => Kind::Delivered,
            Self::SellerApproved { .. } => Kind::SellerApproved,
            Self::Ruled(ruled) => ruled.kind(),
            Self::OrderCancelled { .. } => Kind::OrderCancelled,
            Self::OrderRejected { .. } => Kind::OrderRejected,
            Self::ItemsTakenBack(_) => Kind::ItemsTakenBack,
            Self::MoneyUnclaimed { .. } => Kind::MoneyUnclaimed,
            Self::RefundDone { .. } => Kind::RefundDone,
            Self::RefundDelayed(_) => Kind::RefundDelayed,
            Self::SellerDueSoon(_) => Kind::SellerDueSoon,
            Self::SellerItemsTakenBack(_) => Kind::SellerItemsTakenBack,
            Self::ReturnRequested(_) => Kind::ReturnRequested,
            Self::ReturnSentBack(_) => Kind::ReturnSentBack,
            Self::ReturnApproved(_) => Kind::ReturnApproved,
            Self::ReturnRefused(_) => Kind::ReturnRefused,
            Self::ReturnExpired(_) => Kind::ReturnExpired,
            Self::ReturnSettled(_) => Kind::ReturnSettled,
            Self::PayoutPaid { .. } => Kind::PayoutPaid,
            Self::PayoutFailed { .. } => Kind::PayoutFailed,
            Self::PayoutAccountChanged { .. } => Kind::PayoutAccountChanged,
            Self::RateEnding(_) => Kind::RateEnding,
            Self::RefundNeedsAccount(_) => Kind::RefundNeedsAccount,
            Self::DisputeOpenedSeller(_) => Kind::DisputeOpenedSeller,
            Self::DisputeOpenedBuyer(_) => Kind::DisputeOpenedBuyer,
            Self::DisputeDecidedSeller { .. } => Kind::DisputeDecidedSeller,
            Self::PayoutHeld { .. } => Kind::PayoutHeld,
            Self::BalanceOverdue { .. } => Kind::BalanceOverdue,
            Self::ProductsBarred(_) => Kind::ProductsBarred,
            Self::BalanceWrittenOff { .. } => Kind::BalanceWrittenOff,
            Self::CreditNote { .. } => Kind::CreditNote,
        }
    }

    /// The subject: no secret stands in it, because subjects show on locked screens.
    pub fn subject(&self) -> String {
        match self {
            Self::SignInCode => "Your sign-in code".into(),
            Self::SessionEnded => "We ended one of your sessions".into(),
            Self::OrderConfirmation(receipt) => {
                format!("Your order {} is confirmed", receipt.number)
            }
            Self::NewSellerOrder { number, .. } => format!("New order {number}"),
            Self::Shipped(Shipped { number, rest, .. }) if !rest.is_empty() => {
                format!("A part of your order {number} has shipped")
            }
            Self::Shipped(Shipped { number, is_last: true, .. }) => {
                format!("The last parcel of your order {number} has shipped")
            }
            Self::Shipped(shipped) => format!("Your order {} has shipped", shipped.number),
            Self::Delivered(delivered) => format!("Your order {} has arrived", delivered.number),
            Self::SellerApproved { shop, again: true } => format!("{shop} may sell on Mall again"),
            Self::SellerApproved { shop, .. } => format!("{shop} may sell on Mall now"),
            Self::Ruled(ruled) => ruled.subject(),
            Self::OrderCancelled { number, .. } => format!("Your order {number} was cancelled"),
            Self::OrderRejected { .. } => "Your order could not be placed".into(),
            Self::ItemsTakenBack(back) => format!("Your order {} has changed", back.number),
            Self::MoneyUnclaimed { number, .. } => {
                format!("We received money for your order {number}")
            }
            Self::RefundDone { number, goodwill: true, .. } => {
                format!("We gave you something back for order {number}")
            }
            Self::RefundDone { number, .. } => format!("Your refund for order {number}"),
            Self::RefundDelayed(Owed { number, goodwill: true, .. }) => {
                format!("Our gift for order {number} takes longer")
            }
            Self::RefundDelayed(owed) => {
                format!("Your refund for order {} takes longer", owed.number)
            }
            Self::SellerDueSoon(notice) => format!("Order {} waits for you", notice.number),
            Self::SellerItemsTakenBack(back) => format!("Order {} has changed", back.number),
            Self::ReturnRequested(sent) => format!("A return of order {}", sent.number),
            Self::ReturnSentBack(sent) => {
                format!("A return of order {} is on its way", sent.number)
            }
            Self::ReturnApproved(sent) => format!("Your return of order {}", sent.number),
            Self::ReturnRefused(sent) => {
                format!("Your return of order {} was refused", sent.number)
            }
            Self::ReturnExpired(sent) | Self::ReturnSettled(sent) => {
                format!("Your return of order {} is over", sent.number)
            }
            Self::PayoutPaid { .. } => "We paid you".into(),
            Self::PayoutFailed { .. } => "We could not pay you".into(),
            Self::PayoutAccountChanged { .. } => "Your bank account was changed".into(),
            Self::RateEnding(ending) => {
                format!("The GST rate of {} ends on {}", ending.rate(), ending.day())
            }
            Self::RefundNeedsAccount(owed) => format!("Where shall {} go?", owed.name()),
            Self::DisputeOpenedSeller(disputed) => disputed.subject("The buyer's bank", "was paid"),
            Self::DisputeOpenedBuyer(disputed) => disputed.subject("Your bank", "you paid"),
            Self::DisputeDecidedSeller { number, .. } => {
                format!("The bank has decided about order {number}")
            }
            Self::PayoutHeld { .. } => "Your payout comes later".into(),
            Self::BalanceOverdue { .. } => "Your balance is below nothing".into(),
            Self::ProductsBarred(_) => "Products of yours left the shelf".into(),
            Self::BalanceWrittenOff { .. } => "You owe us nothing any more".into(),
            Self::CreditNote { number, .. } => format!("A credit note for your order {number}"),
        }
    }
}
