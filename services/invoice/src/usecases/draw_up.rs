//! Turns a seller's part of a confirmed order into the document that stands for it.

use contracts::order::{OrderFact, OrderLine, SellerPart};
use contracts::payment::SupplyKind;
use jiff::Timestamp;
use kernel::{InvoiceNumber, Money, Quantity};

use crate::domain::flaw::{Flaw, InvoiceRefused};
use crate::domain::invoice::{Invoice, Particulars, Purpose};
use crate::domain::item::{Hsn, Item, Rate, Unit};
use crate::domain::party::{Recipient, Registration, Supplier};

#[derive(Debug, Clone)]
pub struct Parties {
    pub bill_to: Recipient,
    pub ship_to: Recipient,
}

/// Draws up the document for `part` of `order`, and refuses what would not be lawful.
pub fn draw_up(
    order: &OrderFact,
    part: &SellerPart,
    supplier: Supplier,
    parties: Parties,
    number: InvoiceNumber,
    now: Timestamp,
) -> Result<Invoice, Flaw> {
    let charges = matches!(supplier.registration, Registration::Regular { .. });
    if !part.tax.is_zero() && !charges {
        return Err(Flaw::Unregistered);
    }
    let items = part.lines.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    let particulars = Particulars {
        purpose: Purpose::Sale,
        number,
        issued_at: now,
        order_number: text(&order.number),
        seller_order_number: text(&part.number),
        supplier,
        bill_to: parties.bill_to,
        ship_to: parties.ship_to,
    };
    if particulars.place_of_supply().current() != order.place_of_supply.current() {
        return Err(Flaw::PlaceOfSupply);
    }

    let invoice = Invoice::issue(particulars, items)?;
    if invoice.total() != part.total {
        return Err(Flaw::Total { lines: invoice.total(), paid: part.total });
    }
    agrees(&invoice, part)?;
    Ok(invoice)
}

/// The order was split, and will be paid to the tax office, by its own reckoning: another one on the paper would be a
/// wrong return, and not a wrong paper.
fn agrees(invoice: &Invoice, part: &SellerPart) -> Result<(), Flaw> {
    let tax = &invoice.totals.tax;
    let charged = tax.total.sub(tax.taxable).map_err(InvoiceRefused::from)?;
    if charged != part.tax {
        return Err(Flaw::Tax { lines: charged, charged: part.tax });
    }
    if tax.taxable != part.share.taxable {
        return Err(Flaw::Taxable { lines: tax.taxable, shared: part.share.taxable });
    }
    let crosses = match part.share.terms.map(|terms| terms.supply) {
        Some(SupplyKind::Intra) => Some(false),
        Some(SupplyKind::Inter) => Some(true),
        // Said before it was told.
        Some(SupplyKind::Unknown) | None => None,
    };
    match (invoice.supply, crosses) {
        (Some(supply), Some(crosses)) if supply.is_inter_state() != crosses => Err(Flaw::Supply),
        (_, _) => Ok(()),
    }
}

fn item(line: &OrderLine) -> Result<Item, Flaw> {
    Ok(Item {
        description: text(&line.title),
        sku: line.sku.clone(),
        hsn: Hsn::parse(&line.hsn)?,
        quantity: Quantity::new(line.quantity)?,
        unit: Unit::Numbers,
        unit_price: line.unit_price,
        discount: Money::zero(line.unit_price.currency()),
        rate: Rate::from_basis_points(line.gst_rate_bp)?,
    })
}

/// No row can hold a NUL, and one that is refused takes those of the other sellers with it.
fn text(heard: &str) -> String {
    heard.replace('\0', "")
}
