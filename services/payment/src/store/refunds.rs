//! Money on its way back to buyers. Whoever changes a refund has locked its payment.

use std::mem;

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{
    CreditId, Currency, DisputeId, Money, OrderId, PaymentId, RefundId, SellerOrderId, UserId,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::refund::{self, Hands, Refund, RefundStatus};

struct Row {
    seq: i64,
    order_number: String,
    refund_id: RefundId,
    payment_id: PaymentId,
    kind: String,
    credit_id: Option<CreditId>,
    seller_order_id: Option<SellerOrderId>,
    provider_payment_id: Option<String>,
    amount: i64,
    currency: Currency,
    status: String,
    attempt: i32,
    failures: i32,
    provider_refund_id: Option<String>,
    bank_reference: Option<String>,
    reason: Option<String>,
    dispute_id: Option<DisputeId>,
    requested_at: Timestamp,
    accepted_at: Option<jiff_sqlx::Timestamp>,
    done_at: Option<jiff_sqlx::Timestamp>,
    next_look_at: Option<jiff_sqlx::Timestamp>,
    words: Option<String>,
    proposed_by: Option<UserId>,
    approved_by: Option<UserId>,
    reported_by: Option<UserId>,
    reported_reference: Option<String>,
    paid_to: Option<i32>,
    without_account: Option<String>,
    confirmed_by: Option<UserId>,
    account: Option<i32>,
    is_forgotten: bool,
    version: i64,
}

impl TryFrom<Row> for Refund {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.refund_id,
            payment_id: row.payment_id,
            kind: row::parse("refunds.kind", &row.kind)?,
            credit_id: row.credit_id,
            seller_order_id: row.seller_order_id,
            provider_payment_id: row.provider_payment_id,
            amount: Money::new(row.amount, row.currency),
            status: row::parse("refunds.status", &row.status)?,
            attempt: row.attempt,
            failures: row.failures,
            provider_refund_id: row.provider_refund_id,
            bank_reference: row.bank_reference,
            reason: row.reason,
            dispute_id: row.dispute_id,
            requested_at: row.requested_at,
            accepted_at: row.accepted_at.map(jiff_sqlx::Timestamp::to_jiff),
            done_at: row.done_at.map(jiff_sqlx::Timestamp::to_jiff),
            next_look_at: row.next_look_at.map(jiff_sqlx::Timestamp::to_jiff),
            account: row.account,
            is_forgotten: row.is_forgotten,
            hands: Hands {
                words: row.words,
                proposed_by: row.proposed_by,
                approved_by: row.approved_by,
                reported_by: row.reported_by,
                reported_reference: row.reported_reference,
                paid_to: row.paid_to,
                without_account: row.without_account,
                confirmed_by: row.confirmed_by,
            },
            version: row.version,
        })
    }
}

/// Keeps a new refund; `rest_of` is the one that it is the rest of, if it is of one.
pub async fn insert(
    conn: &mut PgConnection,
    refund: &Refund,
    rest_of: Option<RefundId>,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into refunds (refund_id, payment_id, kind, credit_id, seller_order_id, provider_payment_id, amount,
                              currency, status, attempt, reason, requested_at, updated_at, version, words, proposed_by,
                              rest_of)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, $16)",
        refund.id.as_uuid(),
        refund.payment_id.as_uuid(),
        refund.kind.into_str(),
        refund.credit_id.map(|id| id.as_uuid()),
        refund.seller_order_id.map(|id| id.as_uuid()),
        refund.provider_payment_id,
        refund.amount.minor(),
        refund.amount.currency().as_str(),
        refund.status.into_str(),
        refund.attempt,
        refund.reason,
        refund.requested_at.to_sqlx(),
        refund.version,
        refund.hands.words,
        refund.hands.proposed_by.map(|id| id.as_uuid()),
        rest_of.map(|id| id.as_uuid()),
    );
    query.execute(conn).await.map(drop)
}

