//! Sums over the facts, by day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, ProductId, VendorId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

/// Counts to be added to a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub placed: i64,
    pub rejected: i64,
    pub cancelled: i64,
    /// Orders delivered to their last part.
    pub delivered: i64,
    /// Carts that something went into.
    pub carts: i64,
    pub reviews: i64,
}

/// Sales to be added to a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sales {
    pub orders: i64,
    pub units: i64,
    /// What buyers pay, in minor units.
    pub gross: i64,
    /// What buyers have paid, in minor units.
    pub collected: i64,
    /// The platform's commission, in minor units.
    pub commission: i64,
    /// What sellers are owed, in minor units.
    pub payable: i64,
    /// What of that which buyers pay was taken back, in minor units.
    pub credited: i64,
    /// What of that which sellers are owed was taken back, in minor units.
    pub credited_payable: i64,
    /// What is back with buyers, in minor units.
    pub refunded: i64,
}

pub async fn add_counts(conn: &mut PgConnection, day: Date, by: Counts) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into days as d (day, placed, rejected, cancelled, delivered, carts, reviews)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (day) do update
            set placed = d.placed + excluded.placed, rejected = d.rejected + excluded.rejected,
                cancelled = d.cancelled + excluded.cancelled, delivered = d.delivered + excluded.delivered,
                carts = d.carts + excluded.carts, reviews = d.reviews + excluded.reviews",
        day.to_sqlx(),
        by.placed,
        by.rejected,
        by.cancelled,
        by.delivered,
        by.carts,
        by.reviews,
    );
    query.execute(conn).await.map(drop)
}

/// Adds sales to a day of the mall.
pub async fn add_sales(
    conn: &mut PgConnection,
    day: Date,
    currency: Currency,
    by: Sales,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into day_sales as d (day, currency, orders, units, gross, collected, credited, refunded)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (day, currency) do update
            set orders = d.orders + excluded.orders, units = d.units + excluded.units,
                gross = d.gross + excluded.gross, collected = d.collected + excluded.collected,
                credited = d.credited + excluded.credited, refunded = d.refunded + excluded.refunded",
        day.to_sqlx(),
        currency.as_str(),
        by.orders,
        by.units,
        by.gross,
        by.collected,
        by.credited,
        by.refunded,
    );
    query.execute(conn).await.map(drop)
}

/// Adds a delivery to a day of a seller.
pub async fn add_delivery(
    conn: &mut PgConnection,
    day: Date,
    vendor: VendorId,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into vendor_days as d (day, vendor_id, delivered)
         values ($1, $2, 1)
         on conflict (vendor_id, day) do update set delivered = d.delivered + 1",
        day.to_sqlx(),
        vendor.as_uuid(),
    );
    query.execute(conn).await.map(drop)
}

/// Adds sales to a day of sellers.
pub async fn add_vendor_sales(
    conn: &mut PgConnection,
    day: Date,
    currency: Currency,
    by: &[(VendorId, Sales)],
) -> sqlx::Result<()> {
    let vendors: Vec<Uuid> = by.iter().map(|(vendor, _)| vendor.as_uuid()).collect();
    let column = |of: fn(&Sales) -> i64| by.iter().map(|(_, sales)| of(sales)).collect::<Vec<_>>();
    let query = sqlx::query!(
        "insert into vendor_day_sales as d
             (vendor_id, orders, units, gross, commission, payable, credited, credited_payable, day, currency)
         select vendor_id, sum(orders), sum(units), sum(gross), sum(commission), sum(payable), sum(credited),
                sum(credited_payable), $9::date, $10
           from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                       $8::bigint[])
             as s (vendor_id, orders, units, gross, commission, payable, credited, credited_payable)
          group by vendor_id
         on conflict (vendor_id, day, currency) do update
            set orders = d.orders + excluded.orders, units = d.units + excluded.units,
                gross = d.gross + excluded.gross, commission = d.commission + excluded.commission,
                payable = d.payable + excluded.payable, credited = d.credited + excluded.credited,
                credited_payable = d.credited_payable + excluded.credited_payable",
        &vendors,
        &column(|s| s.orders),
        &column(|s| s.units),
        &column(|s| s.gross),
        &column(|s| s.commission),
        &column(|s| s.payable),
        &column(|s| s.credited),
        &column(|s| s.credited_payable),
        day.to_sqlx(),
        currency.as_str(),
    );
    query.execute(conn).await.map(drop)
}

/// Adds sales to a day of products.
pub async fn add_product_sales(
    conn: &mut PgConnection,
    day: Date,
    currency: Currency,
    by: &BTreeMap<(ProductId, VendorId), Sales>,
) -> sqlx::Result<()> {
    let products: Vec<Uuid> = by.keys().map(|(product, _)| product.as_uuid()).collect();
    let vendors: Vec<Uuid> = by.keys().map(|(_, vendor)| vendor.as_uuid()).collect();
    let units: Vec<i64> = by.values().map(|sales| sales.units).collect();
    let gross: Vec<i64> = by.values().map(|sales| sales.gross).collect();
    let query = sqlx::query!(
        "insert into product_day_sales as d (product_id, vendor_id, units, gross, day, currency)
         select *, $5::date, $6 from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[])
         on conflict (product_id, vendor_id, day, currency) do update
            set units = d.units + excluded.units, gross = d.gross + excluded.gross",
        &products,
        &vendors,
        &units,
        &gross,
        day.to_sqlx(),
        currency.as_str(),
    );
    query.execute(conn).await.map(drop)
}
