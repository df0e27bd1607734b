//! A member gives another bank account.

use chassis::etag::IfMatch;
use kernel::{UserId, VendorId};

use super::look::Profile;
use super::{events_out, lock_own, look, payout_account};
use crate::App;
use crate::domain::bank::{AccountNumber, Payee};
use crate::error::Error;
use crate::store;

#[tracing::instrument(name = "vendor.change_account", skip_all, fields(vendor.id = %vendor_id))]
pub async fn change_account(
    app: &App,
    vendor_id: VendorId,
    caller: UserId,
    number: AccountNumber,
    payee: Payee,
    seen: IfMatch,
) -> Result<Profile, Error> {
    let mut tx = app.db.begin().await?;
    let mut vendor = lock_own(tx.conn(), vendor_id, caller).await?;
    seen.check(vendor.version)?;
    vendor.standing.status.takes_edits()?;

    let same = vendor.payee == payee && app.seals.account_number(&vendor)? == number;
    if !same {
        let now = tx.now();
        app.seals.put_account(vendor_id, &mut vendor.sealed, &number, &payee)?;
        vendor.payee = payee;
        // Of who was never approved the provider knows nothing yet.
        if vendor.payout_account.is_some() {
            payout_account::give(&mut tx, &mut vendor).await?;
            events_out::account_changed(&mut tx, &vendor);
        }
        store::vendors::update(tx.conn(), &mut vendor, now).await?;
        events_out::changed(&mut tx, &vendor);
    }
    let profile = look::profile_of(app, tx.conn(), vendor).await?;
    tx.commit().await?;

    Ok(profile)
}
