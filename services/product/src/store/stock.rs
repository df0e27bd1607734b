//! The counters of every SKU.

use std::collections::BTreeSet;

use kernel::{Sku, VendorId};
use sqlx::PgConnection;

use crate::domain::shelf::{Shelf, Slot};
use crate::domain::stock::{Counters, Move};

/// Makes the counters of new SKUs: nothing of each.
pub async fn insert(conn: &mut PgConnection, skus: &[String]) -> sqlx::Result<()> {
    sqlx::query!("insert into stock (sku) select unnest($1::text[])", skus)
        .execute(conn)
        .await
        .map(drop)
}

/// Locks these SKUs in their order, so that no two transactions wait for each other.
pub async fn lock<'a>(
    conn: &mut PgConnection,
    skus: impl IntoIterator<Item = &'a Sku>,
) -> sqlx::Result<Shelf> {
    let skus: BTreeSet<String> = skus.into_iter().map(|sku| sku.as_str().to_owned()).collect();
    let skus: Vec<String> = skus.into_iter().collect();
    let query = sqlx::query!(
        "select s.sku, v.product_id, v.vendor_id, s.received, s.available, s.held, s.committed,
                s.shipped
           from stock s
           join variants v on v.sku = s.sku
          where s.sku = any((select $1::text[])::text[])
          order by s.sku
            for update of s",
        &skus,
    );
    let rows = query.fetch_all(conn).await?;
    let slots = rows.into_iter().map(|row| {
        let slot = Slot {
            product_id: row.product_id,
            vendor_id: row.vendor_id,
            counters: Counters {
                received: row.received,
                available: row.available,
                held: row.held,
                committed: row.committed,
                shipped: row.shipped,
            },
        };
        (row.sku, slot)
    });
    Ok(slots.collect())
}

/// The counters of a SKU of this seller.
pub async fn find(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    sku: &Sku,
) -> sqlx::Result<Option<Counters>> {
    let query = sqlx::query_as!(
        Counters,
        "select s.received, s.available, s.held, s.committed, s.shipped
           from stock s
           join variants v on v.sku = s.sku
          where s.sku = $1 and v.vendor_id = $2",
        sku.as_str(),
        vendor_id.as_uuid(),
    );
    query.fetch_optional(conn).await
}

/// Moves pieces of locked SKUs. Takes no more than there is, whatever the caller believes.
pub async fn shift(conn: &mut PgConnection, moves: &[Move]) -> sqlx::Result<()> {
    let skus: Vec<String> = moves.iter().map(|m| m.sku.as_str().to_owned()).collect();
    let of = |counter: fn(Counters) -> i64| -> Vec<i64> {
        moves.iter().map(|m| counter(m.change())).collect()
    };
    let distinct: BTreeSet<&String> = skus.iter().collect();
    let query = sqlx::query!(
        "with change as (
             select sku, sum(received)::bigint as received, sum(available)::bigint as available,
                    sum(held)::bigint as held, sum(committed)::bigint as committed,
                    sum(shipped)::bigint as shipped
               from unnest((select $1::text[]), (select $2::bigint[]), (select $3::bigint[]),
                           (select $4::bigint[]), (select $5::bigint[]), (select $6::bigint[]))
                    as m (sku, received, available, held, committed, shipped)
              group by sku
         )
         update stock s
            set received = s.received + c.received, available = s.available + c.available,
                held = s.held + c.held, committed = s.committed + c.committed,
                shipped = s.shipped + c.shipped
           from change c
          where s.sku = c.sku and s.available + c.available >= 0",
        &skus,
        &of(|c| c.received),
        &of(|c| c.available),
        &of(|c| c.held),
        &of(|c| c.committed),
        &of(|c| c.shipped),
    );
    let done = query.execute(conn).await?;
    let all = u64::try_from(distinct.len()).is_ok_and(|n| n == done.rows_affected());
    if all { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}
