//! Issued documents of an order, of a seller, of all.

use kernel::{InvoiceId, OrderId, VendorId};
use sqlx::PgConnection;

use super::{Summary, load};

/// Every document of an order, printed or not, oldest first.
pub async fn list_of_order(conn: &mut PgConnection, id: OrderId) -> sqlx::Result<Vec<Summary>> {
    let query = sqlx::query_scalar!(
        "select id from invoices where order_id = $1 order by id",
        id.as_uuid(),
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

/// Issued documents of a seller, newest first, below `before`.
pub async fn list_of_seller(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    before: Option<InvoiceId>,
    rows: i64,
) -> sqlx::Result<Vec<Summary>> {
    let query = sqlx::query_scalar!(
        "select id
           from invoices
          where vendor_id = $1 and state = 'issued' and ($2::uuid is null or id < $2)
          order by id desc
          limit $3",
        vendor_id.as_uuid(),
        before.map(|id| id.as_uuid()),
        rows,
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

/// Issued documents of everybody, or of one order, newest first, below `before`.
pub async fn list_issued(
    conn: &mut PgConnection,
    order_id: Option<OrderId>,
    before: Option<InvoiceId>,
    rows: i64,
) -> sqlx::Result<Vec<Summary>> {
    let query = sqlx::query_scalar!(
        "select id
           from invoices
          where state = 'issued' and ($1::uuid is null or order_id = $1) and ($2::uuid is null or id < $2)
          order by id desc
          limit $3",
        order_id.map(|id| id.as_uuid()),
        before.map(|id| id.as_uuid()),
        rows,
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}
