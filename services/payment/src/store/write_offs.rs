//! What sellers owed and will not pay.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, UserId, VendorId, WriteOffId};
use sqlx::PgConnection;

use super::proposals::{self, Columns};
use crate::domain::debt::WriteOff;

struct Row {
    seq: i64,
    write_off_id: WriteOffId,
    vendor_id: VendorId,
    amount: i64,
    currency: Currency,
    reason: String,
    status: String,
    proposed_by: UserId,
    proposed_at: Timestamp,
    decided_by: Option<UserId>,
    decided_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for WriteOff {
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
            said: proposals::read("write_offs.status", &columns)?,
            id: row.write_off_id,
            vendor_id: row.vendor_id,
            amount: Money::new(row.amount, row.currency),
            reason: row.reason,
        })
    }
}

/// The write-off of a seller that waits for a second member of staff, if one does.
pub async fn find_proposed(
    conn: &mut PgConnection,
    vendor: VendorId,
    currency: Currency,
) -> sqlx::Result<Option<WriteOff>> {
    let row = sqlx::query_as!(
        Row,
        "select seq, write_off_id, vendor_id, amount, currency, reason, status, proposed_by, proposed_at, decided_by,
                decided_at
           from write_offs
          where vendor_id = $1 and currency = $2 and status = 'proposed'",
        vendor.as_uuid(),
        currency.as_str(),
    );
    row.fetch_optional(conn).await?.map(WriteOff::try_from).transpose()
}

/// Keeps what was proposed.
pub async fn insert(conn: &mut PgConnection, new: &WriteOff) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into write_offs (write_off_id, vendor_id, amount, currency, reason, status, proposed_by, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.id.as_uuid(),
        new.vendor_id.as_uuid(),
        new.amount.minor(),
        new.amount.currency().as_str(),
        new.reason,
        new.said.status.into_str(),
        new.said.proposed_by.as_uuid(),
        new.said.proposed_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// A write-off, which is locked.
pub async fn lock(conn: &mut PgConnection, id: WriteOffId) -> sqlx::Result<Option<WriteOff>> {
    let row = sqlx::query_as!(
        Row,
        "select seq, write_off_id, vendor_id, amount, currency, reason, status, proposed_by, proposed_at, decided_by,
                decided_at
           from write_offs
          where write_off_id = $1
            for update",
        id.as_uuid(),
    );
    row.fetch_optional(conn).await?.map(WriteOff::try_from).transpose()
}

/// Writes down what was decided.
pub async fn decide(conn: &mut PgConnection, write_off: &WriteOff) -> sqlx::Result<()> {
    let (by, at) = write_off.said.decided.unzip();
    let query = sqlx::query!(
        "update write_offs
            set status = $2, decided_by = $3, decided_at = $4
          where write_off_id = $1 and status = 'proposed'",
        write_off.id.as_uuid(),
        write_off.said.status.into_str(),
        by.map(|by| by.as_uuid()),
        at.map(ToSqlx::to_sqlx) as _,
    );
    query.execute(conn).await.and_then(row::one)
}

/// Write-offs, newest first, with the place in which each stands.
pub async fn list(
    conn: &mut PgConnection,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<(i64, WriteOff)>> {
    let rows = sqlx::query_as!(
        Row,
        "select seq, write_off_id, vendor_id, amount, currency, reason, status, proposed_by, proposed_at, decided_by,
                decided_at
           from write_offs
          where $1::bigint is null or seq < $1
          order by seq desc
          limit $2",
        before,
        limit,
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    rows.map(|row| Ok((row.seq, row.try_into()?))).collect()
}
