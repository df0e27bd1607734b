//! Taking back what was sold: which pieces, and how much of the money goes with them.

mod lateness;

use kernel::{Money, MoneyError};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

pub use lateness::is_too_late;

use super::order::{OrderLine, Part};
use super::seller_order::{Act, Wait};
use super::split::Share;

/// Why something that was sold is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum CreditCause {
    /// The buyer changed their mind before it was shipped.
    BuyerCancelled,
    /// Staff cancelled it before it was shipped.
    StaffCancelled,
    /// The seller cannot supply it.
    VendorRejected,
    /// The seller did nothing in time.
    SlaExpired,
    /// It was paid for and is gone.
    Unavailable,
    /// The buyer did not take it, and it came back.
    ReturnedToOrigin,
    /// The carrier lost it, or it never arrived.
    Lost,
    /// The buyer sent it back.
    Returned,
    /// The buyer's bank took the money back, and its seller bears it.
    Disputed,
    /// Staff reduced the price of what the buyer keeps, at the seller's cost.
    PriceReduced,
}

/// What becomes of the pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Stock {
    /// They never left the shelf and are for sale again.
    Uncommit,
    /// They left, came back, and are for sale again.
    Restock,
    /// They left and will not be sold again.
    WriteOff,
    /// Nothing: whoever has them keeps them.
    None,
}

impl CreditCause {
    /// What happens to the seller order when nothing of it is left.
    pub const fn act(self) -> Act {
        match self {
            Self::BuyerCancelled => Act::CancelByBuyer,
            Self::StaffCancelled => Act::CancelByStaff,
            Self::VendorRejected => Act::Reject,
            Self::SlaExpired => Act::Expire,
            Self::Unavailable => Act::RunOut,
            Self::ReturnedToOrigin => Act::ComeBack,
            Self::Lost => Act::Lose,
            // A price is reduced while something is left, which ends nothing.
            Self::Returned | Self::PriceReduced => Act::Return,
            Self::Disputed => Act::Charge,
        }
    }

    /// Why it is taken back when what it waits for does not happen in time. What the buyer keeps is not.
    pub const fn of_delay(wait: Wait) -> Option<Self> {
        match wait {
            Wait::Accept | Wait::Ship => Some(Self::SlaExpired),
            Wait::Arrive | Wait::ComeBack => Some(Self::Lost),
            Wait::Keep => None,
        }
    }

    /// What becomes of the pieces, if nobody says otherwise.
    pub const fn stock(self) -> Stock {
        match self {
            Self::BuyerCancelled
            | Self::StaffCancelled
            | Self::VendorRejected
            | Self::SlaExpired
            // Product-service knows which pieces it never had.
            | Self::Unavailable => Stock::Uncommit,
            Self::ReturnedToOrigin | Self::Returned => Stock::Restock,
            Self::Lost => Stock::WriteOff,
            Self::Disputed | Self::PriceReduced => Stock::None,
        }
    }

    /// What made it happen, for the timeline.
    pub const fn step(self) -> &'static str {
        match self {
            Self::BuyerCancelled => "buyer.cancel",
            Self::StaffCancelled => "staff.cancel",
            Self::VendorRejected => "vendor.reject",
            Self::SlaExpired => "timer.too_late",
            Self::Unavailable => "stock.commit_failed",
            Self::ReturnedToOrigin => "vendor.came_back",
            Self::Lost => "vendor.lost",
            Self::Returned => "return.credited",
            Self::Disputed => "bank.took_back",
            Self::PriceReduced => "staff.price_reduced",
        }
    }
}

/// So many pieces of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pieces {
    /// Which line of its seller order, counted from 0.
    pub position: u32,
    pub quantity: u32,
}

/// Why pieces cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditRefused {
    /// The seller order has fewer lines.
    #[error("there is no line {position}")]
    NoLine { position: u32 },
    /// There are not so many any more.
    #[error("line {position} has {left} left, and more were asked for")]
    NotLeft {
        position: u32,
        /// So many are left.
        left: u32,
    },
    /// The money cannot be divided. Either the terms are not known, because it was placed before they were kept; then
    /// all that is left goes back together, as it was frozen. Or the pieces cost so little that the rounding of their
    /// tax is more than they cost.
    #[error("only all of it together can be taken back")]
    Indivisible,
    /// The amounts cannot be reckoned with.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What was sold in a seller order and not taken back since.
#[derive(Debug, Clone)]
pub struct Remainder<'a> {
    /// What was sold.
    pub part: &'a Part,
    /// How many pieces of each line are left.
    pub left: &'a [u32],
    /// What they cost: less than they did where their price was reduced.
    pub worth: Vec<Money>,
    /// How much of the total is left.
    pub gross: Money,
    /// How that is shared.
    pub share: Share,
}

/// What is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    pub lines: Vec<CreditLine>,
    /// What the buyer gets back.
    pub gross: Money,
    /// Of whom: the share before less the share of what remains. So any sequence of credits adds up to the whole.
    pub share: Share,
    /// Nothing is left.
    pub ended: bool,
    /// It is too late to take tax back with it.
    pub commercial: bool,
}

/// What is taken back of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditLine {
    pub pieces: Pieces,
    /// What the buyer gets back for them.
    pub total: Money,
    /// The total without the tax in it.
    pub taxable: Money,
    /// The tax in it.
    pub tax: Money,
}

