//! Cash on its way from doors to our bank, and what of it arrived.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, SellerOrderId, VendorId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

use crate::domain::remittance::{Remittance, Reported};

/// Cash that was taken and has not arrived.
#[derive(Debug, Clone)]
pub struct Due {
    /// Who has it: the carrier, or `seller:` and the seller where no carrier is known.
    pub party: String,
    pub seller_order_id: SellerOrderId,
    pub vendor_id: VendorId,
    pub order_number: String,
    pub amount: Money,
    pub collected_at: Timestamp,
}

/// Keeps who carries a parcel: the first that is heard of, under the name by which it was first heard of in capitals or
/// small letters.
pub async fn keep_carrier(
    conn: &mut PgConnection,
    seller_order: SellerOrderId,
    carrier: &str,
) -> sqlx::Result<()> {
    // Until the commit: of two new spellings at once the second takes the first.
    sqlx::query!("select pg_advisory_xact_lock(hashtext('carriers'))").execute(&mut *conn).await?;
    let query = sqlx::query!(
        "insert into carriers (seller_order_id, carrier)
         select $1, coalesce((select c.carrier from carriers c
                               where lower(c.carrier) = lower($2)
                               order by c.seller_order_id
                               limit 1), $2)
             on conflict do nothing",
        seller_order.as_uuid(),
        carrier,
    );
    query.execute(conn).await.map(drop)
}

