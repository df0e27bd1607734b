//! The books of a story.

use std::collections::BTreeMap;

use sqlx::{PgPool, Row as _};

use super::purchase::Purchase;

/// The account of tax that was deducted, deposited, and is to be set off.
pub const TDS_ADJUSTABLE: &str = "tds_adjustable";

/// The accounts: what the payment moved and, as no payment did, cash of it that arrived at our bank and whatever was paid to
/// sellers who sell in this story only.
///
/// An account of another currency than the rupee has the currency in its name.
///
/// Tax that was deducted in the month before it was taken back stands in an account of its own. Together they do not
/// depend on the day on which a story is played; `apart` they are for stories that choose the day.
pub async fn books(
    db: &PgPool,
    purchase: &Purchase,
    apart: bool,
) -> anyhow::Result<Vec<(String, String)>> {
    let guests = purchase.sellers.iter().filter(|seller| seller.guest);
    let guests: Vec<&str> = guests.map(|seller| seller.vendor.as_str()).collect();
    let rows = sqlx::query(
        "with ours as (
             select payment_id from payments where checkout_id::text = $1
         ), entries as (
             select journal_id from journals join ours using (payment_id)
             union
             select journal_id from journals j join postings p using (journal_id) join accounts a using (account_id)
              where j.payment_id is null
                and (a.vendor_id::text = any($2)
                     or p.seller_order_id in (select s.seller_order_id from shares s join ours using (payment_id)))
         ), moved as (
             select case when code = $3 and not $4 then 'tds_payable' else code end as code,
                    case when code = $3 and not $4 then null else vendor_id::text end as vendor, currency, amount
               from postings join accounts using (account_id) join entries using (journal_id)
         )
         select code || case currency when 'INR' then '' else ' ' || currency end, vendor, sum(amount)::bigint
           from moved group by code, vendor, currency having sum(amount) <> 0",
    )
    .bind(&purchase.checkout)
    .bind(&guests)
    .bind(TDS_ADJUSTABLE)
    .bind(apart)
    .fetch_all(db)
    .await?;
    let mut books = BTreeMap::new();
    for row in rows {
        let (code, vendor): (String, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
        let part = |id: &String| purchase.sellers.iter().position(|seller| seller.vendor == *id);
        let name = match vendor.as_ref().and_then(part) {
            Some(part) => format!("{code} {}", part + 1),
            None => code,
        };
        books.insert(name, row.try_get::<i64, _>(2)?.to_string());
    }
    Ok(books.into_iter().collect())
}
