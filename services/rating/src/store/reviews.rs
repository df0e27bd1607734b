//! Reviews.

use contracts::rating::Subject;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, ReviewId, Stars, UserId};
use sqlx::PgConnection;

use super::{columns, subject, unknown};
use crate::domain::review::Status;

/// A review as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReview {
    /// Which.
    pub id: ReviewId,
    /// From which order.
    pub order_id: OrderId,
    /// About what.
    pub subject: Subject,
    /// By whom.
    pub author: UserId,
    /// One to five.
    pub stars: Stars,
    /// A line.
    pub title: Option<String>,
    /// The review.
    pub text: Option<String>,
    /// When.
    pub at: Timestamp,
}

fn text(status: Status) -> &'static str {
    match status {
        Status::Submitted => "submitted",
        Status::Published => "published",
        Status::Rejected => "rejected",
        Status::Removed => "removed",
    }
}

fn status(text: &str) -> sqlx::Result<Status> {
    match text {
        "submitted" => Ok(Status::Submitted),
        "published" => Ok(Status::Published),
        "rejected" => Ok(Status::Rejected),
        "removed" => Ok(Status::Removed),
        other => Err(unknown("status", other)),
    }
}

/// Keeps a review. Violates `reviews_once_key` when the purchase was rated before.
pub async fn insert(conn: &mut PgConnection, review: &NewReview) -> sqlx::Result<()> {
    let (kind, id) = columns(review.subject);
    sqlx::query!(
        "insert into reviews (id, order_id, target_kind, target_id, author_id, stars, title, text, status, submitted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'submitted', $9)",
        review.id.as_uuid(),
        review.order_id.as_uuid(),
        kind,
        id,
        review.author.as_uuid(),
        i16::from(u8::from(review.stars)),
        review.title,
        review.text,
        review.at.to_sqlx() as _,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// What has to be known to change a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// About what.
    pub subject: Subject,
    /// By whom.
    pub author: UserId,
    /// One to five.
    pub stars: u8,
    /// Where it stands.
    pub status: Status,
}

/// Locks the row, so that two changes take turns.
pub async fn lock(conn: &mut PgConnection, id: ReviewId) -> sqlx::Result<Option<Locked>> {
    let row = sqlx::query!(
        "select target_kind, target_id, author_id, stars, status
           from reviews
          where id = $1
            for update",
        id.as_uuid(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Locked {
            subject: subject(&row.target_kind, row.target_id)?,
            author: UserId::from_uuid(row.author_id),
            stars: u8::try_from(row.stars).unwrap_or(0),
            status: status(&row.status)?,
        })
    })
    .transpose()
}

/// Moves a review on. `published_at` is set when it becomes public.
pub async fn set_status(
    conn: &mut PgConnection,
    id: ReviewId,
    status: Status,
    at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update reviews
            set status = $2, published_at = case when $2 = 'published' then $3 else published_at end
          where id = $1",
        id.as_uuid(),
        text(status),
        at.to_sqlx() as _,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// A review as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public {
    /// Which.
    pub id: ReviewId,
    /// One to five.
    pub stars: u8,
    /// A line.
    pub title: Option<String>,
    /// The review.
    pub text: Option<String>,
    /// When it became public.
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
    let rows = sqlx::query!(
        r#"select id, stars, title, text, published_at as "published_at!"
             from reviews
            where target_kind = $1 and target_id = $2 and status = 'published' and ($3::uuid is null or id < $3)
            order by id desc
            limit $4"#,
        kind,
        id,
        after.map(|a| a.as_uuid()),
        rows,
    )
    .fetch_all(conn)
    .await?;
    let public = rows.into_iter().map(|row| Public {
        id: ReviewId::from_uuid(row.id),
        stars: u8::try_from(row.stars).unwrap_or(0),
        title: row.title,
        text: row.text,
        published_at: row.published_at.to_jiff(),
    });
    Ok(public.collect())
}
