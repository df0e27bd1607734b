//! Where the seller orders of many orders stand.

use std::collections::BTreeMap;

use chassis::row;
use kernel::OrderId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::seller_order::SellerOrderState;

/// The states of the seller orders of each of `orders`.
pub async fn list(
    conn: &mut PgConnection,
    orders: &[OrderId],
) -> sqlx::Result<BTreeMap<OrderId, Vec<SellerOrderState>>> {
    let ids: Vec<Uuid> = orders.iter().map(OrderId::as_uuid).collect();
    let query = sqlx::query!(
        r#"select order_id as "order_id: OrderId", state
           from seller_orders
           where order_id = any((select $1::uuid[])::uuid[])"#,
        &ids,
    );
    let rows = query.fetch_all(conn).await?;
    let mut states: BTreeMap<OrderId, Vec<SellerOrderState>> = BTreeMap::new();
    for row in rows {
        let state = row::parse("seller_orders.state", &row.state)?;
        states.entry(row.order_id).or_default().push(state);
    }
    Ok(states)
}
