//! The tables of a document: what was sold, and the tax by rate.

use kernel::gst::SupplyType;
use paper::{Cell, Column, Look, Table};

use super::{amounts, heads, plain};
use crate::domain::invoice::Invoice;
use crate::domain::item::Rate;
use crate::domain::line::{InvoiceLine, RateTotal};

pub(super) fn lines(invoice: &Invoice) -> Table {
    let discounted = !invoice.totals.discount.is_zero();
    let mut columns = vec![
        Column::left("#").look(Look::Quiet),
        Column::left("Description").wide(),
        Column::left("HSN/SAC"),
        Column::right("Qty"),
        Column::right("Unit price"),
    ];
    columns.extend(discounted.then(|| Column::right("Discount")));
    let supply = invoice.taxed_supply();
    columns.extend(supply.map(|_| Column::right("Taxable value")));
    columns.extend(heads(supply).iter().map(|head| Column::right(*head)));
    columns.push(Column::right("Total").look(Look::Strong));
    let lines = invoice.lines.iter().zip(1_u32..);
    let rows = lines.map(|(line, nth)| row(line, nth, supply, discounted)).collect();
    Table { columns, rows }
}

fn row(line: &InvoiceLine, nth: u32, supply: Option<SupplyType>, discounted: bool) -> Vec<Cell> {
    let item = &line.item;
    let mut cells = vec![
        Cell::new(nth.to_string()),
        Cell::new(&item.description).under(format!("SKU {}", item.sku.as_str())),
        Cell::new(item.hsn.as_str()),
        Cell::new(item.quantity.to_string()).under(item.unit.code()),
        Cell::new(plain(item.unit_price)),
    ];
    cells.extend(discounted.then(|| Cell::new(plain(item.discount))));
    cells.extend(supply.map(|_| Cell::new(plain(line.tax.taxable))));
    let taxes = amounts(&line.tax, supply).into_iter().zip(rates(item.rate, supply));
    cells.extend(taxes.map(|(amount, rate)| Cell::new(plain(amount)).under(rate)));
    cells.push(Cell::new(plain(line.tax.total)));
    cells
}

fn rates(rate: Rate, supply: Option<SupplyType>) -> Vec<String> {
    match supply {
        None => vec![],
        Some(SupplyType::CgstSgst | SupplyType::CgstUtgst) => vec![rate.half(), rate.half()],
        Some(SupplyType::Igst) => vec![rate.whole()],
    }
}

/// The taxes by rate, or nothing where there are none.
pub(super) fn summary(invoice: &Invoice) -> Option<Table> {
    let supply = invoice.taxed_supply()?;
    let mut columns = vec![Column::left("GST rate"), Column::right("Taxable value").wide()];
    columns.extend(supply.components().iter().map(|head| Column::right(*head).wide()));
    columns.push(Column::right("Total tax").wide());
    let rows = invoice.totals.by_rate.iter().map(|rate| rate_row(rate, supply)).collect();
    Some(Table { columns, rows })
}

fn rate_row(entry: &RateTotal, supply: SupplyType) -> Vec<Cell> {
    let mut cells = vec![entry.rate.whole(), plain(entry.tax.taxable)];
    cells.extend(amounts(&entry.tax, Some(supply)).into_iter().map(plain));
    cells.push(plain(entry.charged));
    cells.into_iter().map(Cell::new).collect()
}
