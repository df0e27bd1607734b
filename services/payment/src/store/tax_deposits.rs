//! What was paid to the tax offices.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, TaxDepositId, UserId};
use sqlx::PgConnection;

use super::proposals::{self, Columns};
use crate::domain::tax::{Deposit, TaxKind};
use crate::domain::tax_period::TaxMonth;

struct Row {
    seq: i64,
    deposit_id: TaxDepositId,
    kind: String,
    month: jiff_sqlx::Date,
    amount: i64,
    currency: Currency,
    reference: String,
    status: String,
    proposed_by: UserId,
    proposed_at: Timestamp,
    decided_by: Option<UserId>,
    decided_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Deposit {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let columns = Columns {
            status: &row.status,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        };
        Ok(Self {
            said: proposals::read("tax_deposits.status", &columns)?,
            id: row.deposit_id,
            kind: row::parse("tax_deposits.kind", &row.kind)?,
            month: TaxMonth::of(row.month.to_jiff()),
            amount: Money::new(row.amount, row.currency),
            reference: row.reference,
        })
    }
}

/// Keeps what was reported. False when the challan is another deposit's.
pub async fn insert(conn: &mut PgConnection, new: &Deposit) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into tax_deposits (deposit_id, kind, month, amount, currency, reference, status, proposed_by, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (reference) where status <> 'declined' do nothing",
        new.id.as_uuid(),
        new.kind.into_str(),
        new.month.first().to_sqlx() as _,
        new.amount.minor(),
        new.amount.currency().as_str(),
        new.reference,
        new.said.status.into_str(),
        new.said.proposed_by.as_uuid(),
        new.said.proposed_at.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// The deposit of a challan, unless it was declined.
pub async fn find_by_reference(
    conn: &mut PgConnection,
    reference: &str,
) -> sqlx::Result<Option<Deposit>> {
    let row = sqlx::query_as!(
        Row,
        "select seq, deposit_id, kind, month, amount, currency, reference, status, proposed_by, proposed_at, decided_by,
                decided_at
           from tax_deposits
          where reference = $1 and status <> 'declined'",
        reference,
    );
    row.fetch_optional(conn).await?.map(Deposit::try_from).transpose()
}

/// A deposit, which is locked.
pub async fn lock(conn: &mut PgConnection, id: TaxDepositId) -> sqlx::Result<Option<Deposit>> {
    let row = sqlx::query_as!(
        Row,
        "select seq, deposit_id, kind, month, amount, currency, reference, status, proposed_by, proposed_at, decided_by,
                decided_at
           from tax_deposits
          where deposit_id = $1
            for update",
        id.as_uuid(),
    );
    row.fetch_optional(conn).await?.map(Deposit::try_from).transpose()
}

/// Writes down what was decided.
pub async fn decide(conn: &mut PgConnection, deposit: &Deposit) -> sqlx::Result<()> {
    let (by, at) = deposit.said.decided.unzip();
    let query = sqlx::query!(
        "update tax_deposits
            set status = $2, decided_by = $3, decided_at = $4
          where deposit_id = $1 and status = 'proposed'",
        deposit.id.as_uuid(),
        deposit.said.status.into_str(),
        by.map(|by| by.as_uuid()),
        at.map(ToSqlx::to_sqlx) as _,
    );
    query.execute(conn).await.and_then(row::one)
}

/// Deposits, newest first, with the place in which each stands.
pub async fn list(
    conn: &mut PgConnection,
    kind: Option<TaxKind>,
    month: Option<TaxMonth>,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<(i64, Deposit)>> {
    let rows = sqlx::query_as!(
        Row,
        "select seq, deposit_id, kind, month, amount, currency, reference, status, proposed_by, proposed_at, decided_by,
                decided_at
           from tax_deposits
          where ($1::text is null or kind = $1) and ($2::date is null or month = $2) and ($3::bigint is null or seq < $3)
          order by seq desc
          limit $4",
        kind.map(|kind| kind.into_str()),
        month.map(|month| month.first().to_sqlx()) as _,
        before,
        limit,
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    rows.map(|row| Ok((row.seq, row.try_into()?))).collect()
}
