//! Reviews.

use chassis::row;
use contracts::rating::{ReviewSubmitted, Subject};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{ReviewId, UserId};
use sqlx::PgConnection;

use super::{columns, subject};
use crate::domain::review::ReviewStatus;

/// Keeps a review. Violates `reviews_once_key` when the purchase was rated before.
pub async fn insert(conn: &mut PgConnection, review: &ReviewSubmitted) -> sqlx::Result<()> {
    let (kind, id) = columns(review.subject);
    let query = sqlx::query!(
        "insert into reviews (id, order_id, target_kind, target_id, author_id, stars, title, text, status, submitted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'submitted', $9)",
        review.review_id.as_uuid(),
        review.order_id.as_uuid(),
        kind,
        id,
        review.author.as_uuid(),
        i16::from(review.stars),
        review.title,
        review.text,
        review.submitted_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// What has to be known to change a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    pub subject: Subject,
    pub author: UserId,
    /// One to five.
    pub stars: u8,
    pub status: ReviewStatus,
}

/// Locks the row, so that two changes take turns.
pub async fn lock(conn: &mut PgConnection, id: ReviewId) -> sqlx::Result<Option<Locked>> {
    let query = sqlx::query!(
        "select target_kind, target_id, author_id, stars, status
           from reviews
          where id = $1
            for update",
        id.as_uuid(),
    );
    let row = query.fetch_optional(conn).await?;
    row.map(|row| {
        Ok(Locked {
            subject: subject(&row.target_kind, row.target_id)?,
            author: row.author_id,
            stars: row::fit("reviews.stars", u8::try_from(row.stars))?,
            status: row::parse("reviews.status", &row.status)?,
        })
    })
    .transpose()
}

/// Moves a review on. `published_at` is set when it becomes public.
pub async fn set_status(
    conn: &mut PgConnection,
    id: ReviewId,
    status: ReviewStatus,
    at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update reviews
            set status = $2, published_at = case when $2 = 'published' then $3 else published_at end
          where id = $1",
        id.as_uuid(),
        status.into_str(),
        at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// A review as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public {
    pub id: ReviewId,
    /// One to five.
    pub stars: u8,
    pub title: Option<String>,
    pub text: Option<String>,
    pub published_at: Timestamp,
}

/// Published reviews of a target, newest first, after the one given.
pub async fn list(
    conn: &mut PgConnection,
    target: Subject,
    after: Option<ReviewId>,
    rows: i64,
) -> sqlx::Result<Vec<Public>> {
    let (kind, id) = columns(target);
    let query = sqlx::query!(
        r#"select id, stars, title, text, published_at as "published_at!"
             from reviews
            where target_kind = $1 and target_id = $2 and status = 'published' and ($3::uuid is null or id < $3)
            order by id desc
            limit $4"#,
        kind,
        id,
        after.map(|a| a.as_uuid()),
        rows,
    );
    let rows = query.fetch_all(conn).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Public {
                id: row.id,
                stars: row::fit("reviews.stars", u8::try_from(row.stars))?,
                title: row.title,
                text: row.text,
                published_at: row.published_at.to_jiff(),
            })
        })
        .collect()
}
