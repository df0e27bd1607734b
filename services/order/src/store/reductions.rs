//! Prices that staff reduced, or propose to.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CreditId, Money, ReductionId, SellerOrderId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::reduction::ReductionState;

/// A reduction as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduction {
    pub id: ReductionId,
    pub seller_order_id: SellerOrderId,
    /// The seller order's number.
    pub number: String,
    pub amount: Money,
    /// In the words of whoever proposed it.
    pub reason: String,
    pub state: ReductionState,
    pub proposed_by: UserId,
    /// Who agreed or declined; nobody where one may do it alone.
    pub decided_by: Option<UserId>,
    /// What was given, once it is done.
    pub credit_id: Option<CreditId>,
    pub created_at: Timestamp,
}

pub async fn insert(conn: &mut PgConnection, new: &Reduction) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into reductions
             (reduction_id, seller_order_id, amount, currency, reason, state, proposed_by, decided_by,
              credit_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        new.id.as_uuid(),
        new.seller_order_id.as_uuid(),
        new.amount.minor(),
        new.amount.currency().as_str(),
        new.reason,
        new.state.into_str(),
        new.proposed_by.as_uuid(),
        new.decided_by.map(|who| who.as_uuid()),
        new.credit_id.map(|id| id.as_uuid()),
        new.created_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps what was decided about a proposal.
pub async fn set_decided(
    conn: &mut PgConnection,
    decided: &Reduction,
    at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update reductions
         set state = $2, decided_by = $3, credit_id = $4, updated_at = $5
         where reduction_id = $1 and state = 'proposed'",
        decided.id.as_uuid(),
        decided.state.into_str(),
        decided.decided_by.map(|who| who.as_uuid()),
        decided.credit_id.map(|id| id.as_uuid()),
        at.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

pub async fn find(conn: &mut PgConnection, id: ReductionId) -> sqlx::Result<Option<Reduction>> {
    Ok(load(conn, &[id]).await?.pop())
}

/// Everybody's reductions, oldest first; in this state, or all.
pub async fn list(
    conn: &mut PgConnection,
    state: Option<ReductionState>,
    after: Option<ReductionId>,
    rows: i64,
) -> sqlx::Result<Vec<Reduction>> {
    let query = sqlx::query_scalar!(
        "select reduction_id
         from reductions
         where ($1::text is null or state = $1) and ($2::uuid is null or reduction_id > $2)
         order by reduction_id
         limit $3",
        state.map(|state| state.into_str()),
        after.map(|id| id.as_uuid()),
        rows,
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

/// These reductions, oldest first.
async fn load(conn: &mut PgConnection, ids: &[ReductionId]) -> sqlx::Result<Vec<Reduction>> {
    let ids: Vec<Uuid> = ids.iter().map(ReductionId::as_uuid).collect();
    let query = sqlx::query!(
        "select r.reduction_id, r.seller_order_id, s.number, r.amount, r.currency, r.reason, r.state,
                r.proposed_by, r.decided_by, r.credit_id, r.created_at
         from reductions r
         join seller_orders s using (seller_order_id)
         where r.reduction_id = any($1)
         order by r.reduction_id",
        &ids,
    );
    let rows = query.fetch_all(conn).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Reduction {
                id: row.reduction_id,
                seller_order_id: row.seller_order_id,
                number: row.number,
                amount: Money::new(row.amount, row.currency),
                reason: row.reason,
                state: row::parse("reductions.state", &row.state)?,
                proposed_by: row.proposed_by,
                decided_by: row.decided_by,
                credit_id: row.credit_id,
                created_at: row.created_at.to_jiff(),
            })
        })
        .collect()
}
