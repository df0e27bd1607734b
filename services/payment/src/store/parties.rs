//! Who bought and who sold what something is about. Neither ever changes.

use kernel::{SellerOrderId, UserId, VendorId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

/// Who has a part in something.
#[derive(Debug, Default)]
pub struct Parties {
    pub buyers: Vec<UserId>,
    pub vendors: Vec<VendorId>,
}

/// Who bought and who sold what a payment, an order, a refund or a dispute is about; nobody where there is no such thing.
pub async fn find(conn: &mut PgConnection, about: Uuid) -> sqlx::Result<Parties> {
    let rows = sqlx::query!(
        r#"select p.buyer as "buyer!: UserId", s.vendor_id as "vendor_id?: VendorId"
             from payments p left join shares s on s.payment_id = p.payment_id
            where p.payment_id in (select $1::uuid
                                   union all select payment_id from payments where order_id = $1
                                   union all select payment_id from refunds where refund_id = $1
                                   union all select payment_id from disputes where dispute_id = $1)"#,
        about,
    );
    let mut parties = Parties::default();
    for row in rows.fetch_all(conn).await? {
        parties.buyers.push(row.buyer);
        parties.vendors.extend(row.vendor_id);
    }
    Ok(parties)
}

/// Who bought and who sold these parts of orders.
pub async fn find_of_parts(
    conn: &mut PgConnection,
    seller_orders: &[SellerOrderId],
) -> sqlx::Result<Parties> {
    let ids: Vec<Uuid> = seller_orders.iter().map(SellerOrderId::as_uuid).collect();
    let rows = sqlx::query!(
        "select p.buyer, s.vendor_id from shares s join payments p on p.payment_id = s.payment_id
          where s.seller_order_id = any($1)",
        &ids,
    );
    let (buyers, vendors) =
        rows.fetch_all(conn).await?.into_iter().map(|row| (row.buyer, row.vendor_id)).unzip();
    Ok(Parties { buyers, vendors })
}
