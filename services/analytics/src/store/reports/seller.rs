//! The numbers of one seller.

use jiff_sqlx::ToSqlx;
use kernel::VendorId;
use sqlx::PgConnection;

use super::{DaySales, SHOWN};
use crate::domain::period::Period;

#[derive(Debug)]
pub struct SellerTotals {
    /// Seller orders sold.
    pub orders: i64,
    pub units: i64,
    /// What buyers pay, in minor units.
    pub gross: i64,
    /// The platform's commission, in minor units.
    pub commission: i64,
    /// What the seller is owed, in minor units.
    pub payable: i64,
    /// What of that which buyers pay was taken back, in minor units.
    pub credited: i64,
    /// What of that which the seller is owed was taken back, in minor units.
    pub credited_payable: i64,
    /// Seller orders delivered.
    pub delivered: i64,
}

/// What a seller sold in a period.
pub async fn seller_totals(
    conn: &mut PgConnection,
    vendor: VendorId,
    period: Period,
) -> sqlx::Result<SellerTotals> {
    let query = sqlx::query_as!(
        SellerTotals,
        r#"select coalesce(s.orders, 0)::bigint as "orders!", coalesce(s.units, 0)::bigint as "units!",
                  coalesce(s.gross, 0)::bigint as "gross!", coalesce(s.commission, 0)::bigint as "commission!",
                  coalesce(s.payable, 0)::bigint as "payable!", coalesce(s.credited, 0)::bigint as "credited!",
                  coalesce(s.credited_payable, 0)::bigint as "credited_payable!",
                  coalesce(d.delivered, 0)::bigint as "delivered!"
             from (select sum(orders) as orders, sum(units) as units, sum(gross) as gross,
                          sum(commission) as commission, sum(payable) as payable, sum(credited) as credited,
                          sum(credited_payable) as credited_payable
                     from vendor_day_sales
                    where vendor_id = $1 and day between $2 and $3 and currency = $4) s
            cross join
                  (select sum(delivered) as delivered
                     from vendor_days
                    where vendor_id = $1 and day between $2 and $3) d"#,
        vendor.as_uuid(),
        period.from.to_sqlx(),
        period.to.to_sqlx(),
        SHOWN.as_str(),
    );
    query.fetch_one(conn).await
}

/// A seller's sales day by day, days without sales included.
pub async fn seller_days(
    conn: &mut PgConnection,
    vendor: VendorId,
    period: Period,
) -> sqlx::Result<Vec<DaySales>> {
    let query = sqlx::query_as!(
        DaySales,
        r#"select d.day as "day!", coalesce(s.orders, 0) as "orders!", coalesce(s.gross, 0) as "gross!",
                  coalesce(s.credited, 0) as "credited!"
             from (select $1::date + n as day from generate_series(0, $2::date - $1::date) n) d
             left join vendor_day_sales s on s.day = d.day and s.currency = $3 and s.vendor_id = $4
            order by d.day"#,
        period.from.to_sqlx(),
        period.to.to_sqlx(),
        SHOWN.as_str(),
        vendor.as_uuid(),
    );
    query.fetch_all(conn).await
}
