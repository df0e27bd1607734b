//! Money on its way to sellers.

use chassis::row;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, PayoutId, UserId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::payout::{Payout, PayoutStatus};

struct Row {
    seq: i64,
    payout_id: PayoutId,
    run_on: jiff_sqlx::Date,
    vendor_id: VendorId,
    amount: i64,
    currency: Currency,
    status: String,
    provider_payout_id: Option<String>,
    bank_reference: Option<String>,
    reason: Option<String>,
    requested_at: Timestamp,
    accepted_at: Option<jiff_sqlx::Timestamp>,
    paid_at: Option<jiff_sqlx::Timestamp>,
    back_at: Option<jiff_sqlx::Timestamp>,
    begun_by: Option<UserId>,
    decided_by: Option<UserId>,
    decided_at: Option<jiff_sqlx::Timestamp>,
    asked_at: Option<jiff_sqlx::Timestamp>,
    stopped_by: Option<UserId>,
    version: i64,
}

impl TryFrom<Row> for Payout {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.payout_id,
            run_on: row.run_on.to_jiff(),
            vendor_id: row.vendor_id,
            amount: Money::new(row.amount, row.currency),
            status: row::parse("payouts.status", &row.status)?,
            provider_payout_id: row.provider_payout_id,
            bank_reference: row.bank_reference,
            reason: row.reason,
            requested_at: row.requested_at,
            accepted_at: row.accepted_at.map(jiff_sqlx::Timestamp::to_jiff),
            paid_at: row.paid_at.map(jiff_sqlx::Timestamp::to_jiff),
            back_at: row.back_at.map(jiff_sqlx::Timestamp::to_jiff),
            begun_by: row.begun_by,
            decided_by: row.decided_by,
            decided_at: row.decided_at.map(jiff_sqlx::Timestamp::to_jiff),
            asked_at: row.asked_at.map(jiff_sqlx::Timestamp::to_jiff),
            stopped_by: row.stopped_by,
            version: row.version,
        })
    }
}

/// Begins the run of a day. False when it was begun before.
pub async fn begin_run(conn: &mut PgConnection, day: Date, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payout_runs (run_on, started_at) values ($1, $2) on conflict do nothing",
        day.to_sqlx() as _,
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Whether the run of a day was begun.
pub async fn is_run(conn: &mut PgConnection, day: Date) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from payout_runs where run_on = $1) as "is_run!""#,
        day.to_sqlx() as _,
    );
    query.fetch_one(conn).await
}

/// The sellers that a run has paid already.
pub async fn list_paid(conn: &mut PgConnection, run_on: Date) -> sqlx::Result<Vec<VendorId>> {
    let query = sqlx::query_scalar!(
        "select vendor_id from payouts where run_on = $1",
        run_on.to_sqlx() as _
    );
    query.fetch_all(conn).await
}

/// The payouts to a seller that the provider does not have yet, as far as is known.
pub async fn list_stoppable(
    conn: &mut PgConnection,
    vendor: VendorId,
) -> sqlx::Result<Vec<PayoutId>> {
    let query = sqlx::query_scalar!(
        "select payout_id from payouts where vendor_id = $1 and status in ('waiting', 'requested') order by seq",
        vendor.as_uuid(),
    );
    query.fetch_all(conn).await
}

