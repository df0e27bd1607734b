//! What a seller sees of its own numbers.

use jiff::civil::Date;
use kernel::{Money, VendorId};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{DayView, ProductSalesView, days, money, products};
use crate::domain::period::Period;
use crate::store::reports;

/// What a seller sold. Sales count on the day the order was confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SellerOverviewView {
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    orders: i64,
    /// What buyers pay for them.
    gross: Money,
    commission: Money,
    /// What the seller is owed: `gross` less `commission`, the tax on that, and taxes withheld (TCS, TDS).
    payable: Money,
    /// What was taken back in the period, of whatever day's sales: cancelled, rejected, lost or returned.
    credited: Money,
    /// `gross` less `credited`; below zero where more was taken back than sold.
    net: Money,
    /// `payable` less the part of it that was taken back.
    net_payable: Money,
    units: i64,
    delivered: i64,
    /// Every day of the period.
    by_day: Vec<DayView>,
    /// The ten products that sold most, by `units`.
    top_products: Vec<ProductSalesView>,
}

impl SellerOverviewView {
    pub async fn read(
        conn: &mut PgConnection,
        vendor: VendorId,
        period: Period,
    ) -> sqlx::Result<Self> {
        let totals = reports::seller_totals(conn, vendor, period).await?;
        let by_day = days(reports::seller_days(conn, vendor, period).await?);
        let top_products = products(reports::products(conn, Some(vendor), period).await?);
        Ok(Self {
            from: period.from,
            to: period.to,
            orders: totals.orders,
            gross: money(totals.gross),
            commission: money(totals.commission),
            payable: money(totals.payable),
            credited: money(totals.credited),
            net: money(totals.gross - totals.credited),
            net_payable: money(totals.payable - totals.credited_payable),
            units: totals.units,
            delivered: totals.delivered,
            by_day,
            top_products,
        })
    }
}
