//! The numbers, as they are shown.

use jiff::civil::Date;
use kernel::{Money, ProductId, VendorId};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::domain::average;
use crate::domain::period::Period;
use crate::store::reports::{self, SHOWN};

mod seller;
pub use seller::SellerOverviewView;

#[derive(Debug, Serialize, ToSchema)]
pub struct DayView {
    #[schema(value_type = String, format = Date)]
    day: Date,
    orders: i64,
    gross: Money,
    /// What was taken back on this day, of whatever day's sales.
    credited: Money,
    /// `gross` less `credited`: it is final once the day is over, for what is taken back later counts later.
    net: Money,
}

/// What was taken back on one day for one cause.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayCreditsView {
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// `buyer_cancelled`, `staff_cancelled`, `vendor_rejected`, `sla_expired`, `unavailable`, `returned_to_origin`, `lost`,
    /// `returned` or `disputed`; `unknown` for what was counted before causes were.
    cause: String,
    /// How many times something was taken back.
    credits: i64,
    /// What buyers get back for it.
    credited: Money,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SellerSalesView {
    vendor_id: VendorId,
    vendor_name: String,
    orders: i64,
    gross: Money,
    /// What was taken back from it in the period, of whatever day's sales.
    credited: Money,
    /// `gross` less `credited`.
    net: Money,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProductSalesView {
    product_id: ProductId,
    title: String,
    units: i64,
    gross: Money,
}

/// From the cart to the door.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelView {
    /// Carts that something was put into, each counted once a day.
    carts: i64,
    placed: i64,
    confirmed: i64,
    /// Orders whose last part arrived.
    delivered: i64,
}

/// What the mall sold. Sales count on the day the order was confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverviewView {
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    orders: i64,
    /// What buyers pay for them.
    gross: Money,
    /// `gross` divided by `orders`, rounded half up.
    average_order: Money,
    units: i64,
    cancelled: i64,
    rejected: i64,
    /// Money that came: payments captured and cash taken at the door.
    collected: Money,
    /// What was taken back in the period, of whatever day's sales: cancelled, rejected, lost or returned.
    credited: Money,
    /// `gross` less `credited`; below zero where more was taken back than sold.
    net: Money,
    /// Money that is back with buyers.
    refunded: Money,
    /// Reviews that were published for the first time.
    reviews: i64,
    /// Every day of the period.
    by_day: Vec<DayView>,
    /// What was taken back by day and cause; days and causes without any are left out. It rises with each credit.
    credits: Vec<DayCreditsView>,
    /// The hundred sellers with the highest `gross`.
    by_seller: Vec<SellerSalesView>,
    /// The ten products that sold most, by `units`.
    top_products: Vec<ProductSalesView>,
    funnel: FunnelView,
}

fn days(days: Vec<reports::DaySales>) -> Vec<DayView> {
    let view = |it: reports::DaySales| DayView {
        day: it.day,
        orders: it.orders,
        gross: money(it.gross),
        credited: money(it.credited),
        net: money(it.gross - it.credited),
    };
    days.into_iter().map(view).collect()
}

fn products(products: Vec<reports::ProductSales>) -> Vec<ProductSalesView> {
    let view = |it: reports::ProductSales| ProductSalesView {
        product_id: it.product_id,
        title: it.title,
        units: it.units,
        gross: money(it.gross),
    };
    products.into_iter().map(view).collect()
}

fn money(minor: i64) -> Money {
    Money::new(minor, SHOWN)
}

impl OverviewView {
    pub async fn read(conn: &mut PgConnection, period: Period) -> sqlx::Result<Self> {
        let totals = reports::totals(conn, period).await?;
        let by_day = days(reports::days(conn, period).await?);
        let credits = reports::credits(conn, period).await?;
        let sellers = reports::sellers(conn, period).await?;
        let top_products = products(reports::products(conn, None, period).await?);
        let seller = |it: reports::SellerSales| SellerSalesView {
            vendor_id: it.vendor_id,
            vendor_name: it.name,
            orders: it.orders,
            gross: money(it.gross),
            credited: money(it.credited),
            net: money(it.gross - it.credited),
        };
        let credit = |it: reports::DayCredits| DayCreditsView {
            day: it.day,
            cause: it.cause,
            credits: it.credits,
            credited: money(it.credited),
        };
        Ok(Self {
            from: period.from,
            to: period.to,
            orders: totals.orders,
            gross: money(totals.gross),
            average_order: money(average(totals.gross, totals.orders)),
            units: totals.units,
            cancelled: totals.cancelled,
            rejected: totals.rejected,
            collected: money(totals.collected),
            credited: money(totals.credited),
            net: money(totals.gross - totals.credited),
            refunded: money(totals.refunded),
            reviews: totals.reviews,
            by_day,
            credits: credits.into_iter().map(credit).collect(),
            by_seller: sellers.into_iter().map(seller).collect(),
            top_products,
            funnel: FunnelView {
                carts: totals.carts,
                placed: totals.placed,
                confirmed: totals.orders,
                delivered: totals.delivered,
            },
        })
    }
}
