//! Seller orders whose time for the next step is nearly over, and whether their sellers were told.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, SellerOrderId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Deadlines after now and up to here are near.
#[derive(Debug, Clone, Copy)]
pub struct Until {
    pub now: Timestamp,
    /// Of what has to be accepted.
    pub accept: Timestamp,
    /// Of what has to be shipped.
    pub ship: Timestamp,
}

/// Up to a hundred seller orders whose sellers were not told that time is short, without `except`.
pub async fn list(
    conn: &mut PgConnection,
    until: Until,
    except: &[Uuid],
) -> sqlx::Result<Vec<SellerOrderId>> {
    let query = sqlx::query_scalar!(
        "select seller_order_id
         from seller_orders
         where due_in = state and reminded_of is distinct from due_at and due_at > $1
           and (state = 'confirmed' and due_at <= $2 or state in ('accepted', 'packed') and due_at <= $3)
           and seller_order_id <> all($4)
         limit 100",
        until.now.to_sqlx(),
        until.accept.to_sqlx(),
        until.ship.to_sqlx(),
        except,
    );
    query.fetch_all(conn).await
}

/// Writes down that the sellers of those of `ids` that belong to an order are told. Answers which. The order is locked.
pub async fn set_reminded(
    conn: &mut PgConnection,
    order_id: OrderId,
    until: Until,
    ids: &[Uuid],
) -> sqlx::Result<Vec<SellerOrderId>> {
    let query = sqlx::query_scalar!(
        "update seller_orders
         set reminded_of = due_at
         where order_id = $4 and seller_order_id = any($5)
           and due_in = state and reminded_of is distinct from due_at and due_at > $1
           and (state = 'confirmed' and due_at <= $2 or state in ('accepted', 'packed') and due_at <= $3)
         returning seller_order_id",
        until.now.to_sqlx(),
        until.accept.to_sqlx(),
        until.ship.to_sqlx(),
        order_id.as_uuid(),
        ids,
    );
    query.fetch_all(conn).await
}
