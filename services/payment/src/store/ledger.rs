//! The ledger is only ever added to.

use chassis::violated;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{EventId, PaymentId, SellerOrderId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::ledger::{Account, Cause, Journal};

/// Posts a journal. The database refuses one that does not sum to zero when the transaction commits, and a second
/// one of the same cause at once.
pub async fn post(
    conn: &mut PgConnection,
    payment: impl Into<Option<PaymentId>>,
    journal: &Journal,
    now: Timestamp,
) -> sqlx::Result<()> {
    let payment = payment.into();
    open_accounts(conn, journal).await?;
    let id = EventId::new().as_uuid();
    let query = sqlx::query!(
        "insert into journals (journal_id, cause, payment_id, posted_at) values ($1, $2, $3, $4)",
        id,
        journal.cause.to_string(),
        payment.map(|payment| payment.as_uuid()),
        now.to_sqlx()
    );
    let opened = query.execute(&mut *conn).await;
    if let Err(error) = &opened
        && violated(error) == Some("journals_cause_key")
    {
        tracing::error!(?payment, cause = %journal.cause, "a journal would be posted twice");
    }
    opened?;
    insert_postings(conn, id, journal).await
}

/// Sellers' accounts are opened when they are first needed.
async fn open_accounts(conn: &mut PgConnection, journal: &Journal) -> sqlx::Result<()> {
    let theirs = journal.postings.iter().map(|posting| posting.account).filter_map(|account| {
        let vendor = account.vendor()?;
        Some((account.into_str(), vendor.as_uuid(), account.kind()))
    });
    let mut theirs: Vec<(&str, Uuid, &str)> = theirs.collect();
    // In one order everywhere, so that two journals cannot wait for each other.
    theirs.sort_unstable();
    theirs.dedup();
    let codes: Vec<&str> = theirs.iter().map(|(code, ..)| *code).collect();
    let vendors: Vec<Uuid> = theirs.iter().map(|(_, vendor, _)| *vendor).collect();
    let kinds: Vec<&str> = theirs.iter().map(|(.., kind)| *kind).collect();
    let query = sqlx::query!(
        "insert into accounts (code, kind, vendor_id)
         select a.code, a.kind, a.vendor_id
           from unnest($1::text[], $2::uuid[], $3::text[]) as a (code, vendor_id, kind)
          where not exists (
                select from accounts known where known.code = a.code and known.vendor_id = a.vendor_id)
         on conflict do nothing",
        &codes as _,
        &vendors,
        &kinds as _,
    );
    query.execute(conn).await.map(drop)
}

/// When the journal of this cause was posted, if it was.
pub async fn find_posted_at(
    conn: &mut PgConnection,
    cause: &Cause,
) -> sqlx::Result<Option<Timestamp>> {
    let at =
        sqlx::query_scalar!("select posted_at from journals where cause = $1", cause.to_string());
    Ok(at.fetch_optional(conn).await?.map(jiff_sqlx::Timestamp::to_jiff))
}

/// What of the income tax withheld on a seller order is owed: neither taken back nor set off.
pub async fn find_tds_owed(
    conn: &mut PgConnection,
    seller_order: SellerOrderId,
) -> sqlx::Result<i64> {
    let query = sqlx::query_scalar!(
        r#"select coalesce(-sum(p.amount), 0)::bigint as "owed!"
             from postings p join accounts a on a.account_id = p.account_id
            where p.seller_order_id = $1 and a.code = $2"#,
        seller_order.as_uuid(),
        Account::TdsPayable.into_str(),
    );
    query.fetch_one(conn).await
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
