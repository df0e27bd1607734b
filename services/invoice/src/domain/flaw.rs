//! Why no lawful document can be made of a confirmed order or of a credit.

use kernel::{Invalid, Money, MoneyError};

/// What is wrong with it. Nothing that is said again later can mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A value cannot stand on a document.
    #[error(transparent)]
    Value(#[from] Invalid),
    /// The document cannot be issued over its lines.
    #[error(transparent)]
    Refused(#[from] InvoiceRefused),
    /// The lines do not cost what the buyer paid for them.
    #[error("its lines come to {lines}, and {paid} was paid")]
    Total {
        /// What the lines come to.
        lines: Money,
        /// What the buyer paid.
        paid: Money,
    },
    /// The tax in the lines is not what the order says is in the price.
    #[error("the tax in its lines comes to {lines}, and {charged} was charged")]
    Tax {
        /// The tax in the lines.
        lines: Money,
        /// The tax in the order.
        charged: Money,
    },
    /// The value of the lines is not the one by which the money was shared.
    #[error("its lines are worth {lines} without tax, and the share was reckoned on {shared}")]
    Taxable {
        /// The value of the lines.
        lines: Money,
        /// The value in the share.
        shared: Money,
    },
    /// The order was taxed as a supply within a state and is one between states, or the other way round.
    #[error("the order was taxed for another kind of supply")]
    Supply,
    /// Only a later edition of the address is known, and it lies in another state.
    #[error("the address is no longer in the state the order was taxed for")]
    PlaceOfSupply,
    /// Tax was collected for a seller who is not registered for it, or may not charge it.
    #[error("tax was collected for a seller who may not charge it")]
    Unregistered,
    /// A credit names a line that the document does not have, or another thing than stands there.
    #[error("the document has no such line {0}")]
    NoSuchLine(u32),
    /// More is taken back of a line than is left of it.
    #[error("more of line {0} is credited than is left of it")]
    TooMuch(u32),
    /// What is taken back of a line is not what its rate and the supply give.
    #[error("line {position} is credited with {credited} of tax, and its rate gives {due}")]
    CreditedTax {
        /// Which line.
        position: u32,
        /// The tax in the credit.
        credited: Money,
        /// The tax that was in what is taken back.
        due: Money,
    },
    /// Another seller than the document's takes back.
    #[error("the document is another seller's")]
    AnotherSeller,
    /// More commission of a month was taken back than was charged in it.
    #[error("more commission was taken back than was charged")]
    Commission,
    /// The seller has used all numbers of the year.
    #[error("the series of this year is full")]
    SeriesFull,
}

/// Why a document cannot be issued over some items.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceRefused {
    /// There is nothing to put on it.
    #[error("a document needs at least one line")]
    NoLines,
    /// GST is charged in rupees only.
    #[error("every amount must be in rupees")]
    NotInRupees,
    /// A price or discount below zero, or a discount above the price.
    #[error("a discount must lie between zero and the price of its line")]
    DiscountOutOfRange,
    /// The amounts are too large to add up.
    #[error("the amounts are out of range")]
    Money(#[from] MoneyError),
}