/// Writes that a refund is over less: there is another one over the rest.
pub async fn lessen(conn: &mut PgConnection, id: RefundId, amount: Money) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update refunds set amount = $2 where refund_id = $1 and amount > $2 and currency = $3",
        id.as_uuid(),
        amount.minor(),
        amount.currency().as_str(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// A refund as it stands.
pub async fn find(conn: &mut PgConnection, id: RefundId) -> sqlx::Result<Option<Refund>> {
    Ok(read(conn, &[id]).await?.pop().map(|listed| listed.refund))
}

/// These refunds as they stand, the newest first.
async fn read(conn: &mut PgConnection, ids: &[RefundId]) -> sqlx::Result<Vec<Listed>> {
    let ids: Vec<Uuid> = ids.iter().map(RefundId::as_uuid).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select r.seq, p.order_number, r.refund_id, r.payment_id, r.kind, r.credit_id, r.seller_order_id,
                  r.provider_payment_id, r.amount, r.currency, r.status, r.attempt, r.failures, r.provider_refund_id,
                  r.bank_reference, r.reason, r.requested_at, r.accepted_at, r.done_at, r.next_look_at, r.version, r.words,
                  r.proposed_by as "proposed_by: UserId", r.approved_by as "approved_by: UserId",
                  r.reported_by as "reported_by: UserId", r.reported_reference, r.confirmed_by as "confirmed_by: UserId",
                  r.dispute_id as "dispute_id: DisputeId", r.paid_to, r.without_account, a.edition as "account?",
                  exists (select from erased_buyers e where e.user_id = p.buyer) as "is_forgotten!"
             from refunds r
             left join refund_accounts a on a.payment_id = r.payment_id
             join payments p on p.payment_id = r.payment_id
            where r.refund_id = any((select $1::uuid[])::uuid[])
            order by r.seq desc"#,
        &ids
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|mut row| {
        let order_number = mem::take(&mut row.order_number);
        Ok(Listed { seq: row.seq, order_number, refund: row.try_into()? })
    });
    rows.collect()
}

/// Refunds of a capture that wait until a dispute is decided; where it `is_lost` also those that the provider would not do,
/// and that nobody paid out.
pub async fn list_held(
    conn: &mut PgConnection,
    provider_payment_id: &str,
    is_lost: bool,
) -> sqlx::Result<Vec<RefundId>> {
    let query = sqlx::query_scalar!(
        "select refund_id from refunds
          where provider_payment_id = $1
            and ((status = 'requested' and reason = $2)
                 or ($3 and status = 'stuck' and kind <> 'goodwill' and reported_by is null))
          order by seq",
        provider_payment_id,
        refund::DISPUTED,
        is_lost
    );
    query.fetch_all(conn).await
}

/// Whether the provider is still to be asked for a refund of a capture.
pub async fn any_requested(
    conn: &mut PgConnection,
    provider_payment_id: &str,
) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (
               select from refunds where provider_payment_id = $1 and status = 'requested') as "exists!""#,
        provider_payment_id
    );
    query.fetch_one(conn).await
}

/// The refund that the provider knows by this name.
pub async fn find_by_provider(
    conn: &mut PgConnection,
    provider_refund_id: &str,
) -> sqlx::Result<Option<RefundId>> {
    let query = sqlx::query_scalar!(
        "select refund_id from refunds where provider_refund_id = $1",
        provider_refund_id
    );
    query.fetch_optional(conn).await
}

/// Writes a refund, as its next version.
pub async fn update(
    conn: &mut PgConnection,
    refund: &mut Refund,
    now: Timestamp,
) -> sqlx::Result<()> {
    refund.version += 1;
    let query = sqlx::query!(
        "update refunds
            set status = $2, attempt = $3, failures = $4, provider_refund_id = $5, bank_reference = $6, reason = $7,
                accepted_at = $8, done_at = $9, next_look_at = $10, version = $11, updated_at = $12, approved_by = $13,
                reported_by = $14, reported_reference = $15, confirmed_by = $16, dispute_id = $17, paid_to = $18,
                without_account = $19
          where refund_id = $1",
        refund.id.as_uuid(),
        refund.status.into_str(),
        refund.attempt,
        refund.failures,
        refund.provider_refund_id,
        refund.bank_reference,
        refund.reason,
        refund.accepted_at.map(ToSqlx::to_sqlx),
        refund.done_at.map(ToSqlx::to_sqlx),
        refund.next_look_at.map(ToSqlx::to_sqlx),
        refund.version,
        now.to_sqlx(),
        refund.hands.approved_by.map(|id| id.as_uuid()),
        refund.hands.reported_by.map(|id| id.as_uuid()),
        refund.hands.reported_reference,
        refund.hands.confirmed_by.map(|id| id.as_uuid()),
        refund.dispute_id.map(|id| id.as_uuid()),
        refund.hands.paid_to,
        refund.hands.without_account,
    );
    query.execute(conn).await.and_then(row::one)
}

