//! What sold best.

use jiff_sqlx::ToSqlx;
use kernel::{ProductId, VendorId};
use sqlx::PgConnection;

use super::SHOWN;
use crate::domain::period::Period;

/// The longest list of products.
const PRODUCTS: i64 = 10;

#[derive(Debug)]
pub struct ProductSales {
    pub product_id: ProductId,
    pub title: String,
    pub units: i64,
    /// In minor units.
    pub gross: i64,
}

/// What sold most, by units, of the whole mall or of one seller. A product that was not heard of yet has the title of
/// its last sale.
pub async fn products(
    conn: &mut PgConnection,
    vendor: Option<VendorId>,
    period: Period,
) -> sqlx::Result<Vec<ProductSales>> {
    let query = sqlx::query_as!(
        ProductSales,
        r#"select s.product_id, s.units as "units!", s.gross as "gross!",
                  coalesce(p.title, (select l.title
                                       from line_facts l
                                      where l.product_id = s.product_id
                                      order by l.seller_order_id desc, l.nth
                                      limit 1), '') as "title!"
             from (select product_id, sum(units)::bigint as units, sum(gross)::bigint as gross
                     from product_day_sales
                    where day between $1 and $2 and currency = $3 and ($4::uuid is null or vendor_id = $4)
                    group by product_id
                    order by units desc, gross desc, product_id
                    limit $5) s
             left join products p on p.product_id = s.product_id
            order by s.units desc, s.gross desc, s.product_id"#,
        period.from.to_sqlx(),
        period.to.to_sqlx(),
        SHOWN.as_str(),
        vendor.map(|vendor| vendor.as_uuid()),
        PRODUCTS,
    );
    query.fetch_all(conn).await
}
