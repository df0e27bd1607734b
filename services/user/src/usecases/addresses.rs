//! Somebody keeps their address book.

use chassis::Tx;
use chassis::etag::IfMatch;
use contracts::user::AccountChange;
use kernel::{AddressId, UserId};

use super::{events_out, lock_own};
use crate::App;
use crate::domain::{Address, Place};
use crate::error::Error;
use crate::store::addresses;

#[tracing::instrument(name = "user.add_address", skip_all)]
pub async fn add_address(tx: &mut Tx, user_id: UserId, place: Place) -> Result<Address, Error> {
    let place = place.check()?;

    let now = tx.now();
    let account = lock_own(tx, user_id).await?;
    // Counted under the account's lock: two requests at once do not both find the last place.
    let entries = addresses::list(tx.conn(), user_id).await?.len();
    let address = Address::add(place, entries)?;
    addresses::insert(tx.conn(), user_id, &address, now).await?;
    events_out::emit_all(tx, &account, AccountChange::Updated).await?;
    Ok(address)
}

#[tracing::instrument(name = "user.change_address", skip_all)]
pub async fn change_address(
    app: &App,
    user_id: UserId,
    address_id: AddressId,
    place: Place,
    seen: IfMatch,
) -> Result<Address, Error> {
    let place = place.check()?;

    let mut tx = app.db.begin().await?;
    let now = tx.now();
    // Read and compared under the lock: of two edits of one version the second is refused.
    let account = lock_own(&mut tx, user_id).await?;
    let book = addresses::list(tx.conn(), user_id).await?;
    let found = book.into_iter().find(|address| address.id == address_id);
    let mut address = found.ok_or(Error::NotFound)?;
    seen.check(address.version.into())?;

    address.edit(place);
    addresses::update(tx.conn(), &address, now).await?;
    events_out::emit_all(&mut tx, &account, AccountChange::Updated).await?;
    tx.commit().await?;

    Ok(address)
}

#[tracing::instrument(name = "user.remove_address", skip_all)]
pub async fn remove_address(
    app: &App,
    user_id: UserId,
    address_id: AddressId,
) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let account = lock_own(&mut tx, user_id).await?;
    if !addresses::delete(tx.conn(), user_id, address_id).await? {
        return Err(Error::NotFound);
    }
    events_out::emit_all(&mut tx, &account, AccountChange::Updated).await?;
    Ok(tx.commit().await?)
}
