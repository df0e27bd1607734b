//! Accounts.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{EmailAddress, Phone, UserId};
use sqlx::PgConnection;

use crate::domain::{Account, AccountStanding, Locale, Rights};

struct Row {
    user_id: UserId,
    email: Option<EmailAddress>,
    name: Option<String>,
    phone: Option<Phone>,
    locale: String,
    status: String,
    suspension_reason: Option<String>,
    roles: Vec<String>,
    permissions: Vec<String>,
    version: i64,
    registered_at: Timestamp,
    signed_in_at: Timestamp,
}

impl TryFrom<Row> for Account {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let locale = Locale::parse(&row.locale);
        Ok(Self {
            user_id: row.user_id,
            email: row.email,
            name: row.name,
            phone: row.phone,
            locale: locale.map_err(|_| row::unknown("accounts.locale", &row.locale))?,
            standing: standing(&row.status, row.suspension_reason)?,
            rights: Rights::kept(row.roles, row.permissions),
            version: row.version,
            registered_at: row.registered_at,
            signed_in_at: row.signed_in_at,
        })
    }
}

fn standing(status: &str, reason: Option<String>) -> sqlx::Result<AccountStanding> {
    match (status, reason) {
        ("active", None) => Ok(AccountStanding::Active),
        ("suspended", Some(reason)) => Ok(AccountStanding::Suspended { reason }),
        ("erased", None) => Ok(AccountStanding::Erased),
        _ => Err(row::unknown("accounts.status", status)),
    }
}

/// The address of the account with this key.
pub async fn find_email(
    conn: &mut PgConnection,
    account_key: &str,
) -> sqlx::Result<Option<EmailAddress>> {
    let email =
        sqlx::query_scalar!("select email from accounts where account_key = $1", account_key);
    Ok(email.fetch_optional(conn).await?.flatten())
}

/// The id of the account with this key.
pub async fn find_id(conn: &mut PgConnection, account_key: &str) -> sqlx::Result<Option<UserId>> {
    sqlx::query_scalar!("select user_id from accounts where account_key = $1", account_key)
        .fetch_optional(conn)
        .await
}

pub async fn find(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<Option<Account>> {
    let row = sqlx::query_as!(
        Row,
        "select user_id, email, name, phone, locale, status, suspension_reason, roles, permissions, version,
                registered_at, signed_in_at
           from accounts
          where user_id = $1",
        user_id.as_uuid()
    );
    row.fetch_optional(conn).await?.map(Account::try_from).transpose()
}

/// The account with this key.
pub async fn find_by_key(
    conn: &mut PgConnection,
    account_key: &str,
) -> sqlx::Result<Option<Account>> {
    match find_id(conn, account_key).await? {
        Some(user_id) => find(conn, user_id).await,
        None => Ok(None),
    }
}

/// Locks an account, so that its changes take turns and are said in that order.
pub async fn lock(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<Option<Account>> {
    sqlx::query!("select user_id from accounts where user_id = $1 for update", user_id.as_uuid())
        .fetch_optional(&mut *conn)
        .await?;
    find(conn, user_id).await
}

/// Accounts, oldest first.
pub async fn list(
    conn: &mut PgConnection,
    after: Option<UserId>,
    limit: i64,
) -> sqlx::Result<Vec<Account>> {
    let rows = sqlx::query_as!(
        Row,
        "select user_id, email, name, phone, locale, status, suspension_reason, roles, permissions, version,
                registered_at, signed_in_at
           from accounts
          where $1::uuid is null or user_id > $1
          order by user_id
          limit $2",
        after.map(|id| id.as_uuid()),
        limit
    );
    rows.fetch_all(conn).await?.into_iter().map(Account::try_from).collect()
}

/// Keeps a new account, unless another sign-in was faster. Returns whether it was kept.
pub async fn insert(
    conn: &mut PgConnection,
    account: &Account,
    account_key: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into accounts (user_id, account_key, email, name, phone, locale, status, suspension_reason, roles,
                               permissions, version, registered_at, signed_in_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12)
         on conflict (account_key) do nothing",
        account.user_id.as_uuid(),
        account_key,
        account.email.as_ref().map(EmailAddress::as_str),
        account.name.as_deref(),
        account.phone.as_ref().map(Phone::as_str),
        account.locale.as_str(),
        account.standing.into_str(),
        account.standing.reason(),
        &account.rights.roles(),
        &account.rights.permissions(),
        account.version,
        account.registered_at.to_sqlx(),
        account.signed_in_at.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Writes an account that was locked. Without a mail address it has no key either.
pub async fn update(
    conn: &mut PgConnection,
    account: &Account,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update accounts
            set account_key = case when $2::text is null then null else account_key end,
                email = $2, name = $3, phone = $4, locale = $5, status = $6, suspension_reason = $7, roles = $8,
                permissions = $9, version = $10, signed_in_at = $11, updated_at = $12
          where user_id = $1",
        account.user_id.as_uuid(),
        account.email.as_ref().map(EmailAddress::as_str),
        account.name.as_deref(),
        account.phone.as_ref().map(Phone::as_str),
        account.locale.as_str(),
        account.standing.into_str(),
        account.standing.reason(),
        &account.rights.roles(),
        &account.rights.permissions(),
        account.version,
        account.signed_in_at.to_sqlx(),
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Lets changes of who may manage users take turns until the transaction ends.
pub async fn take_turn(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtext('user.rights'))").execute(conn).await?;
    Ok(())
}

/// How many active accounts other than `user_id` are staff with this permission.
pub async fn count_others(
    conn: &mut PgConnection,
    user_id: UserId,
    permission: &str,
) -> sqlx::Result<i64> {
    let query = sqlx::query_scalar!(
        r#"select count(*) as "count!"
             from accounts
            where permissions @> array[$2::text] and roles @> array['admin'] and status = 'active' and user_id <> $1"#,
        user_id.as_uuid(),
        permission
    );
    query.fetch_one(conn).await
}

#[cfg(test)]
mod tests {
    use super::{AccountStanding, standing};

    #[test]
    fn a_standing_is_read_as_it_was_written() {
        let suspended = AccountStanding::Suspended { reason: "spam".to_owned() };
        for written in [AccountStanding::Active, suspended, AccountStanding::Erased] {
            let read = standing(written.into_str(), written.reason().map(str::to_owned));
            assert_eq!(read.unwrap(), written);
        }
    }
}
