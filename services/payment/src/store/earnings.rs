//! What sellers read of the ledger about each part that they sold. Others' money stands on the credit side, so signs are
//! turned around.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CreditId, Currency, Money, OrderId, SellerOrderId, VendorId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

use crate::domain::earning::{Booked, Parts, Recipe, Sold};
use crate::domain::ledger::{AVAILABLE, PENDING};

/// Where a list goes on: when the payment of a part was asked for, and which part.
pub type Place = (Timestamp, SellerOrderId);

/// Parts that a seller sold and that were paid for, the newest first, each with its order's number.
pub async fn list(
    conn: &mut PgConnection,
    vendor: VendorId,
    order: Option<OrderId>,
    before: Option<Place>,
    limit: i64,
) -> sqlx::Result<Vec<(Sold, String)>> {
    let (at, part) = before.unzip();
    let rows = sqlx::query!(
        "select s.seller_order_id, s.payment_id, s.created_at, s.currency, p.order_id, p.order_number
           from shares s
           join payments p on p.payment_id = s.payment_id
          where s.vendor_id = $1 and ($2::uuid is null or p.order_id = $2)
            and ($3::timestamptz is null or (s.created_at, s.seller_order_id) < ($3, $4::uuid))
            and exists (select from postings o
                          join journals j on j.journal_id = o.journal_id
                         where o.seller_order_id = s.seller_order_id and j.payment_id = s.payment_id)
          order by s.created_at desc, s.seller_order_id desc
          limit $5",
        vendor.as_uuid(),
        order.map(|order| order.as_uuid()),
        at.map(ToSqlx::to_sqlx) as _,
        part.map(|part| part.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|row| {
        let sold = Sold {
            seller_order_id: row.seller_order_id,
            payment_id: row.payment_id,
            order_id: row.order_id,
            created_at: row.created_at.to_jiff(),
            currency: row.currency,
        };
        (sold, row.order_number)
    });
    Ok(rows.collect())
}

/// What was booked for these parts of a seller, journal by journal, the oldest first.
pub async fn list_booked(
    conn: &mut PgConnection,
    vendor: VendorId,
    parts: &[SellerOrderId],
) -> sqlx::Result<Vec<Booked>> {
    let ids: Vec<Uuid> = parts.iter().map(SellerOrderId::as_uuid).collect();
    let rows = sqlx::query!(
        r#"select b.seller_order_id as "seller_order_id!: SellerOrderId", b.currency as "currency!: Currency",
                  j.cause, j.posted_at, c.credit_id as "credit_id?: CreditId", c.cause as why,
                  b.pending as "pending!", b.available as "available!", b.gross as "gross!", b.payable as "payable!",
                  b.commission as "commission!", b.commission_tax as "commission_tax!", b.tcs as "tcs!", b.tds as "tds!"
             from (select p.seller_order_id, p.journal_id, p.currency, min(p.posting_id) as nth,
                          coalesce(-sum(p.amount) filter (where a.code = $3), 0)::bigint as pending,
                          coalesce(-sum(p.amount) filter (where a.code = $4), 0)::bigint as available,
                          coalesce(-sum(p.amount) filter (where a.code in ($3, $4)), 0)::bigint as payable,
                          coalesce(-sum(p.amount), 0)::bigint as gross,
                          coalesce(-sum(p.amount) filter (where a.code = 'commission_income'), 0)::bigint as commission,
                          coalesce(-sum(p.amount) filter (where a.code = 'output_gst'), 0)::bigint as commission_tax,
                          coalesce(-sum(p.amount) filter (where a.code = 'tcs_payable'), 0)::bigint as tcs,
                          coalesce(-sum(p.amount) filter (where a.code in ('tds_payable', 'tds_adjustable')), 0)::bigint
                              as tds
                     from postings p
                     join accounts a on a.account_id = p.account_id
                    where p.seller_order_id = any((select $1::uuid[])::uuid[])
                      and (a.vendor_id = $2 or a.code in ('commission_income', 'output_gst', 'tcs_payable', 'tds_payable'))
                    group by p.seller_order_id, p.journal_id, p.currency) b
             join journals j on j.journal_id = b.journal_id
             left join credits c on c.credit_id = case when j.cause like 'credit:%' then substr(j.cause, 8)::uuid
                                                       when j.cause like 'tds_late:%' then substr(j.cause, 10)::uuid end
            order by j.posted_at, b.nth"#,
        &ids,
        vendor.as_uuid(),
        PENDING,
        AVAILABLE,
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|row| {
        let money = |minor| Money::new(minor, row.currency);
        let parts = Parts {
            gross: money(row.gross),
            commission: money(row.commission),
            commission_tax: money(row.commission_tax),
            tcs: money(row.tcs),
            tds: money(row.tds),
            payable: money(row.payable),
        };
        Booked {
            seller_order_id: row.seller_order_id,
            cause: row.cause,
            posted_at: row.posted_at.to_jiff(),
            parts,
            pending: money(row.pending),
            available: money(row.available),
            credit: row.credit_id.map(|credit| (credit, row.why)),
        }
    });
    Ok(rows.collect())
}

/// What each journal of sales and credits of these parts is made of, by part and cause.
pub type Made = HashMap<(SellerOrderId, String), Recipe>;

/// What the sales and credits of these parts are made of.
pub async fn find_made(
    conn: &mut PgConnection,
    vendor: VendorId,
    parts: &[SellerOrderId],
) -> sqlx::Result<Made> {
    let booked = list_booked(conn, vendor, parts).await?.into_iter();
    let priced = booked.filter(|line| !line.parts.gross.is_zero());
    let made = priced.map(|line| {
        let why = line.credit.and_then(|(_, why)| why);
        ((line.seller_order_id, line.cause), Recipe { parts: line.parts, why })
    });
    Ok(made.collect())
}
