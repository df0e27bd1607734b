//! Variants: SKUs, what makes them different, what they cost.

use std::collections::{BTreeMap, BTreeSet};

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, ProductId, Sku, VendorId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::demand::{Offer, OfferStatus};
use crate::domain::price::Price;
use crate::domain::product::{Product, Variant};

/// The variants of these products, in the order their sellers gave them.
pub async fn list(
    conn: &mut PgConnection,
    products: &[Uuid],
) -> sqlx::Result<BTreeMap<ProductId, Vec<Variant>>> {
    let query = sqlx::query!(
        "select product_id, sku, options, price_minor, currency
           from variants
          where product_id = any((select $1::uuid[])::uuid[])
          order by product_id, position",
        products,
    );
    let mut variants: BTreeMap<ProductId, Vec<Variant>> = BTreeMap::new();
    for row in query.fetch_all(conn).await? {
        variants.entry(row.product_id).or_default().push(Variant {
            sku: row.sku,
            options: row.options.0,
            price: price(row.price_minor, row.currency)?,
        });
    }
    Ok(variants)
}

/// What a variant costs, as it is stored.
pub(super) fn price(minor: i64, currency: Currency) -> sqlx::Result<Price> {
    row::fit("variants.price_minor", Price::try_from(Money::new(minor, currency)))
}

/// Keeps the variants of a new product, and returns the SKUs that are now its own.
///
/// Rows are written in the order of their SKUs, so that two sellers who want the same ones take turns.
pub async fn insert(conn: &mut PgConnection, product: &Product) -> sqlx::Result<BTreeSet<Sku>> {
    let variants = &product.variants;
    let skus: Vec<String> = variants.iter().map(|v| v.sku.as_str().to_owned()).collect();
    let options: Vec<_> = variants.iter().map(|v| Json(&v.options)).collect();
    let prices: Vec<i64> = variants.iter().map(|v| v.price.money().minor()).collect();
    let currencies: Vec<String> =
        variants.iter().map(|v| v.price.money().currency().as_str().to_owned()).collect();
    let query = sqlx::query_scalar!(
        "insert into variants (sku, product_id, vendor_id, position, options, price_minor, currency,
                               created_at, updated_at)
         select sku, $5, $6, nth::integer, options, price, currency, $7, $7
           from unnest($1::text[], $2::jsonb[], $3::bigint[], $4::text[])
                with ordinality as v (sku, options, price, currency, nth)
          order by sku
         on conflict (sku) do nothing
         returning sku",
        &skus,
        &options as _,
        &prices,
        &currencies,
        product.id.as_uuid(),
        product.vendor_id.as_uuid(),
        product.created_at.to_sqlx(),
    );
    let taken = query.fetch_all(conn).await?;
    Ok(taken.into_iter().collect())
}

/// Whose a SKU is, and of which product.
pub async fn find(
    conn: &mut PgConnection,
    sku: &Sku,
) -> sqlx::Result<Option<(VendorId, ProductId)>> {
    let row =
        sqlx::query!("select vendor_id, product_id from variants where sku = $1", sku.as_str())
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|row| (row.vendor_id, row.product_id)))
}

/// Gives a variant another price.
pub async fn set_price(
    conn: &mut PgConnection,
    sku: &Sku,
    price: Price,
    at: jiff::Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update variants set price_minor = $2, currency = $3, updated_at = $4 where sku = $1",
        sku.as_str(),
        price.money().minor(),
        price.money().currency().as_str(),
        at.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// How these SKUs are offered now; a SKU that does not exist is left out. What bears a rate of tax that is not valid on the day
/// in India, or not for its HSN code, cannot be sold.
pub async fn offers(
    conn: &mut PgConnection,
    skus: &[String],
    now: Timestamp,
) -> sqlx::Result<BTreeMap<Sku, Offer>> {
    let query = sqlx::query!(
        r#"select v.sku as "sku!", v.price_minor as "price_minor!", v.currency as "currency!",
                  coalesce(s.active, false) as "active!",
                  p.status = 'published'
                      and may_bear(p.hsn, p.gst_rate_bp, ($2::timestamptz at time zone 'Asia/Kolkata')::date) as "on_shelf!"
             from variants v
             join products p on p.id = v.product_id
             left join sellers s on s.vendor_id = v.vendor_id
            where v.sku = any((select $1::text[])::text[])"#,
        skus,
        now.to_sqlx(),
    );
    let rows = query.fetch_all(conn).await?;
    let offers = rows.into_iter().map(|row| {
        let standing = match (row.on_shelf, row.active) {
            (true, true) => OfferStatus::Sellable,
            (false, _) => OfferStatus::OffShelf,
            (true, false) => OfferStatus::SellerNotActive,
        };
        (row.sku, Offer { price: Money::new(row.price_minor, row.currency), standing })
    });
    Ok(offers.collect())
}
