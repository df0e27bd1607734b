//! Transfers of cash of which one member of staff says what arrived, and another one decides.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, RemittanceId, SellerOrderId, UserId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

use super::proposals::{self, Columns};
use crate::domain::hands::{Proposal, ProposalStatus};
use crate::domain::remittance::Remittance;

struct Row {
    remittance_id: RemittanceId,
    bank_reference: String,
    party: String,
    seller_orders: Vec<Uuid>,
    due: i64,
    received: i64,
    currency: Currency,
    reason: String,
    status: String,
    proposed_by: UserId,
    proposed_at: Timestamp,
    decided_by: Option<UserId>,
    decided_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Remittance {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let columns = Columns {
            status: &row.status,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        };
        let said = proposals::read("remittance_proposals.status", &columns)?;
        Ok(Self {
            bank_reference: row.bank_reference,
            party: row.party,
            seller_orders: row.seller_orders.into_iter().map(SellerOrderId::from_uuid).collect(),
            due: Money::new(row.due, row.currency),
            received: Money::new(row.received, row.currency),
            reason: Some(row.reason),
            reported_at: row.proposed_at,
            said: Some((row.remittance_id, said)),
        })
    }
}

/// Keeps what was proposed. False when one of this number waits or is in the books.
pub async fn insert(conn: &mut PgConnection, new: &Remittance) -> sqlx::Result<bool> {
    let Some((id, said)) = new.said else { return Ok(false) };
    let orders: Vec<Uuid> = new.seller_orders.iter().map(SellerOrderId::as_uuid).collect();
    let done = sqlx::query!(
        "insert into remittance_proposals (remittance_id, bank_reference, party, seller_orders, due, received, currency, reason,
                                           status, proposed_by, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (bank_reference) where status <> 'declined' do nothing",
        id.as_uuid(),
        new.bank_reference,
        new.party,
        &orders,
        new.due.minor(),
        new.received.minor(),
        new.due.currency().as_str(),
        new.reason.as_deref().unwrap_or_default(),
        said.status.into_str(),
        said.proposed_by.as_uuid(),
        said.proposed_at.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// What was proposed under this number and waits, or what two people booked.
pub async fn find(
    conn: &mut PgConnection,
    bank_reference: &str,
    status: ProposalStatus,
) -> sqlx::Result<Option<Remittance>> {
    let row = sqlx::query_as!(
        Row,
        "select remittance_id, bank_reference, party, seller_orders, due, received, currency, reason, status, proposed_by,
                proposed_at, decided_by, decided_at
           from remittance_proposals
          where bank_reference = $1 and status = $2 and status <> 'declined'",
        bank_reference,
        status.into_str(),
    );
    row.fetch_optional(conn).await?.map(Remittance::try_from).transpose()
}

/// What was proposed, which is locked.
pub async fn lock(conn: &mut PgConnection, id: RemittanceId) -> sqlx::Result<Option<Remittance>> {
    let row = sqlx::query_as!(
        Row,
        "select remittance_id, bank_reference, party, seller_orders, due, received, currency, reason, status, proposed_by,
                proposed_at, decided_by, decided_at
           from remittance_proposals
          where remittance_id = $1
            for update",
        id.as_uuid(),
    );
    row.fetch_optional(conn).await?.map(Remittance::try_from).transpose()
}

/// Writes down what was decided.
pub async fn decide(
    conn: &mut PgConnection,
    id: RemittanceId,
    said: &Proposal,
) -> sqlx::Result<()> {
    let (by, at) = said.decided.unzip();
    let query = sqlx::query!(
        "update remittance_proposals
            set status = $2, decided_by = $3, decided_at = $4
          where remittance_id = $1 and status = 'proposed'",
        id.as_uuid(),
        said.status.into_str(),
        by.map(|by| by.as_uuid()),
        at.map(ToSqlx::to_sqlx) as _,
    );
    query.execute(conn).await.and_then(row::one)
}

/// What waits for a second member of staff, the longest first.
pub async fn list_waiting(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Remittance>> {
    let rows = sqlx::query_as!(
        Row,
        "select remittance_id, bank_reference, party, seller_orders, due, received, currency, reason, status, proposed_by,
                proposed_at, decided_by, decided_at
           from remittance_proposals
          where status = 'proposed'
          order by seq
          limit $1",
        limit,
    );
    rows.fetch_all(conn).await?.into_iter().map(Remittance::try_from).collect()
}