impl Remainder<'_> {
    /// Takes `wanted` back, or all that is left.
    pub fn take(&self, wanted: Option<&[Pieces]>) -> Result<Credit, CreditRefused> {
        let after = match wanted {
            Some(wanted) => self.without(wanted)?,
            None => vec![0; self.left.len()],
        };
        let pieces = self.left.iter().copied().zip(after.iter().copied());
        let worth = self.worth.iter().zip(pieces);
        let worth: Vec<Money> = worth.map(|(worth, of)| portion(*worth, of)).collect();
        self.down_to(&after, &worth)
    }

    /// Takes back all but so many pieces of each line, and all but what they are `worth` then.
    pub(super) fn down_to(&self, after: &[u32], worth: &[Money]) -> Result<Credit, CreditRefused> {
        let ended = after.iter().all(|left| *left == 0);
        let kept = self.lines(after, worth)?;
        let (gross, share) = if ended {
            (self.gross, self.share)
        } else {
            let terms = self.part.terms.ok_or(CreditRefused::Indivisible)?;
            let sums = self.part.sums(&kept)?;
            (self.gross.sub(sums.gross)?, self.share.less(terms.share(sums)?)?)
        };
        let had = self.lines(self.left, &self.worth)?;
        let lines = had.iter().zip(&kept).zip(0..).map(|((had, kept), nth)| taken(nth, had, kept));
        let lines: Vec<CreditLine> = lines.collect::<Result<_, _>>()?;
        let is_touched = |line: &CreditLine| line.pieces.quantity > 0 || !line.total.is_zero();
        let lines: Vec<_> = lines.into_iter().filter(is_touched).collect();

        let amounts = lines.iter().flat_map(|line| [line.taxable, line.tax]);
        if amounts.chain(share.components()).any(Money::is_negative) {
            return Err(CreditRefused::Indivisible);
        }
        Ok(Credit { lines, gross, share, ended, commercial: false })
    }

    /// What is left of each line without `wanted`. A line may be named twice.
    fn without(&self, wanted: &[Pieces]) -> Result<Vec<u32>, CreditRefused> {
        let mut after = self.left.to_vec();
        for Pieces { position, quantity } in wanted {
            let line = usize::try_from(*position).ok().and_then(|nth| after.get_mut(nth));
            let line = line.ok_or(CreditRefused::NoLine { position: *position })?;
            let rest = line.checked_sub(*quantity);
            *line = rest.ok_or(CreditRefused::NotLeft { position: *position, left: *line })?;
        }
        Ok(after)
    }

    /// The lines as if so many pieces of each had been sold for so much.
    fn lines(&self, quantities: &[u32], worth: &[Money]) -> Result<Vec<OrderLine>, CreditRefused> {
        let lines = self.part.lines.iter().zip(quantities.iter().zip(worth));
        lines.map(|(line, (quantity, worth))| self.line(line, *quantity, *worth)).collect()
    }

    fn line(
        &self,
        sold: &OrderLine,
        quantity: u32,
        total: Money,
    ) -> Result<OrderLine, CreditRefused> {
        if (quantity, total) == (sold.quantity, sold.total) {
            return Ok(sold.clone());
        }
        let taxable = if quantity == 0 {
            total
        } else {
            let terms = self.part.terms.ok_or(CreditRefused::Indivisible)?;
            kernel::gst::inclusive(total, sold.gst_rate_bp, terms.supply)?.taxable
        };
        let tax = total.sub(taxable)?;
        Ok(OrderLine { quantity, total, taxable, tax, ..sold.clone() })
    }
}

impl Credit {
    /// The same when it is too late to take tax back: its lines bear none, and what was collected at source stays with the
    /// state. Its seller bears that, and has it as a credit there.
    pub fn without_tax(self) -> Result<Self, MoneyError> {
        let zero = Money::zero(self.gross.currency());
        let payable = self.share.payable.add(self.share.tcs)?;
        let share = Share { payable, tcs: zero, ..self.share };
        let bare = |line: CreditLine| CreditLine { taxable: line.total, tax: zero, ..line };
        let lines = self.lines.into_iter().map(bare).collect();
        Ok(Self { lines, share, commercial: true, ..self })
    }

    /// So much of what is taken back from `part` is a taxable supply.
    pub fn taxed(&self, part: &Part) -> Result<Money, MoneyError> {
        if self.commercial {
            return Ok(Money::zero(self.gross.currency()));
        }
        let taken = self.lines.iter().filter(|line| {
            let nth = usize::try_from(line.pieces.position).ok();
            nth.and_then(|nth| part.taxed.get(nth)).is_some_and(|taxed| *taxed)
        });
        Money::sum(taken.map(|line| line.taxable), self.gross.currency())
    }
}

/// What some of so many pieces are worth together: to the paisa where their price was not reduced.
fn portion(worth: Money, (of, kept): (u32, u32)) -> Money {
    let minor = i128::from(worth.minor()) * i128::from(kept) / i128::from(of.max(1));
    // No more than the whole, which fits.
    Money::new(i64::try_from(minor).unwrap_or(worth.minor()), worth.currency())
}

/// What a line had less what it keeps.
fn taken(position: u32, had: &OrderLine, kept: &OrderLine) -> Result<CreditLine, CreditRefused> {
    let quantity = had.quantity.saturating_sub(kept.quantity);
    Ok(CreditLine {
        pieces: Pieces { position, quantity },
        total: had.total.sub(kept.total)?,
        taxable: had.taxable.sub(kept.taxable)?,
        tax: had.tax.sub(kept.tax)?,
    })
}

#[cfg(test)]
pub mod tests;
