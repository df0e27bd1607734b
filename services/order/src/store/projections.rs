//! Copies of what the others say: products, sellers, addresses. Each is guarded by the version it was said under.

use std::collections::BTreeMap;

use chassis::row;
use contracts::user::ContactAddress;
use kernel::{AddressId, ProductId, Sku, UserId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::order::Destination;
use crate::domain::placing::Goods;
use crate::domain::scheme::Scheme;
use crate::domain::split::Seller;
use crate::domain::trouble::{SaleStatus, Shelf};

/// A product as it was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// What it is called and how it is taxed.
    pub goods: Goods,
    pub shelf: Shelf,
    /// What makes each variant different, in the order of the shelf's SKUs. Empty where there is one variant only.
    pub options: Vec<String>,
}

impl Product {
    /// The variant with this SKU, as it is called and taxed.
    pub fn variant(&self, sku: &Sku) -> Goods {
        let mut known = self.shelf.skus.iter().zip(&self.options);
        let options = known.find(|(known, _)| *known == sku.as_str()).map(|(_, options)| options);
        let options = options.filter(|options| !options.is_empty());
        let title = &self.goods.title;
        let title = options.map_or_else(|| title.clone(), |options| format!("{title} ({options})"));
        Goods { title, ..self.goods.clone() }
    }
}

/// Keeps a product, unless a later one is kept.
pub async fn put_product(
    conn: &mut PgConnection,
    product_id: ProductId,
    product: &Product,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into product_copies as p
             (product_id, vendor_id, title, hsn, gst_rate_bp, standing, skus, version, options)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (product_id) do update
         set vendor_id = excluded.vendor_id, title = excluded.title, hsn = excluded.hsn,
             gst_rate_bp = excluded.gst_rate_bp, standing = excluded.standing,
             skus = excluded.skus, version = excluded.version, options = excluded.options
         where p.version < excluded.version",
        product_id.as_uuid(),
        product.shelf.vendor_id.as_uuid(),
        product.goods.title,
        product.goods.hsn,
        row::fit("product_copies.gst_rate_bp", i32::try_from(product.goods.gst_rate_bp))?,
        product.shelf.standing.into_str(),
        &product.shelf.skus,
        version,
        &product.options,
    );
    query.execute(conn).await.map(drop)
}

/// A product is gone for good: it stays known, and cannot be sold.
pub async fn drop_product(
    conn: &mut PgConnection,
    product_id: ProductId,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update product_copies set standing = 'off', version = $2
         where product_id = $1 and version < $2",
        product_id.as_uuid(),
        version,
    );
    query.execute(conn).await.map(drop)
}

/// The products of `ids` that were heard of.
pub async fn list_products(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> sqlx::Result<BTreeMap<ProductId, Product>> {
    let query = sqlx::query!(
        "select product_id, vendor_id, title, hsn, gst_rate_bp, standing, skus, options
         from product_copies
         where product_id = any($1)",
        ids,
    );
    let rows = query.fetch_all(conn).await?;
    rows.into_iter()
        .map(|row| {
            let goods = Goods {
                title: row.title,
                hsn: row.hsn,
                gst_rate_bp: row::fit(
                    "product_copies.gst_rate_bp",
                    u32::try_from(row.gst_rate_bp),
                )?,
            };
            let shelf = Shelf {
                vendor_id: row.vendor_id,
                standing: row::parse("product_copies.standing", &row.standing)?,
                skus: row.skus,
            };
            Ok((row.product_id, Product { goods, shelf, options: row.options }))
        })
        .collect()
}

/// Keeps a seller's terms, unless later ones are kept. Answers whether they were news.
pub async fn put_vendor(
    conn: &mut PgConnection,
    seller: &Seller,
    gstin: Option<&str>,
    standing: SaleStatus,
    version: i64,
) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "insert into vendor_copies as v
             (vendor_id, display_name, state, gstin, has_pan, commission_bp, standing, version, scheme)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (vendor_id) do update
         set display_name = excluded.display_name, state = excluded.state, gstin = excluded.gstin,
             has_pan = excluded.has_pan, commission_bp = excluded.commission_bp,
             standing = excluded.standing, version = excluded.version, scheme = excluded.scheme
         where v.version < excluded.version",
        seller.vendor_id.as_uuid(),
        seller.name,
        seller.state.as_str(),
        gstin,
        seller.has_pan,
        row::fit("vendor_copies.commission_bp", i32::try_from(seller.commission_bp))?,
        standing.into_str(),
        version,
        seller.scheme.into_str(),
    );
    let done = query.execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// The sellers of `ids` that were heard of, and where they stand.
