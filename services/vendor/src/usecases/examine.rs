//! Staff look at a seller before they decide about it.

use kernel::VendorId;

use super::look::{self, Profile};
use crate::App;
use crate::domain::check::{self, Check};
use crate::domain::document::Document;
use crate::error::Error;
use crate::store::{self, steps::Step};

/// A seller with all that speaks for and against it.
#[derive(Debug)]
pub struct Examined {
    pub profile: Profile,
    pub documents: Vec<Document>,
    pub checks: Vec<Check>,
    /// What became of it so far, the oldest first.
    pub history: Vec<Step>,
}

pub async fn examine(app: &App, vendor_id: VendorId) -> Result<Examined, Error> {
    let mut conn = app.db.read().await?;
    let vendor = store::vendors::find(&mut conn, vendor_id).await?.ok_or(Error::NotFound)?;
    let twins = store::twins::list(&mut conn, &vendor).await?;
    let pan = app.seals.pan(vendor_id, &vendor.sealed.pan)?;
    let checks = check::all(&vendor, &pan, &twins);
    let documents = store::documents::list(&mut conn, vendor_id).await?;
    let history = store::steps::list(&mut conn, vendor_id).await?;
    let profile = look::profile_of(app, &mut conn, vendor).await?;
    Ok(Examined { profile, documents, checks, history })
}
