//! A member edits the profile, or corrects what it applied with.

use chassis::etag::IfMatch;
use kernel::{Pan, UserId, VendorId};

use super::look::Profile;
use super::{events_out, lock_own, look};
use crate::App;
use crate::domain::flaw::Flaw;
use crate::domain::vendor::{Change, Vendor};
use crate::error::Error;
use crate::store;

/// What is changed; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    pub change: Change,
    pub pan: Option<Pan>,
}

impl Edit {
    /// Whether documents and taxes hang on it.
    fn corrects(&self) -> bool {
        let Change { legal_name, gstin, scheme, .. } = &self.change;
        self.pan.is_some() || legal_name.is_some() || gstin.is_some() || scheme.is_some()
    }
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
    if edit.corrects() {
        vendor.standing.status.takes_documents()?;
    }

    if put_in(app, &mut vendor, edit)? {
        let now = tx.now();
        store::vendors::update(tx.conn(), &mut vendor, now).await?;
        events_out::changed(&mut tx, &vendor);
    }
    let profile = look::profile_of(app, tx.conn(), vendor).await?;
    tx.commit().await?;

    Ok(profile)
}

/// Returns whether anything is another now.
fn put_in(app: &App, vendor: &mut Vendor, edit: Edit) -> Result<bool, Error> {
    let Edit { change, pan } = edit;
    let changed = vendor.edit(change).map_err(Error::Flawed)?;
    let before = app.seals.pan(vendor.id, &vendor.sealed.pan)?;
    let pan = pan.unwrap_or_else(|| before.clone());
    if vendor.gstin.as_ref().is_some_and(|gstin| gstin.pan() != pan) {
        return Err(Error::Flawed(vec![Flaw::at("/gstin", "does not contain the PAN")]));
    }
    if pan == before {
        return Ok(changed);
    }
    app.seals.put_pan(vendor.id, &mut vendor.sealed, &pan)?;
    Ok(true)
}
