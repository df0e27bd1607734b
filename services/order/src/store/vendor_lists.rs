//! A seller's orders, as lists and counts.

use chassis::row;
use jiff::Timestamp;
use kernel::{Money, SellerOrderId, VendorId};
use sqlx::PgConnection;

use crate::domain::order::Method;
use crate::domain::seller_order::SellerOrderState;

/// A line of a seller's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub seller_order_id: SellerOrderId,
    /// Its number for people.
    pub number: String,
    pub state: SellerOrderState,
    /// How the buyer pays.
    pub method: Method,
    /// What the buyer pays for it.
    pub total: Money,
    /// Until when the next step has to be taken.
    pub due_at: Option<Timestamp>,
    /// When the order was placed.
    pub placed_at: Timestamp,
}

/// A seller's orders, newest first. It does not see those that nobody paid for.
pub async fn list(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    state: Option<SellerOrderState>,
    before: Option<SellerOrderId>,
    rows: i64,
) -> sqlx::Result<Vec<Summary>> {
    let query = sqlx::query!(
        "select s.seller_order_id, s.number, s.state, o.payment_method, s.total, s.currency, o.placed_at,
                case when s.due_in = s.state then s.due_at
                     when s.state = 'delivered' then s.updated_at + interval '7 days'
                end as due_at
         from seller_orders s
         join orders o using (order_id)
         where s.vendor_id = $1 and s.state not in ('pending', 'cancelled')
           and ($2::text is null or s.state = $2)
           and ($3::uuid is null or s.seller_order_id < $3)
         order by s.seller_order_id desc
         limit $4",
        vendor_id.as_uuid(),
        state.map(|state| state.into_str()),
        before.map(|id| id.as_uuid()),
        rows,
    );
    let rows = query.fetch_all(conn).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Summary {
                seller_order_id: row.seller_order_id,
                number: row.number,
                state: row::parse("seller_orders.state", &row.state)?,
                method: row::parse("orders.payment_method", &row.payment_method)?,
                total: Money::new(row.total, row.currency),
                due_at: row.due_at.map(jiff_sqlx::Timestamp::to_jiff),
                placed_at: row.placed_at.to_jiff(),
            })
        })
        .collect()
}

/// How many of a seller's orders stand at a state.
#[derive(Debug)]
pub struct Count {
    pub state: SellerOrderState,
    pub orders: i64,
    pub oldest_at: Timestamp,
}

/// A seller's orders by state, of those that it sees.
pub async fn count(conn: &mut PgConnection, vendor_id: VendorId) -> sqlx::Result<Vec<Count>> {
    let query = sqlx::query!(
        r#"select s.state, count(*) as "count!", min(o.placed_at) as "oldest_at!"
           from seller_orders s
           join orders o using (order_id)
           where s.vendor_id = $1 and s.state not in ('pending', 'cancelled')
           group by s.state
           order by s.state"#,
        vendor_id.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Count {
                state: row::parse("seller_orders.state", &row.state)?,
                orders: row.count,
                oldest_at: row.oldest_at.to_jiff(),
            })
        })
        .collect()
}
