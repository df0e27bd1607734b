//! Which part of the shelf is to be gone through, because what goods of a code may bear is not what it was.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::VendorId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::hsn_rates::HsnPrefix;
use crate::domain::text::Hsn;

/// Products whose codes begin with a prefix.
#[derive(Debug)]
pub struct Examination {
    hsn_prefix: String,
    due_at: Timestamp,
    /// The last one that was looked at.
    after: Option<Uuid>,
}

/// A product on the shelf.
#[derive(Debug)]
pub struct Examined {
    pub id: Uuid,
    /// Whether it may be sold as it is.
    pub is_right: bool,
}

/// A rate that products bear which are off the shelf, and may not.
#[derive(Debug)]
pub struct OffShelf {
    pub vendor_id: VendorId,
    pub hsn: Hsn,
    pub rate_bp: i32,
    pub products: i64,
}

/// What begins with this prefix is gone through now, in a minute and on the days on which a rate of it begins or ends. In a
/// minute for what was being written by the rule before.
pub async fn schedule(
    conn: &mut PgConnection,
    prefix: &HsnPrefix,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!("delete from examinations where hsn_prefix = $1", prefix.as_str())
        .execute(&mut *conn)
        .await?;
    let query = sqlx::query!(
        "with moments as (
             select $2::timestamptz as due_at
             union select $2::timestamptz + interval '1 minute'
             union select valid_from::timestamp at time zone 'Asia/Kolkata' from hsn_rates where hsn_prefix = $1
             union select (valid_to + 1)::timestamp at time zone 'Asia/Kolkata' from hsn_rates where hsn_prefix = $1
         )
         insert into examinations (hsn_prefix, due_at)
         select $1, due_at from moments where due_at >= $2",
        prefix.as_str(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// What bears this code is gone through now.
pub async fn schedule_code(conn: &mut PgConnection, hsn: &Hsn, now: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into examinations (hsn_prefix, due_at) values ($1, $2) on conflict do nothing",
        hsn.as_str(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// The one that is due longest, locked.
pub async fn lock_due(
    conn: &mut PgConnection,
    now: Timestamp,
) -> sqlx::Result<Option<Examination>> {
    let row = sqlx::query!(
        "select hsn_prefix, due_at, after
           from examinations
          where due_at <= $1
          order by due_at, hsn_prefix
          limit 1
            for update skip locked",
        now.to_sqlx(),
    );
    let found = row.fetch_optional(conn).await?;
    Ok(found.map(|row| Examination {
        hsn_prefix: row.hsn_prefix,
        due_at: row.due_at.to_jiff(),
        after: row.after,
    }))
}

/// The next products of it, at most so many.
pub async fn page(
    conn: &mut PgConnection,
    examination: &Examination,
    now: Timestamp,
    most: i64,
) -> sqlx::Result<Vec<Examined>> {
    let query = sqlx::query_as!(
        Examined,
        r#"select id as "id: Uuid", may_bear(hsn, gst_rate_bp, ($3::timestamptz at time zone 'Asia/Kolkata')::date) as "is_right!"
             from products
            where status = 'published' and left(hsn, length($1)) = $1 and ($2::uuid is null or id > $2)
            order by id
            limit $4"#,
        examination.hsn_prefix,
        examination.after,
        now.to_sqlx(),
        most,
    );
    query.fetch_all(conn).await
}

/// It goes on after this product.
pub async fn go_on(
    conn: &mut PgConnection,
    examination: &Examination,
    after: Uuid,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update examinations set after = $3 where hsn_prefix = $1 and due_at = $2",
        examination.hsn_prefix,
        examination.due_at.to_sqlx(),
        after,
    );
    query.execute(conn).await.map(drop)
}

/// All of it was looked at.
pub async fn finish(conn: &mut PgConnection, examination: &Examination) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "delete from examinations where hsn_prefix = $1 and due_at = $2",
        examination.hsn_prefix,
        examination.due_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// What is off the shelf and bears a rate that it may not, by seller, code and rate.
pub async fn list_off_shelf(
    conn: &mut PgConnection,
    now: Timestamp,
    most: i64,
) -> sqlx::Result<Vec<OffShelf>> {
    let query = sqlx::query_as!(
        OffShelf,
        r#"select vendor_id as "vendor_id: VendorId", hsn as "hsn: Hsn", gst_rate_bp as rate_bp, count(*) as "products!"
             from products
            where status = 'rejected'
              and not may_bear(hsn, gst_rate_bp, ($1::timestamptz at time zone 'Asia/Kolkata')::date)
            group by vendor_id, hsn, gst_rate_bp
            order by count(*) desc, vendor_id, hsn, gst_rate_bp
            limit $2"#,
        now.to_sqlx(),
        most,
    );
    query.fetch_all(conn).await
}
