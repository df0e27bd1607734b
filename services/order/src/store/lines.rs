//! The lines of seller orders.

use std::collections::BTreeMap;

use kernel::{Currency, Money, ProductId, SellerOrderId, Sku};
use sqlx::PgConnection;
use uuid::Uuid;

use super::texts::{count, unreadable};
use crate::domain::order::Line;

/// The lines of the seller orders `ids`, all in `currency`, in their order.
pub async fn list(
    conn: &mut PgConnection,
    ids: &[Uuid],
    currency: Currency,
) -> sqlx::Result<BTreeMap<SellerOrderId, Vec<Line>>> {
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
    let mut lines: BTreeMap<SellerOrderId, Vec<Line>> = BTreeMap::new();
    for row in rows {
        let line = Line {
            sku: Sku::parse(&row.sku).map_err(|error| unreadable("order_lines.sku", error))?,
            product_id: ProductId::from_uuid(row.product_id),
            title: row.title,
            hsn: row.hsn,
            gst_rate_bp: count("order_lines.gst_rate_bp", row.gst_rate_bp)?,
            quantity: count("order_lines.quantity", row.quantity)?,
            unit_price: Money::new(row.unit_price, currency),
            total: Money::new(row.total, currency),
            taxable: Money::new(row.taxable, currency),
            tax: Money::new(row.tax, currency),
        };
        lines.entry(SellerOrderId::from_uuid(row.seller_order_id)).or_default().push(line);
    }
    Ok(lines)
}
