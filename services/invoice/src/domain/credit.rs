//! What is taken back of a document, line by line.

use kernel::{Money, MoneyError, Quantity, Sku, gst::Tax};

use super::flaw::{Flaw, InvoiceRefused};
use super::invoice::Invoice;
use super::item::{Item, Rate};
use super::line::{InvoiceLine, tax_in};

/// What is taken back of one line, as it was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credited {
    /// Which line of the document, counted from 0.
    pub position: u32,
    /// What stands there.
    pub sku: Sku,
    /// How many.
    pub quantity: u32,
    /// Only its price is reduced, and no piece is taken back.
    pub keeps_pieces: bool,
    /// What the buyer gets back for them.
    pub total: Money,
    /// The total without the tax in it.
    pub taxable: Money,
    /// The tax in it.
    pub tax: Money,
    /// It is too late to take tax back: there is none on the paper.
    pub commercial: bool,
}

/// How many of a line are not taken back yet, and what they cost.
#[derive(Debug, Clone, Copy)]
struct Left {
    quantity: u32,
    total: Money,
}

/// What is left of a sale after the credit notes so far.
#[derive(Debug)]
pub struct Remainder<'a> {
    sold: &'a Invoice,
    left: Vec<Left>,
}

impl<'a> Remainder<'a> {
    /// What `notes` left of `sold`.
    pub fn of(sold: &'a Invoice, notes: &[Invoice]) -> Result<Self, Flaw> {
        let whole =
            |line: &InvoiceLine| Left { quantity: line.item.quantity.get(), total: line.tax.total };
        let mut remainder = Self { sold, left: sold.lines.iter().map(whole).collect() };
        for line in notes.iter().flat_map(|note| &note.lines) {
            if let Some(position) = line.reduces {
                let quantity = if line.keeps_pieces { 0 } else { line.item.quantity.get() };
                remainder.reduce(position, quantity, line.tax.total)?;
            }
        }
        Ok(remainder)
    }

    /// Takes `credited` off, and says what stands on the credit note for it.
    ///
    /// The tax is the difference between the tax in what was left before and in what is left after. So it needs no
    /// rounding of its own, and the notes add up to the document however it is taken back, piece by piece or at once.
    pub fn take(&mut self, credited: &Credited) -> Result<InvoiceLine, Flaw> {
        let position = credited.position;
        let none = Flaw::NoSuchLine(position);
        let line = usize::try_from(position).ok().and_then(|nth| self.sold.lines.get(nth));
        let line = line.filter(|line| line.item.sku == credited.sku).ok_or(none)?;
        let (mut item, gross) = item(line, credited)?;

        let (before, after) = self.reduce(position, credited.quantity, credited.total)?;
        if credited.commercial {
            item.rate = Rate::NIL;
        }
        let supply = self.sold.supply.filter(|_| !credited.commercial);
        let tax_in = |left: Left| tax_in(left.total, item.rate, supply);
        let tax = difference(tax_in(before), tax_in(after)).map_err(InvoiceRefused::from)?;
        let due = tax.total.sub(tax.taxable).map_err(InvoiceRefused::from)?;
        if (credited.taxable, credited.tax) != (tax.taxable, due) {
            return Err(Flaw::CreditedTax { position, credited: credited.tax, due });
        }
        let keeps_pieces = credited.keeps_pieces;
        Ok(InvoiceLine { item, gross, tax, reduces: Some(position), keeps_pieces })
    }

    /// Takes pieces off a line. Returns what was left of it before and what is now.
    fn reduce(&mut self, position: u32, quantity: u32, total: Money) -> Result<(Left, Left), Flaw> {
        let left = usize::try_from(position).ok().and_then(|nth| self.left.get_mut(nth));
        let left = left.ok_or(Flaw::NoSuchLine(position))?;
        let before = *left;
        let quantity = before.quantity.checked_sub(quantity).ok_or(Flaw::TooMuch(position))?;
        let total = before.total.sub(total).map_err(InvoiceRefused::from)?;
        if total.is_negative() {
            return Err(Flaw::TooMuch(position));
        }
        *left = Left { quantity, total };
        Ok((before, *left))
    }
}

/// What was sold, in the quantity that is taken back, and its price before what the buyer does not get back of it. Where
/// only the price is reduced, by how much.
fn item(line: &InvoiceLine, credited: &Credited) -> Result<(Item, Money), Flaw> {
    if credited.keeps_pieces {
        let gross = credited.total;
        if gross.is_negative() {
            return Err(InvoiceRefused::DiscountOutOfRange.into());
        }
        let description = format!("Price reduction: {}", line.item.description);
        let (quantity, discount) = (Quantity::MIN, Money::zero(gross.currency()));
        let item = Item { description, quantity, unit_price: gross, discount, ..line.item.clone() };
        return Ok((item, gross));
    }
    let quantity = Quantity::new(credited.quantity)?;
    let gross = line.item.unit_price.times(quantity.get()).map_err(InvoiceRefused::from)?;
    let discount = gross.sub(credited.total).map_err(InvoiceRefused::from)?;
    if discount.is_negative() || credited.total.is_negative() {
        return Err(InvoiceRefused::DiscountOutOfRange.into());
    }
    Ok((Item { quantity, discount, ..line.item.clone() }, gross))
}

fn difference(
    before: Result<Tax, MoneyError>,
    after: Result<Tax, MoneyError>,
) -> Result<Tax, MoneyError> {
    let (before, after) = (before?, after?);
    Ok(Tax {
        taxable: before.taxable.sub(after.taxable)?,
        cgst: before.cgst.sub(after.cgst)?,
        sgst: before.sgst.sub(after.sgst)?,
        igst: before.igst.sub(after.igst)?,
        total: before.total.sub(after.total)?,
    })
}
