//! The stars of a target.

use contracts::rating::Subject;
use sqlx::PgConnection;

use super::columns;
use crate::domain::summary::Summary;

/// Adds `by` reviews of `stars` to a target (or takes them away) and returns what there is then. Locks the row.
pub async fn add(
    conn: &mut PgConnection,
    target: Subject,
    stars: u8,
    by: i64,
) -> sqlx::Result<Summary> {
    let (kind, id) = columns(target);
    let query = sqlx::query!(
        "insert into summaries (target_kind, target_id) values ($1, $2) on conflict do nothing",
        kind,
        id,
    );
    query.execute(&mut *conn).await?;
    let query = sqlx::query!(
        "update summaries
            set one = one + case when $3 = 1 then $4::bigint else 0 end,
                two = two + case when $3 = 2 then $4 else 0 end,
                three = three + case when $3 = 3 then $4 else 0 end,
                four = four + case when $3 = 4 then $4 else 0 end,
                five = five + case when $3 = 5 then $4 else 0 end
          where target_kind = $1 and target_id = $2
         returning one, two, three, four, five",
        kind,
        id,
        i32::from(stars),
        by,
    );
    let row = query.fetch_one(conn).await?;
    Ok(Summary { histogram: [row.one, row.two, row.three, row.four, row.five] })
}

/// The stars of a target; none when nobody rated it.
pub async fn find(conn: &mut PgConnection, target: Subject) -> sqlx::Result<Summary> {
    let (kind, id) = columns(target);
    let query = sqlx::query!(
        "select one, two, three, four, five
           from summaries
          where target_kind = $1 and target_id = $2",
        kind,
        id,
    );
    let row = query.fetch_optional(conn).await?;
    let histogram = row.map(|r| [r.one, r.two, r.three, r.four, r.five]).unwrap_or_default();
    Ok(Summary { histogram })
}
