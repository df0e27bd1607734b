//! Address books.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{AddressId, Line, Phone, Pincode, StateCode, UserId};
use sqlx::PgConnection;

use crate::domain::{Address, Place};

struct Row {
    address_id: AddressId,
    version: i32,
    recipient: String,
    phone: Phone,
    line1: String,
    line2: Option<String>,
    city: String,
    state: StateCode,
    pincode: Pincode,
}

impl From<Row> for Address {
    fn from(row: Row) -> Self {
        let place = Place {
            recipient: Line::kept(row.recipient),
            phone: row.phone,
            line1: Line::kept(row.line1),
            line2: row.line2.map(Line::kept),
            city: Line::kept(row.city),
            state: row.state,
            pincode: row.pincode,
        };
        Self { id: row.address_id, version: row.version, place }
    }
}

/// The whole book of a user, oldest entry first. It has at most fifty entries.
pub async fn list(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<Vec<Address>> {
    let rows = sqlx::query_as!(
        Row,
        "select address_id, version, recipient, phone, line1, line2, city, state, pincode
           from addresses
          where user_id = $1
          order by address_id",
        user_id.as_uuid()
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(Address::from).collect())
}

pub async fn insert(
    conn: &mut PgConnection,
    user_id: UserId,
    address: &Address,
    now: Timestamp,
) -> sqlx::Result<()> {
    let place = &address.place;
    let query = sqlx::query!(
        "insert into addresses (address_id, user_id, version, recipient, phone, line1, line2, city, state, pincode,
                                created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        address.id.as_uuid(),
        user_id.as_uuid(),
        address.version,
        place.recipient.as_str(),
        place.phone.as_str(),
        place.line1.as_str(),
        place.line2.as_ref().map(Line::as_str),
        place.city.as_str(),
        place.state.as_str(),
        place.pincode.as_str(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Writes the next edition of an entry.
pub async fn update(
    conn: &mut PgConnection,
    address: &Address,
    now: Timestamp,
) -> sqlx::Result<()> {
    let place = &address.place;
    let query = sqlx::query!(
        "update addresses
            set version = $2, recipient = $3, phone = $4, line1 = $5, line2 = $6, city = $7, state = $8, pincode = $9,
                updated_at = $10
          where address_id = $1",
        address.id.as_uuid(),
        address.version,
        place.recipient.as_str(),
        place.phone.as_str(),
        place.line1.as_str(),
        place.line2.as_ref().map(Line::as_str),
        place.city.as_str(),
        place.state.as_str(),
        place.pincode.as_str(),
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Takes an entry out of a user's book. Returns whether it was there.
pub async fn delete(
    conn: &mut PgConnection,
    user_id: UserId,
    address_id: AddressId,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from addresses where user_id = $1 and address_id = $2",
        user_id.as_uuid(),
        address_id.as_uuid()
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Empties a user's book.
pub async fn delete_all(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from addresses where user_id = $1", user_id.as_uuid())
        .execute(conn)
        .await
        .map(drop)
}
