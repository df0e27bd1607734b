//! Reports over the roll-ups. Money is summed per currency; the mall sells in rupees, and those are shown.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, VendorId};
use sqlx::PgConnection;

use crate::domain::period::Period;

mod seller;
pub use seller::{seller_days, seller_totals};

mod products;
pub use products::{ProductSales, products};

/// What is shown.
pub const SHOWN: Currency = Currency::Inr;
/// The longest list of sellers.
const SELLERS: i64 = 100;
/// What the mall sold and did.
#[derive(Debug)]
pub struct Totals {
    pub orders: i64,
    pub units: i64,
    /// What buyers pay, in minor units.
    pub gross: i64,
    /// What buyers have paid, in minor units.
    pub collected: i64,
    /// What of that which buyers pay was taken back, in minor units.
    pub credited: i64,
    /// What is back with buyers, in minor units.
    pub refunded: i64,
    pub placed: i64,
    pub rejected: i64,
    pub cancelled: i64,
    /// Orders delivered to their last part.
    pub delivered: i64,
    /// Carts that something went into, counted once a day.
    pub carts: i64,
    pub reviews: i64,
}

#[derive(Debug)]
pub struct DaySales {
    pub day: Date,
    pub orders: i64,
    /// In minor units.
    pub gross: i64,
    /// What was taken back on the day, of whatever day's sales, in minor units.
    pub credited: i64,
}

#[derive(Debug)]
pub struct SellerSales {
    pub vendor_id: VendorId,
    /// The name buyers see.
    pub name: String,
    /// Seller orders sold.
    pub orders: i64,
    /// In minor units.
    pub gross: i64,
    /// What was taken back, of whatever day's sales, in minor units.
    pub credited: i64,
}

/// What was taken back on a day for one cause.
#[derive(Debug)]
pub struct DayCredits {
    pub day: Date,
    pub cause: String,
    /// How many credits.
    pub credits: i64,
    /// In minor units.
    pub credited: i64,
}

/// From here on the connection's transaction sees one moment: the numbers of one report belong together.
pub async fn freeze(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("set transaction isolation level repeatable read, read only")
        .execute(conn)
        .await
        .map(drop)
}

/// What the mall sold and did in a period.
pub async fn totals(conn: &mut PgConnection, period: Period) -> sqlx::Result<Totals> {
    let query = sqlx::query_as!(
        Totals,
        r#"select coalesce(s.orders, 0)::bigint as "orders!", coalesce(s.units, 0)::bigint as "units!",
                  coalesce(s.gross, 0)::bigint as "gross!", coalesce(s.collected, 0)::bigint as "collected!",
                  coalesce(s.credited, 0)::bigint as "credited!", coalesce(s.refunded, 0)::bigint as "refunded!",
                  coalesce(d.placed, 0)::bigint as "placed!", coalesce(d.rejected, 0)::bigint as "rejected!",
                  coalesce(d.cancelled, 0)::bigint as "cancelled!", coalesce(d.delivered, 0)::bigint as "delivered!",
                  coalesce(d.carts, 0)::bigint as "carts!", coalesce(d.reviews, 0)::bigint as "reviews!"
             from (select sum(orders) as orders, sum(units) as units, sum(gross) as gross, sum(collected) as collected,
                          sum(credited) as credited, sum(refunded) as refunded
                     from day_sales
                    where day between $1 and $2 and currency = $3) s
            cross join
                  (select sum(placed) as placed, sum(rejected) as rejected, sum(cancelled) as cancelled,
                          sum(delivered) as delivered, sum(carts) as carts, sum(reviews) as reviews
                     from days
                    where day between $1 and $2) d"#,
        period.from.to_sqlx(),
        period.to.to_sqlx(),
        SHOWN.as_str(),
    );
    query.fetch_one(conn).await
}

/// The mall's sales day by day, days without sales included.
pub async fn days(conn: &mut PgConnection, period: Period) -> sqlx::Result<Vec<DaySales>> {
    let query = sqlx::query_as!(
        DaySales,
        r#"select d.day as "day!", coalesce(s.orders, 0) as "orders!", coalesce(s.gross, 0) as "gross!",
                  coalesce(s.credited, 0) as "credited!"
             from (select $1::date + n as day from generate_series(0, $2::date - $1::date) n) d
             left join day_sales s on s.day = d.day and s.currency = $3
            order by d.day"#,
        period.from.to_sqlx(),
        period.to.to_sqlx(),
        SHOWN.as_str(),
    );
    query.fetch_all(conn).await
}

/// Who sold most, by what buyers pay. A seller that was not heard of yet has the name of its last sale.
pub async fn sellers(conn: &mut PgConnection, period: Period) -> sqlx::Result<Vec<SellerSales>> {
    let query = sqlx::query_as!(
        SellerSales,
        r#"select s.vendor_id, s.orders as "orders!", s.gross as "gross!", s.credited as "credited!",
                  coalesce(v.name, (select f.vendor_name
                                      from seller_order_facts f
                                     where f.vendor_id = s.vendor_id and f.vendor_name is not null
                                     order by f.seller_order_id desc
                                     limit 1), '') as "name!"
             from (select vendor_id, sum(orders)::bigint as orders, sum(gross)::bigint as gross,
                          sum(credited)::bigint as credited
                     from vendor_day_sales
                    where day between $1 and $2 and currency = $3
                    group by vendor_id
                   having sum(orders) > 0
                    order by gross desc, vendor_id
                    limit $4) s
             left join vendors v on v.vendor_id = s.vendor_id
            order by s.gross desc, s.vendor_id"#,
        period.from.to_sqlx(),
        period.to.to_sqlx(),
        SHOWN.as_str(),
        SELLERS,
    );
    query.fetch_all(conn).await
}

/// What was taken back, by day and cause. What was heard before causes were kept has none.
pub async fn credits(conn: &mut PgConnection, period: Period) -> sqlx::Result<Vec<DayCredits>> {
    let query = sqlx::query_as!(
        DayCredits,
        r#"select credited_on as day, coalesce(cause, 'unknown') as "cause!", count(*) as "credits!",
                  sum(gross)::bigint as "credited!"
             from credit_facts
            where credited_on between $1 and $2 and currency = $3
            group by 1, 2
            order by 1, 2"#,
        period.from.to_sqlx(),
        period.to.to_sqlx(),
        SHOWN.as_str(),
    );
    query.fetch_all(conn).await
}
