//! Writing a new order down: the order, its parts, their lines, and its first steps.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CheckoutId, Money};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::supply;
use crate::domain::order::{Order, OrderLine, Part, PaymentStatus};
use crate::domain::saga::OrderState;
use crate::domain::split::Terms;
use crate::domain::trouble::LineTrouble;

/// Where a new order stands from the first.
#[derive(Debug, Clone)]
pub struct Start<'a> {
    pub state: OrderState,
    /// When that has lasted too long.
    pub due_at: Option<Timestamp>,
    /// The lines that cannot be sold.
    pub problems: &'a [LineTrouble],
}

/// Whether the checkout has become an order.
pub async fn is_placed(conn: &mut PgConnection, checkout_id: CheckoutId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from orders where checkout_id = $1) as "placed!""#,
        checkout_id.as_uuid(),
    );
    query.fetch_one(conn).await
}

/// Takes the next order number.
pub async fn take_number(conn: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select nextval('order_number') as "counter!""#).fetch_one(conn).await
}

/// Keeps the order itself.
pub async fn insert_order(
    conn: &mut PgConnection,
    order: &Order,
    start: &Start<'_>,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into orders
             (order_id, checkout_id, number, buyer, address_id, address_version, place_of_supply,
              payment_method, total, currency, state, due_at, problems, payment_id, payment_status,
              version, placed_at, state_since, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16, $16, $16)",
        order.id.as_uuid(),
        order.checkout_id.as_uuid(),
        order.number,
        order.buyer.as_uuid(),
        order.destination.address_id.as_uuid(),
        order.destination.version,
        order.destination.state.as_str(),
        order.method.into_str(),
        order.total.minor(),
        order.total.currency().as_str(),
        start.state.into_str(),
        start.due_at.map(ToSqlx::to_sqlx),
        Json(start.problems) as _,
        order.payment_id.as_uuid(),
        PaymentStatus::NotRequested.into_str(),
        order.placed_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps what each seller supplies.
pub async fn insert_parts(conn: &mut PgConnection, order: &Order) -> sqlx::Result<()> {
    let parts = &order.parts;
    let ids: Vec<Uuid> = parts.iter().map(|p| p.seller_order_id.as_uuid()).collect();
    let numbers: Vec<String> = parts.iter().map(|p| p.number.clone()).collect();
    let vendors: Vec<Uuid> = parts.iter().map(|p| p.vendor_id.as_uuid()).collect();
    let names: Vec<String> = parts.iter().map(|p| p.vendor_name.clone()).collect();
    let terms = || parts.iter().map(|p| p.terms);
    let commissions: Result<Vec<Option<i32>>, _> =
        terms().map(|t| t.map(|t| i32::try_from(t.commission_bp)).transpose()).collect();
    let supplies: Vec<_> = terms().map(|t| t.map(|t| supply::word(t.supply))).collect();
    let registered: Vec<_> = terms().map(|t| t.map(|t| t.scheme.has_gstin())).collect();
    let with_pan: Vec<_> = terms().map(|t| t.map(|t| t.has_pan)).collect();
    let schemes: Vec<_> = terms().map(|t| t.map(|t| t.scheme.into_str())).collect();
    let rates = |rate: fn(Terms) -> u32| {
        let rates: Result<Vec<_>, _> =
            terms().map(|t| t.map(|t| i32::try_from(rate(t))).transpose()).collect();
        row::fit("seller_orders.tcs_bp", rates)
    };
    let platform = terms().map(|t| t.and_then(|t| t.commission_supply).map(supply::word));
    let platform: Vec<_> = platform.collect();
    let query = sqlx::query!(
        "insert into seller_orders
             (seller_order_id, order_id, position, number, vendor_id, vendor_name, state, shipping,
              tax, total, taxable, commission, commission_tax, tcs, tds, payable, currency, version,
              created_at, updated_at, commission_bp, supply, has_gstin, has_pan, scheme,
              commission_supply, commission_tax_bp, tcs_bp, tds_bp)
         select p.id, $1, p.nth::integer, p.number, p.vendor_id, p.vendor_name, 'pending', p.shipping,
                p.tax, p.total, p.taxable, p.commission, p.commission_tax, p.tcs, p.tds, p.payable,
                $2, 1, $3, $3, p.commission_bp, p.supply, p.has_gstin, p.has_pan, p.scheme,
                p.commission_supply, p.commission_tax_bp, p.tcs_bp, p.tds_bp
         from unnest($4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::bigint[], $9::bigint[],
                     $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],
                     $15::bigint[], $16::bigint[], $17::integer[], $18::text[], $19::boolean[],
                     $20::boolean[], $21::text[], $22::text[], $23::integer[], $24::integer[],
                     $25::integer[])
              with ordinality
              as p (id, number, vendor_id, vendor_name, shipping, tax, total, taxable, commission,
                    commission_tax, tcs, tds, payable, commission_bp, supply, has_gstin, has_pan,
                    scheme, commission_supply, commission_tax_bp, tcs_bp, tds_bp, nth)",
        order.id.as_uuid(),
        order.total.currency().as_str(),
        order.placed_at.to_sqlx(),
        &ids,
        &numbers,
        &vendors,
        &names,
        &minors(parts.iter().map(|p| p.shipping)),
        &minors(parts.iter().map(|p| p.tax)),
        &minors(parts.iter().map(|p| p.total)),
        &minors(parts.iter().map(|p| p.share.taxable)),
        &minors(parts.iter().map(|p| p.share.commission)),
        &minors(parts.iter().map(|p| p.share.commission_tax)),
        &minors(parts.iter().map(|p| p.share.tcs)),
        &minors(parts.iter().map(|p| p.share.tds)),
        &minors(parts.iter().map(|p| p.share.payable)),
        &row::fit("seller_orders.commission_bp", commissions)? as _,
        &supplies as _,
        &registered as _,
        &with_pan as _,
        &schemes as _,
        &platform as _,
        &rates(|terms| terms.commission_tax_bp)? as _,
        &rates(|terms| terms.tcs_bp)? as _,
        &rates(|terms| terms.tds_bp)? as _,
    );
    query.execute(conn).await.map(drop)
}

