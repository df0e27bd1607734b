//! Disputes. Whoever changes one has locked its payment.

use std::mem;

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, DisputeId, Money, PaymentId, RefundId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::dispute::Dispute;

struct Row {
    seq: i64,
    order_number: String,
    dispute_id: DisputeId,
    provider_dispute_id: String,
    payment_id: PaymentId,
    provider_payment_id: String,
    amount: i64,
    currency: Currency,
    state: String,
    bearer: Option<String>,
    borne_by: Option<UserId>,
    by_sellers: Option<i64>,
    covered: i64,
    reason_code: Option<String>,
    respond_by: Option<jiff_sqlx::Timestamp>,
    opened_at: Timestamp,
    decided_at: Option<jiff_sqlx::Timestamp>,
    borne_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Dispute {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let bearer = row.bearer.map(|word| row::parse("disputes.bearer", &word)).transpose()?;
        Ok(Self {
            id: row.dispute_id,
            provider_dispute_id: row.provider_dispute_id,
            payment_id: row.payment_id,
            provider_payment_id: row.provider_payment_id,
            amount: Money::new(row.amount, row.currency),
            state: row::parse("disputes.state", &row.state)?,
            bearer,
            borne_by: row.borne_by,
            by_sellers: row.by_sellers.map(|minor| Money::new(minor, row.currency)),
            covered: Money::new(row.covered, row.currency),
            reason_code: row.reason_code,
            respond_by: row.respond_by.map(jiff_sqlx::Timestamp::to_jiff),
            opened_at: row.opened_at,
            decided_at: row.decided_at.map(jiff_sqlx::Timestamp::to_jiff),
            borne_at: row.borne_at.map(jiff_sqlx::Timestamp::to_jiff),
        })
    }
}

/// Keeps a new dispute.
pub async fn insert(conn: &mut PgConnection, dispute: &Dispute) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into disputes (dispute_id, provider_dispute_id, payment_id, provider_payment_id, amount, currency, state,
                               opened_at, reason_code, respond_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        dispute.id.as_uuid(),
        dispute.provider_dispute_id,
        dispute.payment_id.as_uuid(),
        dispute.provider_payment_id,
        dispute.amount.minor(),
        dispute.amount.currency().as_str(),
        dispute.state.into_str(),
        dispute.opened_at.to_sqlx(),
        dispute.reason_code,
        dispute.respond_by.map(ToSqlx::to_sqlx),
    );
    query.execute(conn).await.map(drop)
}

/// Writes a dispute.
pub async fn update(conn: &mut PgConnection, dispute: &Dispute) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update disputes
            set state = $2, bearer = $3, borne_by = $4, by_sellers = $5, decided_at = $6, covered = $7, borne_at = $8,
                reason_code = $9, respond_by = $10
          where dispute_id = $1",
        dispute.id.as_uuid(),
        dispute.state.into_str(),
        dispute.bearer.map(|bearer| bearer.into_str()),
        dispute.borne_by.map(|who| who.as_uuid()),
        dispute.by_sellers.map(Money::minor),
        dispute.decided_at.map(ToSqlx::to_sqlx),
        dispute.covered.minor(),
        dispute.borne_at.map(ToSqlx::to_sqlx),
        dispute.reason_code,
        dispute.respond_by.map(ToSqlx::to_sqlx),
    );
    query.execute(conn).await.and_then(row::one)
}

/// A dispute as it stands.
pub async fn find(conn: &mut PgConnection, id: DisputeId) -> sqlx::Result<Option<Dispute>> {
    Ok(read(conn, &[id.as_uuid()]).await?.pop().map(|listed| listed.dispute))
}

/// These disputes as they stand, the first one first.
async fn read(conn: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<Listed>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select d.seq, p.order_number, d.dispute_id as "dispute_id: DisputeId", d.provider_dispute_id,
                  d.payment_id as "payment_id: PaymentId", d.provider_payment_id, d.amount,
                  d.currency as "currency: Currency", d.state, d.bearer, d.borne_by as "borne_by: UserId", d.by_sellers, d.covered,
                  d.opened_at, d.decided_at, d.borne_at, d.reason_code, d.respond_by
             from disputes d
             join payments p on p.payment_id = d.payment_id
            where d.dispute_id = any($1)
            order by d.seq"#,
        ids
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|mut row| {
        let order_number = mem::take(&mut row.order_number);
        Ok(Listed { seq: row.seq, order_number, dispute: row.try_into()? })
    });
    rows.collect()
}

