//! The lines of seller orders.

use std::collections::BTreeMap;

use chassis::row;
use kernel::{Currency, Money, SellerOrderId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::credit::Pieces;
use crate::domain::order::OrderLine;

/// The lines of a seller order, in their order.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    /// As they were frozen.
    pub sold: Vec<OrderLine>,
    /// Which of them are taxable supplies.
    pub taxed: Vec<bool>,
    /// How many pieces of each are left: sold and not taken back.
    pub left: Vec<u32>,
    /// What became of the others.
    pub taken: Vec<Taken>,
}

/// Of the pieces of a line, how many were taken back, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Before they were shipped.
    pub cancelled: u32,
    /// They came back.
    pub returned: u32,
    /// They never arrived.
    pub lost: u32,
    /// They were sent, and the buyer's bank took the money back.
    pub settled: u32,
}

/// The lines of the seller orders `ids`, all in `currency`.
pub async fn list(
    conn: &mut PgConnection,
    ids: &[Uuid],
    currency: Currency,
) -> sqlx::Result<BTreeMap<SellerOrderId, Lines>> {
    let query = sqlx::query!(
        r#"select seller_order_id, sku, product_id, title, hsn, gst_rate_bp, quantity, unit_price,
                  total, taxable, tax, cancelled, returned, lost, settled,
                  coalesce(taxed, gst_rate_bp > 0) as "taxed!"
           from order_lines
           where seller_order_id = any((select $1::uuid[])::uuid[])
           order by seller_order_id, position"#,
        ids,
    );
    let rows = query.fetch_all(conn).await?;
    let mut lines: BTreeMap<SellerOrderId, Lines> = BTreeMap::new();
    for row in rows {
        let line = OrderLine {
            sku: row.sku,
            product_id: row.product_id,
            title: row.title,
            hsn: row.hsn,
            gst_rate_bp: row::fit("order_lines.gst_rate_bp", u32::try_from(row.gst_rate_bp))?,
            quantity: row::fit("order_lines.quantity", u32::try_from(row.quantity))?,
            unit_price: Money::new(row.unit_price, currency),
            total: Money::new(row.total, currency),
            taxable: Money::new(row.taxable, currency),
            tax: Money::new(row.tax, currency),
        };
        let count = |pieces: i32| row::fit("order_lines.cancelled", u32::try_from(pieces));
        let left = count(row.quantity - row.cancelled - row.returned - row.lost)?;
        let of_part = lines.entry(row.seller_order_id).or_default();
        of_part.sold.push(line);
        of_part.taxed.push(row.taxed);
        of_part.left.push(left);
        of_part.taken.push(Taken {
            cancelled: count(row.cancelled)?,
            returned: count(row.returned)?,
            // Those that a bank settled are among them: the release before knows no other counter.
            lost: count(row.lost - row.settled)?,
            settled: count(row.settled)?,
        });
    }
    Ok(lines)
}

/// Pieces of a line, whose `position` in the tables begins with one.
pub fn pieces(position: i32, quantity: i32) -> sqlx::Result<Pieces> {
    Ok(Pieces {
        position: row::fit("position", u32::try_from(position - 1))?,
        quantity: row::fit("quantity", u32::try_from(quantity))?,
    })
}
