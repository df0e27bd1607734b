//! The lines of seller orders.

use std::collections::BTreeMap;

use chassis::row;
use kernel::{Currency, Money, SellerOrderId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::order::OrderLine;

/// The lines of the seller orders `ids`, all in `currency`, in their order.
pub async fn list(
    conn: &mut PgConnection,
    ids: &[Uuid],
    currency: Currency,
) -> sqlx::Result<BTreeMap<SellerOrderId, Vec<OrderLine>>> {
    let rows = sqlx::query!(
        "select seller_order_id, sku, product_id, title, hsn, gst_rate_bp, quantity, unit_price,
                total, taxable, tax
         from order_lines
         where seller_order_id = any((select $1::uuid[])::uuid[])
         order by seller_order_id, position",
        ids,
    )
    .fetch_all(conn)
    .await?;
    let mut lines: BTreeMap<SellerOrderId, Vec<OrderLine>> = BTreeMap::new();
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
        lines.entry(row.seller_order_id).or_default().push(line);
    }
    Ok(lines)
}
