//! Sums over the facts, by day.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, ProductId, VendorId};
use sqlx::PgConnection;

/// Counts to be added to a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Orders placed.
    pub placed: i64,
    /// Orders rejected.
    pub rejected: i64,
    /// Orders cancelled.
    pub cancelled: i64,
    /// Orders delivered to their last part.
    pub delivered: i64,
    /// Carts that something went into.
    pub carts: i64,
    /// Reviews published.
    pub reviews: i64,
}

/// Sales to be added to a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sales {
    /// Orders.
    pub orders: i64,
    /// Units.
    pub units: i64,
    /// What buyers pay, in minor units.
    pub gross: i64,
    /// What buyers have paid, in minor units.
    pub collected: i64,
    /// The platform's commission, in minor units.
    pub commission: i64,
    /// What sellers are owed, in minor units.
    pub payable: i64,
}

/// Adds counts to a day.
pub async fn add_counts(conn: &mut PgConnection, day: Date, by: Counts) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into days as d (day, placed, rejected, cancelled, delivered, carts, reviews)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (day) do update
            set placed = d.placed + excluded.placed, rejected = d.rejected + excluded.rejected,
                cancelled = d.cancelled + excluded.cancelled, delivered = d.delivered + excluded.delivered,
                carts = d.carts + excluded.carts, reviews = d.reviews + excluded.reviews",
        day.to_sqlx() as _,
        by.placed,
        by.rejected,
        by.cancelled,
        by.delivered,
        by.carts,
        by.reviews,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Adds sales to a day of the mall.
pub async fn add_sales(
    conn: &mut PgConnection,
    (day, currency): (Date, Currency),
    by: Sales,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into day_sales as d (day, currency, orders, units, gross, collected)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (day, currency) do update
            set orders = d.orders + excluded.orders, units = d.units + excluded.units,
                gross = d.gross + excluded.gross, collected = d.collected + excluded.collected",
        day.to_sqlx() as _,
        currency.as_str(),
        by.orders,
        by.units,
        by.gross,
        by.collected,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Adds a delivery to a day of a seller.
pub async fn add_delivery(
    conn: &mut PgConnection,
    day: Date,
    vendor: VendorId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into vendor_days as d (day, vendor_id, delivered)
         values ($1, $2, 1)
         on conflict (vendor_id, day) do update set delivered = d.delivered + 1",
        day.to_sqlx() as _,
        vendor.as_uuid(),
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Adds sales to a day of a seller.
pub async fn add_vendor_sales(
    conn: &mut PgConnection,
    (day, currency): (Date, Currency),
    vendor: VendorId,
    by: Sales,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into vendor_day_sales as d
             (day, vendor_id, currency, orders, units, gross, commission, payable)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (vendor_id, day, currency) do update
            set orders = d.orders + excluded.orders, units = d.units + excluded.units,
                gross = d.gross + excluded.gross, commission = d.commission + excluded.commission,
                payable = d.payable + excluded.payable",
        day.to_sqlx() as _,
        vendor.as_uuid(),
        currency.as_str(),
        by.orders,
        by.units,
        by.gross,
        by.commission,
        by.payable,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Adds sales to a day of a product.
pub async fn add_product_sales(
    conn: &mut PgConnection,
    (day, currency): (Date, Currency),
    (product, vendor): (ProductId, VendorId),
    by: Sales,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into product_day_sales as d (day, product_id, vendor_id, currency, units, gross)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (product_id, vendor_id, day, currency) do update
            set units = d.units + excluded.units, gross = d.gross + excluded.gross",
        day.to_sqlx() as _,
        product.as_uuid(),
        vendor.as_uuid(),
        currency.as_str(),
        by.units,
        by.gross,
    )
    .execute(conn)
    .await
    .map(drop)
}