async fn read_all(conn: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<Dispute>> {
    Ok(read(conn, ids).await?.into_iter().map(|listed| listed.dispute).collect())
}

/// The dispute that the provider knows by this name.
pub async fn find_by_provider(
    conn: &mut PgConnection,
    provider_dispute_id: &str,
) -> sqlx::Result<Option<Dispute>> {
    let id = sqlx::query_scalar!(
        r#"select dispute_id as "id: Uuid" from disputes where provider_dispute_id = $1"#,
        provider_dispute_id
    );
    let id = id.fetch_optional(&mut *conn).await?;
    Ok(read_all(conn, id.as_slice()).await?.pop())
}

/// Whether the sellers of a payment bear a dispute.
pub async fn is_borne_by_sellers(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from disputes where payment_id = $1 and bearer = 'sellers') as "exists!""#,
        payment.as_uuid()
    );
    query.fetch_one(conn).await
}

/// Every dispute of a capture, the first one first.
pub async fn list_of_capture(
    conn: &mut PgConnection,
    provider_payment_id: &str,
) -> sqlx::Result<Vec<Dispute>> {
    let ids = sqlx::query_scalar!(
        r#"select dispute_id as "id: Uuid" from disputes where provider_payment_id = $1"#,
        provider_payment_id
    );
    let ids = ids.fetch_all(&mut *conn).await?;
    read_all(conn, &ids).await
}

/// The disputes of a payment that its sellers bear, the first one first.
pub async fn list_borne_by_sellers(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> sqlx::Result<Vec<Dispute>> {
    let ids = sqlx::query_scalar!(
        r#"select dispute_id as "id: Uuid" from disputes where payment_id = $1 and bearer = 'sellers'"#,
        payment.as_uuid()
    );
    let ids = ids.fetch_all(&mut *conn).await?;
    read_all(conn, &ids).await
}

/// What sellers bear of the disputes of a payment, less what was taken back from them for it.
pub async fn find_awaited(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<i64> {
    let query = sqlx::query_scalar!(
        r#"select (coalesce((select sum(by_sellers) from disputes where payment_id = $1), 0)
                   - coalesce((select sum(amount) from credits where payment_id = $1 and disputed), 0))::bigint as "awaited!""#,
        payment.as_uuid()
    );
    query.fetch_one(conn).await
}

/// Whether all of what was sold for a payment was taken back.
pub async fn is_all_taken_back(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select not exists (
               select from shares where payment_id = $1 and credited_gross < gross) as "all!""#,
        payment.as_uuid()
    );
    query.fetch_one(conn).await
}

/// What the provider still has of a capture for a refund: neither given back nor lost, nor asked for by a bank, nor owed
/// to the buyer since before.
pub async fn find_room(
    conn: &mut PgConnection,
    provider_payment_id: &str,
    refund: RefundId,
) -> sqlx::Result<i64> {
    let query = sqlx::query_scalar!(
        r#"select (coalesce((select amount from attempts where provider_payment_id = $1 and status = 'captured'), 0)
                   - coalesce((select sum(amount) from refunds
                                where provider_payment_id = $1 and refund_id <> $2 and status <> 'declined'
                                  and (accepted_at is not null or (status = 'requested' and seq < (
                                       select seq from refunds where refund_id = $2)))), 0)
                   - coalesce((select sum(amount) from disputes
                                where provider_payment_id = $1 and state <> 'won'), 0))::bigint as "room!""#,
        provider_payment_id,
        refund.as_uuid()
    );
    query.fetch_one(conn).await
}

/// What was sold for a payment and not taken back, nor to be taken back for another dispute.
pub async fn find_left(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<Option<Money>> {
    let left = sqlx::query!(
        r#"select currency as "currency!: Currency", greatest(0, sum(gross - credited_gross) - coalesce((
                      select sum(by_sellers) from disputes where payment_id = $1), 0) + coalesce((
                      select sum(amount) from credits where payment_id = $1 and disputed), 0))::bigint as "left!"
             from shares where payment_id = $1 group by currency"#,
        payment.as_uuid()
    );
    Ok(left.fetch_optional(conn).await?.map(|row| Money::new(row.left, row.currency)))
}

/// A dispute in staff's list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its place in the list.
    pub seq: i64,
    /// The order's number for people.
    pub order_number: String,
    pub dispute: Dispute,
}

/// Disputes, the newest first. Those that wait are open, or lost and nobody has said who bears them.
pub async fn list(
    conn: &mut PgConnection,
    waiting: Option<bool>,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let ids = sqlx::query_scalar!(
        r#"select dispute_id as "id: Uuid"
             from disputes
            where ($1::boolean is null or (state = 'open' or (state = 'lost' and bearer is null)) = $1)
              and ($2::bigint is null or seq < $2)
            order by seq desc
            limit $3"#,
        waiting,
        before,
        limit
    );
    let ids = ids.fetch_all(&mut *conn).await?;
    let mut listed = read(conn, &ids).await?;
    listed.reverse();
    Ok(listed)
}
