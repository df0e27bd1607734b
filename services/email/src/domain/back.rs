//! What is taken back, and what becomes of the money: what mail says of either.

use std::collections::BTreeMap;

use contracts::order::{CreditCause, SellerOrderCredited};
use contracts::payment::RefundKind;
use contracts::product::{LineTrouble, Trouble};
use kernel::{Money, Sku};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::receipt::{Invoice, Paid, Receipt};
use super::text::one_line;

/// The longest title or name shown.
const LONGEST: usize = 200;

/// Why something that was sold is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenBack {
    /// The buyer wanted it.
    ByBuyer,
    /// Staff did it.
    ByStaff,
    /// The seller cannot supply it.
    BySeller,
    /// The seller did nothing in time.
    TooLate,
    /// There is none.
    Gone,
    /// It could not be handed over.
    Undelivered,
    /// The carrier lost it.
    Lost,
    /// The buyer sent it back.
    Returned,
    /// The buyer keeps it for less.
    Reduced,
    /// Something else.
    Otherwise,
}

impl TakenBack {
    /// Whether the seller has to be told: it is news to it, and it may be about to send the items, or pays for it.
    pub const fn is_news_to_seller(self) -> bool {
        match self {
            Self::ByBuyer
            | Self::ByStaff
            | Self::TooLate
            | Self::Reduced
            | Self::Lost
            | Self::Returned => true,
            Self::BySeller | Self::Gone | Self::Undelivered | Self::Otherwise => false,
        }
    }

    /// Whether the items are still with the seller, who must not send them now.
    pub const fn is_unsent(self) -> bool {
        !matches!(self, Self::Reduced | Self::Lost | Self::Returned)
    }
}

impl From<CreditCause> for TakenBack {
    fn from(cause: CreditCause) -> Self {
        match cause {
            CreditCause::BuyerCancelled => Self::ByBuyer,
            CreditCause::StaffCancelled => Self::ByStaff,
            CreditCause::VendorRejected => Self::BySeller,
            CreditCause::SlaExpired => Self::TooLate,
            CreditCause::Unavailable => Self::Gone,
            CreditCause::ReturnedToOrigin => Self::Undelivered,
            CreditCause::Lost => Self::Lost,
            CreditCause::Returned => Self::Returned,
            CreditCause::PriceReduced => Self::Reduced,
            CreditCause::Disputed | CreditCause::Unknown => Self::Otherwise,
        }
    }
}

/// What the buyer gets back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Comes {
    /// To the account it came from.
    ToAccount,
    /// Nothing was paid for it, and nothing will be.
    NotPaid,
    /// It was paid in cash: a person sees to it.
    ByHand,
    /// To where it came from, if it was paid.
    IfPaid,
    /// From us or by the buyer's bank, which asks for the same money or took it.
    WithBank,
}

impl Comes {
    fn of(paid: Option<Paid>, why: TakenBack) -> Self {
        match (paid, why) {
            (Some(Paid::ByUpi), _) => Self::ToAccount,
            // The cash is taken when it is handed over, and what comes back after that was handed over.
            (Some(Paid::OnDelivery), TakenBack::Returned | TakenBack::Reduced) => Self::ByHand,
            (Some(Paid::OnDelivery), TakenBack::Otherwise) | (Some(Paid::Otherwise) | None, _) => {
                Self::IfPaid
            }
            (
                Some(Paid::OnDelivery),
                TakenBack::ByBuyer
                | TakenBack::ByStaff
                | TakenBack::BySeller
                | TakenBack::TooLate
                | TakenBack::Gone
                | TakenBack::Undelivered
                | TakenBack::Lost,
            ) => Self::NotPaid,
        }
    }
}

/// A line that is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackLine {
    /// What it was called in the order; its SKU where that is not known.
    pub title: String,
    pub quantity: u32,
    pub total: Money,
}

/// What is taken back of a seller order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Back {
    /// The seller order's number.
    pub number: String,
    /// Who sold it, where that is known.
    pub seller: Option<String>,
    pub why: TakenBack,
    pub lines: Vec<BackLine>,
    /// What the buyer paid or would have paid for it, delivery included.
    pub total: Money,
    pub comes: Comes,
    /// Whether nothing of the seller order is left.
    #[serde(default)]
    pub ended: bool,
    /// The credit note about it, where there is one in time.
    #[serde(default)]
    pub note: Option<Invoice>,
}

impl Back {
    /// What a credit takes back, in the words of the order, where that was heard.
    #[must_use]
    pub fn of(event: &SellerOrderCredited, receipt: Option<&Receipt>) -> Self {
        let part = event.seller_order.seller_order_id;
        let section = receipt.and_then(|r| r.sections.iter().find(|s| s.seller_order_id == part));
        let lines = event.lines.iter().map(|line| {
            let position = usize::try_from(line.position).ok();
            let sold = section.zip(position).and_then(|(section, at)| section.lines.get(at));
            let title = sold.map_or_else(|| line.sku.to_string(), |sold| sold.title.clone());
            BackLine { title, quantity: line.quantity, total: line.total }
        });
        let why = event.cause.into();
        Self {
            number: one_line(&event.seller_order.number, LONGEST),
            seller: section.map(|section| section.seller.clone()).filter(|name| !name.is_empty()),
            why,
            lines: lines.collect(),
            total: event.share.gross,
            comes: Comes::of(receipt.map(|receipt| receipt.paid), why),
            ended: event.ended,
            note: None,
        }
    }

