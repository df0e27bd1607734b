//! What a seller has of a part that was sold: from what the buyer paid to what the seller is owed.

use jiff::Timestamp;
use kernel::{CreditId, Currency, Money, MoneyError, OrderId, PaymentId, SellerOrderId};

/// What the price of something is made of, as it was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// All of it.
    pub gross: Money,
    /// What the platform keeps.
    pub commission: Money,
    /// GST on that.
    pub commission_tax: Money,
    /// Tax collected at source.
    pub tcs: Money,
    /// Income tax withheld.
    pub tds: Money,
    /// What is left for the seller.
    pub payable: Money,
}

/// What a sale or a credit is made of.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub parts: Parts,
    /// Of a credit why it is one, where that was kept.
    pub why: Option<String>,
}

impl Parts {
    /// Nothing.
    pub const fn none(currency: Currency) -> Self {
        let none = Money::zero(currency);
        let (gross, commission, commission_tax) = (none, none, none);
        Self { gross, commission, commission_tax, tcs: none, tds: none, payable: none }
    }

    /// Both together.
    pub fn add(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            gross: self.gross.add(other.gross)?,
            commission: self.commission.add(other.commission)?,
            commission_tax: self.commission_tax.add(other.commission_tax)?,
            tcs: self.tcs.add(other.tcs)?,
            tds: self.tds.add(other.tds)?,
            payable: self.payable.add(other.payable)?,
        })
    }

    /// What was taken back, where this is what a credit was booked as.
    fn neg(self) -> Result<Self, MoneyError> {
        Ok(Self {
            gross: self.gross.neg()?,
            commission: self.commission.neg()?,
            commission_tax: self.commission_tax.neg()?,
            tcs: self.tcs.neg()?,
            tds: self.tds.neg()?,
            payable: self.payable.neg()?,
        })
    }
}

/// What one journal booked for a part that was sold.
#[derive(Debug, Clone)]
pub struct Booked {
    pub seller_order_id: SellerOrderId,
    /// What brought the journal about.
    pub cause: String,
    pub posted_at: Timestamp,
    /// Below nothing where something is taken back; nothing where money only moves on.
    pub parts: Parts,
    /// How much more is owed to the seller, and not due yet.
    pub pending: Money,
    /// How much more is due to be paid out.
    pub available: Money,
    /// Which credit it is, and why it is one if that was kept.
    pub credit: Option<(CreditId, Option<String>)>,
}

/// Something of it that was taken back.
#[derive(Debug, Clone)]
pub struct TakenBack {
    pub credit_id: CreditId,
    /// None where an older build took it in.
    pub why: Option<String>,
    pub at: Timestamp,
    pub parts: Parts,
}

/// A part that was sold and paid for.
#[derive(Debug, Clone, Copy)]
pub struct Sold {
    pub seller_order_id: SellerOrderId,
    pub payment_id: PaymentId,
    pub order_id: OrderId,
    /// When its payment was asked for.
    pub created_at: Timestamp,
    pub currency: Currency,
}

/// What a seller has of a part that was sold.
#[derive(Debug, Clone)]
pub struct Earning {
    /// What was paid for it. Of cash, what was left when it was taken.
    pub sale: Parts,
    /// When that was.
    pub sold_at: Timestamp,
    /// The oldest first.
    pub taken_back: Vec<TakenBack>,
    /// What is left of the sale.
    pub left: Parts,
    /// What of it is owed and not due yet.
    pub pending: Money,
    /// What of it is due to be paid out, or was paid.
    pub available: Money,
}

impl Earning {
    /// What all that was `booked` for a part comes to, the oldest first.
    pub fn of(sold: &Sold, booked: Vec<Booked>) -> Result<Self, MoneyError> {
        let (none, nothing) = (Parts::none(sold.currency), Money::zero(sold.currency));
        let mut all = Self {
            sale: none,
            sold_at: booked.first().map_or(sold.created_at, |first| first.posted_at),
            taken_back: Vec::new(),
            left: none,
            pending: nothing,
            available: nothing,
        };
        for line in booked {
            all.take(line)?;
        }
        Ok(all)
    }

    fn take(&mut self, line: Booked) -> Result<(), MoneyError> {
        self.left = self.left.add(line.parts)?;
        self.pending = self.pending.add(line.pending)?;
        self.available = self.available.add(line.available)?;
        let Some((credit_id, why)) = line.credit else {
            self.sale = self.sale.add(line.parts)?;
            return Ok(());
        };
        let (at, parts) = (line.posted_at, line.parts.neg()?);
        let known = self.taken_back.iter_mut().find(|back| back.credit_id == credit_id);
        if let Some(known) = known {
            known.parts = known.parts.add(parts)?;
            return Ok(());
        }
        self.taken_back.push(TakenBack { credit_id, why, at, parts });
        Ok(())
    }
}