/// Keeps the lines of all parts.
pub async fn insert_lines(conn: &mut PgConnection, order: &Order) -> sqlx::Result<()> {
    let all: Vec<(&Part, usize, &OrderLine)> = order
        .parts
        .iter()
        .flat_map(|part| part.lines.iter().enumerate().map(move |(nth, line)| (part, nth, line)))
        .collect();
    let lines = || all.iter().map(|(_, _, line)| *line);
    let parts: Vec<Uuid> = all.iter().map(|(part, ..)| part.seller_order_id.as_uuid()).collect();
    let positions: Vec<i32> =
        all.iter().map(|(_, nth, _)| i32::try_from(nth + 1).unwrap_or(i32::MAX)).collect();
    let skus: Vec<String> = lines().map(|l| l.sku.to_string()).collect();
    let products: Vec<Uuid> = lines().map(|l| l.product_id.as_uuid()).collect();
    let titles: Vec<String> = lines().map(|l| l.title.clone()).collect();
    let hsns: Vec<String> = lines().map(|l| l.hsn.clone()).collect();
    let rates: Result<Vec<_>, _> = lines().map(|l| i32::try_from(l.gst_rate_bp)).collect();
    let quantities: Result<Vec<_>, _> = lines().map(|l| i32::try_from(l.quantity)).collect();
    let taxed: Vec<bool> = order.parts.iter().flat_map(|part| part.taxed.iter().copied()).collect();
    let query = sqlx::query!(
        "insert into order_lines
             (seller_order_id, position, sku, product_id, title, hsn, gst_rate_bp, quantity,
              unit_price, total, taxable, tax, taxed)
         select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::uuid[], $5::text[],
                              $6::text[], $7::integer[], $8::integer[], $9::bigint[], $10::bigint[],
                              $11::bigint[], $12::bigint[], $13::boolean[])",
        &parts,
        &positions,
        &skus,
        &products,
        &titles,
        &hsns,
        &row::fit("order_lines.gst_rate_bp", rates)?,
        &row::fit("order_lines.quantity", quantities)?,
        &minors(lines().map(|l| l.unit_price)),
        &minors(lines().map(|l| l.total)),
        &minors(lines().map(|l| l.taxable)),
        &minors(lines().map(|l| l.tax)),
        &taxed,
    );
    query.execute(conn).await.map(drop)
}

/// The smallest units of many amounts.
fn minors(amounts: impl Iterator<Item = Money>) -> Vec<i64> {
    amounts.map(Money::minor).collect()
}