    /// The same, of an order that the buyer's bank asks money back for, or took it.
    #[must_use]
    pub fn with_bank(self) -> Self {
        let comes = match self.comes {
            Comes::ToAccount | Comes::IfPaid | Comes::WithBank => Comes::WithBank,
            // Of cash no bank knows.
            Comes::NotPaid | Comes::ByHand => self.comes,
        };
        Self { comes, ..self }
    }
}

/// Why money that came is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unclaimed {
    /// The order had ended.
    Late,
    /// The order was paid already.
    Second,
    /// It was another amount.
    Mismatch,
    /// It was too much.
    Excess,
    /// Something else.
    Otherwise,
}

impl From<RefundKind> for Unclaimed {
    fn from(kind: RefundKind) -> Self {
        match kind {
            RefundKind::Late => Self::Late,
            RefundKind::Second => Self::Second,
            RefundKind::Mismatch => Self::Mismatch,
            RefundKind::Excess => Self::Excess,
            RefundKind::Credit
            | RefundKind::Goodwill
            | RefundKind::Foreign
            | RefundKind::Unknown => Self::Otherwise,
        }
    }
}

/// What is wrong with a line that could not be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hurdle {
    /// Too few are left.
    SoldOut,
    /// The price is another one.
    Price,
    /// It is not for sale any more.
    NotForSale,
    /// The checkout was heard too late.
    Stale,
    /// It may not go to the address.
    NotDeliverable,
    /// Something else.
    Otherwise,
}

impl From<Trouble> for Hurdle {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::OutOfStock => Self::SoldOut,
            Trouble::PriceChanged => Self::Price,
            Trouble::NotSellable | Trouble::SellerNotActive => Self::NotForSale,
            Trouble::Stale => Self::Stale,
            Trouble::NotDeliverable => Self::NotDeliverable,
            Trouble::Unknown => Self::Otherwise,
        }
    }
}

/// A line that could not be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldUp {
    pub sku: Sku,
    /// What it is called, where that was said.
    #[serde(default)]
    pub title: Option<String>,
    pub hurdle: Hurdle,
    /// What one costs now, when that is what is wrong.
    pub price: Option<Money>,
    /// How many are left, when too few are.
    #[serde(default)]
    pub left: Option<u32>,
}

impl HeldUp {
    /// A line in trouble, of an order whose lines are called `titles`.
    #[must_use]
    pub fn of(line: &LineTrouble, titles: &BTreeMap<String, String>) -> Self {
        let title = titles.get(line.sku.as_str()).map(|title| one_line(title, LONGEST));
        let LineTrouble { sku, trouble, price, left } = line.clone();
        Self { sku, title, hurdle: trouble.into(), price, left }
    }
}

#[cfg(test)]
mod tests {
    use contracts::order::OrderConfirmed;
    use testkit::sample;

    use super::*;

    fn credited(cause: CreditCause) -> SellerOrderCredited {
        SellerOrderCredited { cause, ..sample() }
    }

    #[test]
    fn a_credit_is_told_in_the_words_of_the_order() {
        let receipt = Receipt::of(&sample::<OrderConfirmed>().order);
        let event = credited(CreditCause::VendorRejected);
        let back = Back::of(&event, Some(&receipt));
        assert_eq!(back.seller.as_deref(), Some(&*receipt.sections[0].seller));
        assert_eq!(back.lines[0].title, receipt.sections[0].lines[0].title);
        assert_eq!((back.lines[0].quantity, back.total), (1, Money::inr(129_900)));
        assert_eq!(back.comes, Comes::ToAccount);
    }

    #[test]
    fn of_an_order_that_was_not_heard_of_it_says_no_more_than_it_knows() {
        let back = Back::of(&credited(CreditCause::Lost), None);
        assert_eq!((back.seller, back.comes), (None, Comes::IfPaid));
        assert_eq!(back.lines[0].title, "LAMP-BRASS-18");
        let mut elsewhere = credited(CreditCause::Lost);
        elsewhere.lines[0].position = 9;
        let receipt = Receipt::of(&sample::<OrderConfirmed>().order);
        assert_eq!(Back::of(&elsewhere, Some(&receipt)).lines[0].title, "LAMP-BRASS-18");
    }

    #[test]
    fn cash_comes_back_only_where_it_was_taken() {
        let comes = |cause: CreditCause| Comes::of(Some(Paid::OnDelivery), cause.into());
        assert_eq!(comes(CreditCause::BuyerCancelled), Comes::NotPaid);
        assert_eq!(comes(CreditCause::ReturnedToOrigin), Comes::NotPaid);
        assert_eq!(comes(CreditCause::Returned), Comes::ByHand);
        assert_eq!(comes(CreditCause::Unknown), Comes::IfPaid);
    }
}
