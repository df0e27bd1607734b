//! Whether the payment provider knows where sellers are paid. Read together with the seller.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::VendorId;
use sqlx::PgConnection;

use crate::domain::payout_account::PayoutAccount;

/// Keeps what is known of a locked seller's account.
pub async fn upsert(
    conn: &mut PgConnection,
    vendor: VendorId,
    account: PayoutAccount,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into payout_accounts (vendor_id, edition, state, payable_from, updated_at)
         values ($1, $2, $3, $4, $5)
         on conflict (vendor_id) do update
            set edition = excluded.edition, state = excluded.state, payable_from = excluded.payable_from,
                updated_at = excluded.updated_at",
        vendor.as_uuid(),
        account.edition,
        account.state.into_str(),
        account.payable_from.to_sqlx(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Some approved sellers of whom the provider was never told.
pub async fn list_missing(conn: &mut PgConnection) -> sqlx::Result<Vec<VendorId>> {
    let ids = sqlx::query_scalar!(
        "select id from vendors v
          where status = 'approved' and not exists (select from payout_accounts a where a.vendor_id = v.id)
          order by id
          limit 100"
    );
    ids.fetch_all(conn).await
}
