//! Reviews that wait for a decision.

use contracts::rating::{ReviewSubmitted, Subject};
use jiff_sqlx::ToSqlx;
use kernel::ReviewId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::queue::QueuedReview;

fn columns(subject: Subject) -> (&'static str, Uuid) {
    match subject {
        Subject::Product(id) => ("product", id.as_uuid()),
        Subject::Vendor(id) => ("vendor", id.as_uuid()),
    }
}

/// Keeps a review as it was written. What became of it meanwhile stays.
pub async fn insert_review(
    conn: &mut PgConnection,
    review: &ReviewSubmitted,
    version: i64,
) -> sqlx::Result<()> {
    let (kind, target) = columns(review.subject);
    let query = sqlx::query!(
        "insert into reviews as r
             (id, version, target_kind, target_id, order_id, author_id, stars, title, text, status, submitted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'submitted', $10)
         on conflict (id) do update
            set order_id = excluded.order_id, author_id = excluded.author_id, stars = excluded.stars,
                title = excluded.title, text = excluded.text, submitted_at = excluded.submitted_at",
        review.review_id.as_uuid(),
        version,
        kind,
        target,
        review.order_id.as_uuid(),
        review.author.as_uuid(),
        i16::from(review.stars),
        review.title,
        review.text,
        review.submitted_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Moves a review on, unless something newer is known.
pub async fn set_review_status(
    conn: &mut PgConnection,
    review: ReviewId,
    subject: Subject,
    status: &str,
    version: i64,
) -> sqlx::Result<()> {
    let (kind, target) = columns(subject);
    let query = sqlx::query!(
        "insert into reviews as r (id, version, target_kind, target_id, status)
         values ($1, $2, $3, $4, $5)
         on conflict (id) do update set version = excluded.version, status = excluded.status
          where r.version < excluded.version",
        review.as_uuid(),
        version,
        kind,
        target,
        status,
    );
    query.execute(conn).await.map(drop)
}

/// Reviews, oldest first, after the one given.
pub async fn list_reviews(
    conn: &mut PgConnection,
    status: Option<&str>,
    after: Option<Uuid>,
    rows: i64,
) -> sqlx::Result<Vec<QueuedReview>> {
    let query = sqlx::query_as!(
        QueuedReview,
        "select id as review_id, target_kind, target_id, order_id, stars, title, text, status
           from reviews
          where ($1::text is null or status = $1) and ($2::uuid is null or id > $2)
          order by id
          limit $3",
        status,
        after,
        rows,
    );
    query.fetch_all(conn).await
}
