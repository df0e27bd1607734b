//! Seller orders whose time for the next step is over.

use chassis::row;
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, SellerOrderId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::seller_order::SellerOrderState;

/// What the release before moves has no deadline: before it is shipped it has three days from its last step, then thirty,
/// and seven once it is delivered.
const TO_SHIP: SignedDuration = SignedDuration::from_hours(72);
const TO_ARRIVE: SignedDuration = SignedDuration::from_hours(30 * 24);
const TO_KEEP: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Up to a hundred seller orders that are late, without `except`: at their step, at the release before's, or, when all of
/// it is settled, with a parcel. What is being sent back is not kept yet. Each has an index of its own.
pub async fn list(
    conn: &mut PgConnection,
    now: Timestamp,
    except: &[Uuid],
) -> sqlx::Result<Vec<SellerOrderId>> {
    let query = sqlx::query_scalar!(
        r#"(select seller_order_id as "seller_order_id!: SellerOrderId"
            from seller_orders s
            where due_in = state and due_at <= $1
              and not exists (select from returns r where r.seller_order_id = s.seller_order_id and r.due_at is not null)
              and seller_order_id <> all($5)
            order by due_at
            limit 100)
           union all
           (select seller_order_id
            from seller_orders s
            where due_in is distinct from state
              and state in ('confirmed', 'accepted', 'packed', 'shipped', 'rto', 'delivered')
              and updated_at <= $2
              and updated_at <= case when state in ('shipped', 'rto') then $3::timestamptz
                                     when state = 'delivered' then $4::timestamptz
                                     else $2::timestamptz end
              and not exists (select from returns r where r.seller_order_id = s.seller_order_id and r.due_at is not null)
              and seller_order_id <> all($5)
            order by updated_at
            limit 100)
           union all
           (select seller_order_id
            from parcels p
            join seller_orders s using (seller_order_id)
            where p.state in ('shipped', 'rto') and p.due_at <= $1 and s.state = 'lost'
              and seller_order_id <> all($5)
            order by p.due_at
            limit 100)
           limit 100"#,
        now.to_sqlx(),
        (now - TO_SHIP).to_sqlx(),
        (now - TO_ARRIVE).to_sqlx(),
        (now - TO_KEEP).to_sqlx(),
        except,
    );
    query.fetch_all(conn).await
}

/// Those of an order's seller orders among these that are late, and where they stand. The order is locked.
pub async fn list_of_order(
    conn: &mut PgConnection,
    order_id: OrderId,
    now: Timestamp,
    ids: &[Uuid],
) -> sqlx::Result<Vec<(SellerOrderId, SellerOrderState)>> {
    let query = sqlx::query!(
        "select seller_order_id, state
         from seller_orders
         where order_id = $5 and seller_order_id = any($6)
           and (state in ('confirmed', 'accepted', 'packed', 'shipped', 'rto', 'delivered')
                and (due_in = state and due_at <= $1
                     or due_in is distinct from state
                        and updated_at <= case when state in ('shipped', 'rto') then $3::timestamptz
                                               when state = 'delivered' then $4::timestamptz
                                               else $2::timestamptz end)
                and not exists (select from returns r
                                where r.seller_order_id = seller_orders.seller_order_id and r.due_at is not null)
                or state = 'lost'
                   and exists (select from parcels p
                               where p.seller_order_id = seller_orders.seller_order_id
                                 and p.state in ('shipped', 'rto') and p.due_at <= $1))
         order by position",
        now.to_sqlx(),
        (now - TO_SHIP).to_sqlx(),
        (now - TO_ARRIVE).to_sqlx(),
        (now - TO_KEEP).to_sqlx(),
        order_id.as_uuid(),
        ids,
    );
    let rows = query.fetch_all(conn).await?;
    rows.into_iter()
        .map(|row| Ok((row.seller_order_id, row::parse("seller_orders.state", &row.state)?)))
        .collect()
}
