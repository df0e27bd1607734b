//! A member edits the profile.

use chassis::etag::IfMatch;
use kernel::{Line, UserId, VendorId};

use super::look::Profile;
use super::{events_out, lock_own, look};
use crate::App;
use crate::domain::address::Address;
use crate::domain::scheme::Enrolment;
use crate::error::Error;
use crate::store;

#[derive(Debug, Clone)]
pub struct Edit {
    pub display_name: Option<Line<100>>,
    pub address: Option<Address>,
    pub enrolment: Option<Enrolment>,
}

#[tracing::instrument(name = "vendor.edit", skip_all, fields(vendor.id = %vendor_id))]
pub async fn edit(
    app: &App,
    vendor_id: VendorId,
    caller: UserId,
    edit: Edit,
    seen: IfMatch,
) -> Result<Profile, Error> {
    let mut tx = app.db.begin().await?;
    // Compared under the lock: of two edits of one version the second is refused.
    let mut vendor = lock_own(tx.conn(), vendor_id, caller).await?;
    seen.check(vendor.version)?;
    vendor.standing.status.takes_edits()?;

    let Edit { display_name, address, enrolment } = edit;
    if vendor.edit(display_name, address, enrolment).map_err(Error::Flawed)? {
        let now = tx.now();
        store::vendors::update(tx.conn(), &mut vendor, now).await?;
        events_out::changed(&mut tx, &vendor);
    }
    let profile = look::profile_of(app, tx.conn(), vendor).await?;
    tx.commit().await?;

    Ok(profile)
}