/// What has not arrived, the longest taken first.
pub async fn list_due(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Due>> {
    let rows = sqlx::query!(
        r#"select coalesce(c.carrier, 'seller:' || s.vendor_id) as "party!", s.seller_order_id, s.vendor_id,
                  p.order_number, coalesce(s.collected, s.gross) as "amount!", s.currency,
                  s.collected_at as "collected_at!"
             from shares s
             join payments p on p.payment_id = s.payment_id
             left join carriers c on c.seller_order_id = s.seller_order_id
            where s.collected_at is not null and s.remitted_in is null
            order by s.collected_at, s.seller_order_id
            limit $1"#,
        limit
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|row| Due {
        party: row.party,
        seller_order_id: row.seller_order_id,
        vendor_id: row.vendor_id,
        order_number: row.order_number,
        amount: Money::new(row.amount, row.currency),
        collected_at: row.collected_at.to_jiff(),
    });
    Ok(rows.collect())
}

/// Cash for what was delivered and kept so far, of which nobody says that it was taken.
#[derive(Debug, Clone)]
pub struct Unreported {
    /// Who should have it, as in `Due`.
    pub party: String,
    pub seller_order_id: SellerOrderId,
    pub vendor_id: VendorId,
    pub order_number: String,
    pub amount: Money,
    pub delivered_at: Timestamp,
}

/// Cash that nobody reported, the longest delivered first; and of how many seller orders there is any.
pub async fn list_unreported(
    conn: &mut PgConnection,
    limit: i64,
) -> sqlx::Result<(Vec<Unreported>, i64)> {
    let rows = sqlx::query!(
        r#"select coalesce(c.carrier, 'seller:' || s.vendor_id) as "party!", s.seller_order_id, s.vendor_id,
                  p.order_number, s.gross - s.credited_gross as "amount!", s.currency, d.delivered_at,
                  count(*) over () as "count!"
             from payments p
             join shares s on s.payment_id = p.payment_id
             join deliveries d on d.seller_order_id = s.seller_order_id
             left join carriers c on c.seller_order_id = s.seller_order_id
            where p.status = 'cod_accepted' and s.collected_at is null and s.credited_gross < s.gross
            order by d.delivered_at, s.seller_order_id
            limit $1"#,
        limit
    );
    let rows = rows.fetch_all(conn).await?;
    let count = rows.first().map_or(0, |row| row.count);
    let unreported = rows.into_iter().map(|row| Unreported {
        party: row.party,
        seller_order_id: row.seller_order_id,
        vendor_id: row.vendor_id,
        order_number: row.order_number,
        amount: Money::new(row.amount, row.currency),
        delivered_at: row.delivered_at.to_jiff(),
    });
    Ok((unreported.collect(), count))
}

/// Cash that nobody reported: of how many seller orders, how much in `currency`, and since when the longest.
pub async fn count_unreported(
    conn: &mut PgConnection,
    currency: Currency,
) -> sqlx::Result<(i64, i64, Option<Timestamp>)> {
    let row = sqlx::query!(
        r#"select count(*) as "count!", coalesce(sum(s.gross - s.credited_gross), 0)::bigint as "amount!",
                  min(d.delivered_at) as oldest
             from payments p
             join shares s on s.payment_id = p.payment_id
             join deliveries d on d.seller_order_id = s.seller_order_id
            where p.status = 'cod_accepted' and s.collected_at is null and s.credited_gross < s.gross
              and s.currency = $1"#,
        currency.as_str(),
    );
    let row = row.fetch_one(conn).await?;
    Ok((row.count, row.amount, row.oldest.map(jiff_sqlx::Timestamp::to_jiff)))
}

/// What of these is with `party` and has not arrived, which is locked.
pub async fn lock_due(
    conn: &mut PgConnection,
    party: &str,
    seller_orders: &[SellerOrderId],
    currency: Currency,
) -> sqlx::Result<Vec<(SellerOrderId, Money)>> {
    let ids: Vec<Uuid> = seller_orders.iter().map(SellerOrderId::as_uuid).collect();
    let rows = sqlx::query!(
        r#"select s.seller_order_id, coalesce(s.collected, s.gross) as "amount!"
             from shares s
             left join carriers c on c.seller_order_id = s.seller_order_id
            where s.seller_order_id = any($1) and s.collected_at is not null and s.remitted_in is null
              and s.currency = $3 and coalesce(c.carrier, 'seller:' || s.vendor_id) = $2
            order by s.seller_order_id
              for update of s"#,
        &ids,
        party,
        currency.as_str(),
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    Ok(rows.map(|row| (row.seller_order_id, Money::new(row.amount, currency))).collect())
}

/// Keeps a new transfer that was reported `at` this time. False when one of this number is known.
pub async fn insert(
    conn: &mut PgConnection,
    new: &Remittance,
    at: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into remittances (bank_reference, party, due, received, currency, reported_at, reason)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (bank_reference) do nothing",
        new.bank_reference,
        new.party,
        new.due.minor(),
        new.received.minor(),
        new.due.currency().as_str(),
        at.to_sqlx(),
        new.reason,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Writes down that these arrived.
pub async fn settle(
    conn: &mut PgConnection,
    bank_reference: &str,
    seller_orders: &[SellerOrderId],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = seller_orders.iter().map(SellerOrderId::as_uuid).collect();
    let query = sqlx::query!(
        "update shares set remitted_in = $1
          where seller_order_id = any($2) and collected_at is not null and remitted_in is null",
        bank_reference,
        &ids,
    );
    query.execute(conn).await.map(drop)
}

/// The booked transfer of this number, however it is written.
pub async fn find(conn: &mut PgConnection, bank_reference: &str) -> sqlx::Result<Option<Reported>> {
    let row = sqlx::query!(
        "select bank_reference, party, due, received, currency, reported_at, reason from remittances
          where upper(bank_reference) = upper($1)
          order by seq
          limit 1",
        bank_reference
    );
    let Some(row) = row.fetch_optional(&mut *conn).await? else { return Ok(None) };
    let orders = sqlx::query_scalar!(
        "select seller_order_id from shares where remitted_in = $1 order by seller_order_id",
        row.bank_reference
    );
    let seller_orders = orders.fetch_all(&mut *conn).await?;
    let remittance = Remittance {
        bank_reference: row.bank_reference,
        party: row.party,
        seller_orders,
        due: Money::new(row.due, row.currency),
        received: Money::new(row.received, row.currency),
        reason: row.reason,
    };
    Ok(Some(Reported::Alone(remittance, row.reported_at.to_jiff())))
}
