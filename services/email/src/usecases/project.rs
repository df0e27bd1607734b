//! Keeping copies of how people are reached and who answers for a seller.

use chassis::Tx;
use contracts::user::ContactUpdated;
use contracts::vendor::VendorChanged;
use kernel::UserId;

use crate::domain::text::one_line;
use crate::error::Error;
use crate::store::{contacts, vendors};

pub async fn project_contact(
    tx: &mut Tx,
    mut event: ContactUpdated,
    version: i64,
) -> Result<(), Error> {
    // Names end up in headers, where a line break would begin another one.
    event.name = event.name.map(|name| one_line(&name, 80)).filter(|name| !name.is_empty());
    event.locale = one_line(&event.locale, 35);
    Ok(contacts::upsert(tx.conn(), &event, version).await?)
}

pub async fn forget_contact(tx: &mut Tx, key: &str, version: i64) -> Result<(), Error> {
    // A key that is no id is nobody's we could know.
    let Ok(user_id) = key.parse::<UserId>() else { return Ok(()) };
    Ok(contacts::forget(tx.conn(), user_id, version).await?)
}

pub async fn project_vendor(
    tx: &mut Tx,
    mut event: VendorChanged,
    version: i64,
) -> Result<(), Error> {
    event.display_name = one_line(&event.display_name, 120);
    Ok(vendors::upsert(tx.conn(), &event, version).await?)
}
