//! The copy of who buys, for documents only: names, and every edition of every address. Personal data.

use kernel::{AddressId, Pincode, StateCode, UserId};
use sqlx::PgConnection;

use crate::domain::party::{Address, Recipient};

/// What is known of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// Was heard of; the name, once given.
    Known(Option<String>),
    /// Asked to be forgotten.
    Forgotten,
}

/// One edition of one address, as it was heard.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// Which entry, and which edition of it.
    pub edition: (AddressId, i32),
    pub user_id: UserId,
    /// Who receives parcels there.
    pub recipient: &'a str,
    /// House and street, and what else there is.
    pub lines: (&'a str, Option<&'a str>),
    pub city: &'a str,
    /// State and postal index number.
    pub place: (StateCode, &'a Pincode),
}

/// Keeps a person's name. Returns whether `version` is newer than what was kept.
pub async fn upsert(
    conn: &mut PgConnection,
    user_id: UserId,
    name: Option<&str>,
    version: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into recipients as r (user_id, name, forgotten, version)
         values ($1, $2, false, $3)
         on conflict (user_id) do update
         set name = excluded.name, forgotten = false, version = excluded.version
         where r.version < excluded.version",
        user_id.as_uuid(),
        name,
        version,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Keeps an edition of an address. Editions never change.
pub async fn insert_address(conn: &mut PgConnection, address: &Heard<'_>) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into recipient_addresses
             (address_id, version, user_id, recipient, line1, line2, city, state, pincode)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict do nothing",
        address.edition.0.as_uuid(),
        address.edition.1,
        address.user_id.as_uuid(),
        address.recipient,
        address.lines.0,
        address.lines.1,
        address.city,
        address.place.0.as_str(),
        address.place.1.as_str(),
    );
    query.execute(conn).await.map(drop)
}

/// Forgets a person's name, but not that they were forgotten. Returns whether `version` is newer than what was kept.
pub async fn forget(conn: &mut PgConnection, user_id: UserId, version: i64) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into recipients as r (user_id, name, forgotten, version)
         values ($1, null, true, $2)
         on conflict (user_id) do update
         set name = null, forgotten = true, version = excluded.version
         where r.version < excluded.version",
        user_id.as_uuid(),
        version,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Forgets a person's addresses.
pub async fn delete_addresses(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from recipient_addresses where user_id = $1", user_id.as_uuid())
        .execute(conn)
        .await
        .map(drop)
}

/// The person, if they were heard of.
pub async fn find(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<Option<Person>> {
    let query = sqlx::query!(
        "select name, forgotten from recipients where user_id = $1",
        user_id.as_uuid(),
    );
    let row = query.fetch_optional(conn).await?;
    Ok(row.map(|row| if row.forgotten { Person::Forgotten } else { Person::Known(row.name) }))
}

/// Who receives parcels at an address of `user_id`: in the edition asked for, or in the latest when compaction of the
/// topic took that one away before it was heard. An older edition is no answer: the right one is still on its way.
pub async fn find_address(
    conn: &mut PgConnection,
    user_id: UserId,
    address_id: AddressId,
    version: i32,
) -> sqlx::Result<Option<Recipient>> {
    let query = sqlx::query!(
        "select recipient, line1, line2, city, state, pincode
           from recipient_addresses
          where user_id = $1 and address_id = $2 and version >= $3
          order by version = $3 desc, version desc
          limit 1",
        user_id.as_uuid(),
        address_id.as_uuid(),
        version,
    );
    let row = query.fetch_optional(conn).await?;
    Ok(row.map(|row| Recipient {
        name: row.recipient,
        address: Address {
            lines: [Some(row.line1), row.line2].into_iter().flatten().collect(),
            city: row.city,
            state: row.state,
            pincode: Some(row.pincode),
        },
        gstin: None,
    }))
}
