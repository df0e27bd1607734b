//! What became of the pieces of an order, line by line.

use std::collections::BTreeMap;

use chassis::row;
use kernel::{OrderId, SellerOrderId};
use sqlx::PgConnection;

/// Of the pieces of a line, how many were taken back, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    /// Before they were shipped.
    pub cancelled: u32,
    /// They came back.
    pub returned: u32,
    /// They never arrived.
    pub lost: u32,
}

/// The counters of every line of an order, by seller order, in the order of its lines.
pub async fn list(
    conn: &mut PgConnection,
    order_id: OrderId,
) -> sqlx::Result<BTreeMap<SellerOrderId, Vec<Counters>>> {
    let query = sqlx::query!(
        "select l.seller_order_id, l.cancelled, l.returned, l.lost
         from seller_orders s
         join order_lines l using (seller_order_id)
         where s.order_id = $1
         order by l.seller_order_id, l.position",
        order_id.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?;
    let mut counters: BTreeMap<SellerOrderId, Vec<Counters>> = BTreeMap::new();
    for row in rows {
        let count = |pieces: i32| row::fit("order_lines.cancelled", u32::try_from(pieces));
        let line = Counters {
            cancelled: count(row.cancelled)?,
            returned: count(row.returned)?,
            lost: count(row.lost)?,
        };
        counters.entry(row.seller_order_id).or_default().push(line);
    }
    Ok(counters)
}