/// Keeps a new payout. False when its seller was paid in this run.
pub async fn insert(conn: &mut PgConnection, payout: &Payout) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payouts (payout_id, run_on, vendor_id, amount, currency, status, begun_by, requested_at, updated_at,
                              version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
         on conflict (run_on, vendor_id) do nothing",
        payout.id.as_uuid(),
        payout.run_on.to_sqlx() as _,
        payout.vendor_id.as_uuid(),
        payout.amount.minor(),
        payout.amount.currency().as_str(),
        payout.status.into_str(),
        payout.begun_by.map(|who| who.as_uuid()),
        payout.requested_at.to_sqlx(),
        payout.version,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// A payout as it stands.
pub async fn find(conn: &mut PgConnection, id: PayoutId) -> sqlx::Result<Option<Payout>> {
    Ok(read(conn, &[id]).await?.pop().map(|(_, payout)| payout))
}

/// A payout, which is locked.
pub async fn lock(conn: &mut PgConnection, id: PayoutId) -> sqlx::Result<Option<Payout>> {
    let query =
        sqlx::query!("select payout_id from payouts where payout_id = $1 for update", id.as_uuid());
    query.fetch_optional(&mut *conn).await?;
    find(conn, id).await
}

/// These payouts with their places in the list, the newest first.
async fn read(conn: &mut PgConnection, ids: &[PayoutId]) -> sqlx::Result<Vec<(i64, Payout)>> {
    let ids: Vec<Uuid> = ids.iter().map(PayoutId::as_uuid).collect();
    let rows = sqlx::query_as!(
        Row,
        "select seq, payout_id, run_on, vendor_id, amount, currency, status, provider_payout_id, bank_reference, reason,
                requested_at, accepted_at, paid_at, back_at, begun_by, decided_by, decided_at,
                asked_at, stopped_by, version
           from payouts
          where payout_id = any((select $1::uuid[])::uuid[])
          order by seq desc",
        &ids
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    rows.map(|row| Ok((row.seq, row.try_into()?))).collect()
}

/// The payout that the provider knows by this name.
pub async fn find_by_provider(
    conn: &mut PgConnection,
    provider_payout_id: &str,
) -> sqlx::Result<Option<PayoutId>> {
    let query = sqlx::query_scalar!(
        "select payout_id from payouts where provider_payout_id = $1",
        provider_payout_id
    );
    query.fetch_optional(conn).await
}

/// Writes a payout, as its next version.
pub async fn update(
    conn: &mut PgConnection,
    payout: &mut Payout,
    now: Timestamp,
) -> sqlx::Result<()> {
    payout.version += 1;
    let query = sqlx::query!(
        "update payouts
            set status = $2, provider_payout_id = $3, bank_reference = $4, reason = $5, accepted_at = $6, paid_at = $7,
                back_at = $8, decided_by = $9, decided_at = $10, version = $11, updated_at = $12, stopped_by = $13
          where payout_id = $1",
        payout.id.as_uuid(),
        payout.status.into_str(),
        payout.provider_payout_id,
        payout.bank_reference,
        payout.reason,
        payout.accepted_at.map(ToSqlx::to_sqlx) as _,
        payout.paid_at.map(ToSqlx::to_sqlx) as _,
        payout.back_at.map(ToSqlx::to_sqlx) as _,
        payout.decided_by.map(|who| who.as_uuid()),
        payout.decided_at.map(ToSqlx::to_sqlx) as _,
        payout.version,
        now.to_sqlx(),
        payout.stopped_by.map(|who| who.as_uuid()),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Writes that the provider is about to be asked: from now on it may have a payout.
pub async fn mark_asked(conn: &mut PgConnection, id: PayoutId, now: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update payouts set asked_at = $2 where payout_id = $1",
        id.as_uuid(),
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Which payouts are listed: all but for what is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub vendor: Option<VendorId>,
    pub status: Option<PayoutStatus>,
    pub first_run: Option<Date>,
    pub last_run: Option<Date>,
}

/// Payouts with their places in the list, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    filter: Filter,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<(i64, Payout)>> {
    let ids = sqlx::query_scalar!(
        "select payout_id
           from payouts
          where ($1::uuid is null or vendor_id = $1) and ($2::text is null or status = $2)
            and ($3::date is null or run_on >= $3) and ($4::date is null or run_on <= $4)
            and ($5::bigint is null or seq < $5)
          order by seq desc
          limit $6",
        filter.vendor.map(|vendor| vendor.as_uuid()),
        filter.status.map(|status| status.into_str()),
        filter.first_run.map(ToSqlx::to_sqlx) as _,
        filter.last_run.map(ToSqlx::to_sqlx) as _,
        before,
        limit
    );
    let ids = ids.fetch_all(&mut *conn).await?;
    read(conn, &ids).await
}
