//! Wrong money that a person may look at. Whoever decides about it has locked its payment.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, PaymentId, UserId};
use sqlx::PgConnection;

use crate::domain::review::{Outcome, Review};

struct Row {
    seq: i64,
    provider_payment_id: String,
    payment_id: PaymentId,
    order_number: String,
    asked: i64,
    asked_in: Currency,
    received: i64,
    received_in: Currency,
    opened_at: Timestamp,
    outcome: Option<String>,
    decided_by: Option<UserId>,
    decided_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Review {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let outcome = row.outcome.map(|word| row::parse("reviews.outcome", &word)).transpose()?;
        Ok(Self {
            seq: row.seq,
            provider_payment_id: row.provider_payment_id,
            payment_id: row.payment_id,
            order_number: row.order_number,
            asked: Money::new(row.asked, row.asked_in),
            received: Money::new(row.received, row.received_in),
            opened_at: row.opened_at,
            outcome,
            decided_by: row.decided_by,
            decided_at: row.decided_at.map(jiff_sqlx::Timestamp::to_jiff),
        })
    }
}

/// Wrong money came: a person may look at it.
pub async fn open(
    conn: &mut PgConnection,
    payment: PaymentId,
    provider_payment_id: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into reviews (provider_payment_id, payment_id, opened_at) values ($1, $2, $3)
         on conflict (provider_payment_id) do nothing",
        provider_payment_id,
        payment.as_uuid(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Writes down what becomes of it, unless that is decided. Nobody decides where the end of its order does.
pub async fn decide(
    conn: &mut PgConnection,
    provider_payment_id: &str,
    outcome: Outcome,
    who: Option<UserId>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update reviews
            set outcome = $2, decided_by = $3, decided_at = $4
          where provider_payment_id = $1 and outcome is null",
        provider_payment_id,
        outcome.into_str(),
        who.map(|who| who.as_uuid()),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Whether some of what came for a payment waits for a decision.
pub async fn any_open(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from reviews where payment_id = $1 and outcome is null) as "exists!""#,
        payment.as_uuid()
    );
    query.fetch_one(conn).await
}

/// A review of what came for a payment.
pub async fn find(
    conn: &mut PgConnection,
    payment: PaymentId,
    provider_payment_id: &str,
) -> sqlx::Result<Option<Review>> {
    let found = read(conn, &[provider_payment_id.to_owned()]).await?.pop();
    Ok(found.filter(|review| review.payment_id == payment))
}

/// The reviews of these captures, the newest first.
async fn read(conn: &mut PgConnection, captures: &[String]) -> sqlx::Result<Vec<Review>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select r.seq, r.provider_payment_id, r.payment_id as "payment_id: PaymentId", p.order_number,
                  p.amount as asked, p.currency as "asked_in: Currency", a.amount as received,
                  a.currency as "received_in: Currency", r.opened_at, r.outcome, r.decided_by as "decided_by: UserId",
                  r.decided_at
             from reviews r
             join payments p on p.payment_id = r.payment_id
             join attempts a on a.provider_payment_id = r.provider_payment_id
            where r.provider_payment_id = any($1)
            order by r.seq desc"#,
        captures
    );
    rows.fetch_all(conn).await?.into_iter().map(Review::try_from).collect()
}

/// Reviews, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    is_open: Option<bool>,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Review>> {
    let captures = sqlx::query_scalar!(
        "select provider_payment_id
           from reviews
          where ($1::boolean is null or (outcome is null) = $1) and ($2::bigint is null or seq < $2)
          order by seq desc
          limit $3",
        is_open,
        before,
        limit
    );
    let captures = captures.fetch_all(&mut *conn).await?;
    read(conn, &captures).await
}