/// What somebody gave back of a capture on the provider's own pages and no credit took over, if it is this much; the first
/// one first.
pub async fn find_foreign(
    conn: &mut PgConnection,
    provider_payment_id: &str,
    amount: Money,
) -> sqlx::Result<Option<RefundId>> {
    let query = sqlx::query_scalar!(
        "select refund_id
           from refunds
          where provider_payment_id = $1 and kind = 'foreign' and status in ('accepted', 'done') and approved_by is null
            and amount = $2 and currency = $3
          order by seq
          limit 1",
        provider_payment_id,
        amount.minor(),
        amount.currency().as_str(),
    );
    query.fetch_optional(conn).await
}

/// What somebody gave back was for this credit.
pub async fn adopt(
    conn: &mut PgConnection,
    refund: RefundId,
    credit: CreditId,
    seller_order: SellerOrderId,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update refunds
            set kind = 'credit', credit_id = $2, seller_order_id = $3, words = null, proposed_by = null
          where refund_id = $1 and kind = 'foreign' and approved_by is null",
        refund.as_uuid(),
        credit.as_uuid(),
        seller_order.as_uuid(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Writes who proposes what, and why.
pub async fn propose(conn: &mut PgConnection, refund: &Refund) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update refunds set words = $2, proposed_by = $3 where refund_id = $1",
        refund.id.as_uuid(),
        refund.hands.words,
        refund.hands.proposed_by.map(|id| id.as_uuid()),
    );
    query.execute(conn).await.and_then(row::one)
}

/// What was paid for a payment's order, less what goes back of it or is proposed to, and what a bank took or asks for: by
/// the capture that paid it, or in cash. None where nothing was paid.
pub async fn find_room(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> sqlx::Result<Option<(Option<String>, Money)>> {
    let room = sqlx::query!(
        r#"with paid as (
               select provider_payment_id, amount, currency from attempts where payment_id = $1 and booked = 'order'
               union all
               select null, sum(coalesce(collected, gross))::bigint, currency
                 from shares where payment_id = $1 and collected_at is not null group by currency)
           select p.provider_payment_id, p.currency as "currency!: Currency",
                  p.amount - coalesce((
                      select sum(r.amount) from refunds r
                       where r.payment_id = $1 and r.status <> 'declined' and r.dispute_id is null
                         and r.provider_payment_id is not distinct from p.provider_payment_id), 0)::bigint
                           - coalesce((
                      select sum(d.amount) from disputes d
                       where d.provider_payment_id = p.provider_payment_id and d.state <> 'won'), 0)::bigint as "room!"
             from paid p"#,
        payment.as_uuid()
    );
    let room = room.fetch_optional(conn).await?;
    Ok(room.map(|row| (row.provider_payment_id, Money::new(row.room, row.currency))))
}

/// A refund in staff's list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its place in the list.
    pub seq: i64,
    /// The order's number for people.
    pub order_number: String,
    pub refund: Refund,
}

/// Refunds that stand here and are of this order, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    status: Option<RefundStatus>,
    order_id: Option<OrderId>,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let ids = sqlx::query_scalar!(
        "select r.refund_id
           from refunds r
           join payments p on p.payment_id = r.payment_id
          where ($1::text is null or r.status = $1) and ($2::bigint is null or r.seq < $2)
            and ($4::uuid is null or p.order_id = $4)
          order by r.seq desc
          limit $3",
        status.map(|status| status.into_str()),
        before,
        limit,
        order_id.map(|id| id.as_uuid())
    );
    let ids = ids.fetch_all(&mut *conn).await?;
    read(conn, &ids).await
}
