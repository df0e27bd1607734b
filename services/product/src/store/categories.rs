//! The tree of categories and the tax rates that are valid.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CategorySlug, ProductId};
use sqlx::PgConnection;
use uuid::Uuid;

/// One category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name in paths and queries.
    pub slug: CategorySlug,
    /// The category above it.
    pub parent: Option<CategorySlug>,
    /// Its name for people.
    pub name: String,
}

/// All of them, siblings in their order.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<Category>> {
    sqlx::query_as!(Category, "select slug, parent, name from categories order by position, slug")
        .fetch_all(conn)
        .await
}

/// The category and all above it, top first; empty when there is none of this name.
pub async fn path(conn: &mut PgConnection, slug: &CategorySlug) -> sqlx::Result<Vec<Category>> {
    let query = sqlx::query_as!(
        Category,
        r#"with recursive up as (
               select slug, parent, name, 0 as depth from categories where slug = $1
               union all
               select c.slug, c.parent, c.name, up.depth + 1 from categories c join up on c.slug = up.parent
           )
           select slug as "slug!: CategorySlug", parent as "parent: CategorySlug", name as "name!"
             from up order by depth desc"#,
        slug.as_str(),
    );
    query.fetch_all(conn).await
}

/// Whether products stand on this shelf: it exists and has none below it.
pub async fn is_leaf(conn: &mut PgConnection, slug: &CategorySlug) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from categories where slug = $1)
              and not exists (select from categories where parent = $1) as "leaf!""#,
        slug.as_str(),
    );
    query.fetch_one(conn).await
}

/// Whether this rate is valid on the day that `now` falls on in India.
pub async fn is_rate_valid(
    conn: &mut PgConnection,
    rate_bp: u32,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let Ok(rate_bp) = i32::try_from(rate_bp) else { return Ok(false) };
    let query = sqlx::query_scalar!(
        r#"select exists (
               select from gst_rates
                where rate_bp = $1
                  and ($2::timestamptz at time zone 'Asia/Kolkata')::date
                      between valid_from and coalesce(valid_to, 'infinity')
           ) as "valid!""#,
        rate_bp,
        now.to_sqlx(),
    );
    query.fetch_one(conn).await
}

/// On the shelf with a rate of tax that is not valid on the day that `now` falls on in India, but for those of `except`.
pub async fn list_out_of_rate(
    conn: &mut PgConnection,
    now: Timestamp,
    except: &[Uuid],
) -> sqlx::Result<Vec<ProductId>> {
    // From the few rates that have ended to what still bears them: it is asked once a second.
    let query = sqlx::query_scalar!(
        "with ended as materialized (
             select distinct rate_bp
               from gst_rates r
              where not exists (
                        select from gst_rates v
                         where v.rate_bp = r.rate_bp
                           and ($1::timestamptz at time zone 'Asia/Kolkata')::date
                               between v.valid_from and coalesce(v.valid_to, 'infinity')
                    )
         )
         select p.id
           from ended
           join products p on p.gst_rate_bp = ended.rate_bp
          where p.status = 'published' and p.id <> all($2)
          limit 100",
        now.to_sqlx(),
        except,
    );
    query.fetch_all(conn).await
}