pub async fn list_vendors(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> sqlx::Result<BTreeMap<VendorId, (Seller, SaleStatus)>> {
    let query = sqlx::query!(
        r#"select vendor_id, display_name, state, gstin is not null as "has_gstin!", has_pan,
                  commission_bp, standing, scheme
         from vendor_copies
         where vendor_id = any($1)"#,
        ids,
    );
    let rows = query.fetch_all(conn).await?;
    rows.into_iter()
        .map(|row| {
            let scheme = match row.scheme {
                Some(scheme) => row::parse("vendor_copies.scheme", &scheme)?,
                None => Scheme::unasked(row.has_gstin),
            };
            let seller = Seller {
                vendor_id: row.vendor_id,
                name: row.display_name,
                state: row.state,
                scheme,
                has_pan: row.has_pan,
                commission_bp: row::fit(
                    "vendor_copies.commission_bp",
                    u32::try_from(row.commission_bp),
                )?,
            };
            let standing = row::parse("vendor_copies.standing", &row.standing)?;
            Ok((row.vendor_id, (seller, standing)))
        })
        .collect()
}

/// Remembers that this edition of an address book was heard. False when a later one was.
pub async fn advance_contact(
    conn: &mut PgConnection,
    user_id: UserId,
    version: i64,
) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "insert into contact_copies as c (user_id, version)
         values ($1, $2)
         on conflict (user_id) do update set version = excluded.version
         where c.version < excluded.version",
        user_id.as_uuid(),
        version,
    );
    query.execute(conn).await.map(|done| done.rows_affected() == 1)
}

/// Keeps an edition of an address. Editions never change.
pub async fn put_address(
    conn: &mut PgConnection,
    user_id: UserId,
    address: &ContactAddress,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into address_copies
             (address_id, version, user_id, recipient, phone, line1, line2, city, state, pincode)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (address_id, version) do nothing",
        address.address_id.as_uuid(),
        address.version,
        user_id.as_uuid(),
        address.recipient,
        address.phone.as_str(),
        address.line1,
        address.line2,
        address.city,
        address.state.as_str(),
        address.pincode.as_str(),
    );
    query.execute(conn).await.map(drop)
}

/// Forgets a person's addresses, but for those that a parcel still has to find, and remembers that they are gone.
pub async fn forget_addresses(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "with erased as (insert into erased_buyers (user_id) values ($1) on conflict do nothing)
         delete from address_copies a
         where a.user_id = $1
           and not exists (
             select from orders o
             join seller_orders s using (order_id)
             where o.buyer = $1 and o.address_id = a.address_id and o.address_version = a.version
               and s.state in ('pending', 'confirmed', 'accepted', 'packed', 'shipped', 'rto'))",
        user_id.as_uuid(),
    );
    query.execute(conn).await.map(drop)
}

/// Where a buyer wants an order to go.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The edition that was asked for, or the last one heard of the entry; none if it was not heard yet.
    pub destination: Option<Destination>,
    /// Only later editions than the one that was asked for were heard: it will never come.
    pub overtaken: bool,
    /// The buyer asked to be forgotten.
    pub erased: bool,
}

/// The edition `version` of an entry, or the last one heard of it when none is asked for; nothing when nothing was heard of
/// the buyer's book.
pub async fn find_destination(
    conn: &mut PgConnection,
    user_id: UserId,
    (address_id, version): (AddressId, Option<i32>),
) -> sqlx::Result<Option<Wanted>> {
    let query = sqlx::query!(
        r#"select e.user_id is not null as "erased!", a.version as "version?", a.state as "state?"
           from contact_copies c
           left join erased_buyers e on e.user_id = c.user_id
           left join address_copies a on a.user_id = c.user_id and a.address_id = $1
           where c.user_id = $2
           order by (a.version = $3) desc nulls last, a.version desc nulls last
           limit 1"#,
        address_id.as_uuid(),
        user_id.as_uuid(),
        version,
    );
    let row = query.fetch_optional(conn).await?;
    Ok(row.map(|row| {
        let heard = row.version.zip(row.state);
        let heard = heard.filter(|(heard, _)| version.is_none_or(|asked| asked <= *heard));
        let overtaken = heard.zip(version).is_some_and(|((heard, _), asked)| heard > asked);
        let destination = heard.map(|(version, state)| Destination { address_id, version, state });
        Wanted { destination, overtaken, erased: row.erased }
    }))
}

/// One edition of an address, in full.
pub async fn find_address(
    conn: &mut PgConnection,
    address_id: AddressId,
    version: i32,
) -> sqlx::Result<Option<ContactAddress>> {
    let query = sqlx::query!(
        "select recipient, phone, line1, line2, city, state, pincode
         from address_copies
         where address_id = $1 and version = $2",
        address_id.as_uuid(),
        version,
    );
    let row = query.fetch_optional(conn).await?;
    Ok(row.map(|row| ContactAddress {
        address_id,
        version,
        recipient: row.recipient,
        phone: row.phone,
        line1: row.line1,
        line2: row.line2,
        city: row.city,
        state: row.state,
        pincode: row.pincode,
    }))
}
