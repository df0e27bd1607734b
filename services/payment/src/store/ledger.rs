//! The ledger is only ever added to.

use chassis::violated;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{EventId, PaymentId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::ledger::Journal;

/// Posts a journal. The database refuses one that does not sum to zero when the transaction commits, and a second
/// one of the same cause at once.
pub async fn post(
    conn: &mut PgConnection,
    payment: PaymentId,
    journal: &Journal,
    now: Timestamp,
) -> sqlx::Result<()> {
    open_accounts(conn, journal).await?;
    let id = EventId::new().as_uuid();
    let opened = sqlx::query!(
        "insert into journals (journal_id, cause, payment_id, posted_at) values ($1, $2, $3, $4)",
        id,
        journal.cause.to_string(),
        payment.as_uuid(),
        now.to_sqlx()
    )
    .execute(&mut *conn)
    .await;
    if let Err(error) = &opened
        && violated(error) == Some("journals_cause_key")
    {
        tracing::error!(payment.id = %payment, cause = %journal.cause, "a journal would be posted twice");
    }
    opened?;
    insert_postings(conn, id, journal).await
}

/// Sellers' accounts are opened when they are first needed.
async fn open_accounts(conn: &mut PgConnection, journal: &Journal) -> sqlx::Result<()> {
    let theirs = journal.postings.iter().filter_map(|posting| {
        posting.account.vendor().map(|vendor| (posting.account.into_str(), vendor.as_uuid()))
    });
    let mut theirs: Vec<(&str, Uuid)> = theirs.collect();
    // In one order everywhere, so that two journals cannot wait for each other.
    theirs.sort_unstable();
    theirs.dedup();
    let (codes, vendors): (Vec<&str>, Vec<Uuid>) = theirs.into_iter().unzip();
    sqlx::query!(
        "insert into accounts (code, kind, vendor_id)
         select a.code, 'liability', a.vendor_id
           from unnest($1::text[], $2::uuid[]) as a (code, vendor_id)
          where not exists (
                select from accounts known where known.code = a.code and known.vendor_id = a.vendor_id)
         on conflict do nothing",
        &codes as _,
        &vendors,
    )
    .execute(conn)
    .await
    .map(drop)
}

async fn insert_postings(conn: &mut PgConnection, id: Uuid, journal: &Journal) -> sqlx::Result<()> {
    let postings = &journal.postings;
    let codes: Vec<&str> = postings.iter().map(|p| p.account.into_str()).collect();
    let vendors: Vec<Option<Uuid>> =
        postings.iter().map(|p| p.account.vendor().map(|v| v.as_uuid())).collect();
    let orders: Vec<Option<Uuid>> =
        postings.iter().map(|p| p.seller_order_id.map(|s| s.as_uuid())).collect();
    let amounts: Vec<i64> = postings.iter().map(|p| p.amount.minor()).collect();
    let currencies: Vec<&str> = postings.iter().map(|p| p.amount.currency().as_str()).collect();
    let done = sqlx::query!(
        "insert into postings (journal_id, account_id, seller_order_id, amount, currency)
         select $1, a.account_id, p.seller_order_id, p.amount, p.currency
           from unnest($2::text[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[])
                with ordinality as p (code, vendor_id, seller_order_id, amount, currency, nth)
           join accounts a on a.code = p.code and a.vendor_id is not distinct from p.vendor_id
          order by p.nth",
        id,
        &codes as _,
        &vendors as _,
        &orders as _,
        &amounts,
        &currencies as _,
    );
    let written = done.execute(conn).await?.rows_affected();
    if usize::try_from(written) == Ok(postings.len()) {
        Ok(())
    } else {
        Err(sqlx::Error::RowNotFound)
    }
}
