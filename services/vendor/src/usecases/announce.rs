//! A member announces a document and gets a link to upload it.

use std::time::Duration;

use chassis::Tx;
use jiff::{SignedDuration, Timestamp};
use kernel::{UserId, VendorId};

use super::lock_own;
use crate::App;
use crate::domain::document::{Document, Kind};
use crate::domain::file::File;
use crate::error::Error;
use crate::store;

/// How long a link to upload is good for. For so long it could overwrite an upload, but not the copy that was checked.
const LINK_S: u32 = 15 * 60;

#[derive(Debug, Clone)]
pub struct Upload {
    pub document: Document,
    pub url: String,
    pub expires_at: Timestamp,
}

#[tracing::instrument(name = "vendor.announce", skip_all, fields(vendor.id = %vendor_id))]
pub async fn announce(
    app: &App,
    tx: &mut Tx,
    vendor_id: VendorId,
    caller: UserId,
    kind: Kind,
    file: File,
) -> Result<Upload, Error> {
    let now = tx.now();
    let document = Document::announce(vendor_id, kind, file, now);
    let mut vendor = lock_own(tx.conn(), vendor_id, caller).await?;
    vendor.standing.status.takes_documents()?;
    // The earlier one first: of each kind one counts.
    store::documents::replace(tx.conn(), &document).await?;
    store::documents::insert(tx.conn(), &document).await?;
    // Another version of the profile, which shows what is missing.
    store::vendors::update(tx.conn(), &mut vendor, now).await?;
    // Signed here, with our own key: the object store is not asked.
    Ok(link(app, document))
}

fn link(app: &App, document: Document) -> Upload {
    let file = (document.file.media.into_str(), document.file.size.bytes().into());
    let good_for = Duration::from_secs(u64::from(LINK_S));
    let url = app.kyc.put_link(&document.upload_key(), file, good_for);
    let expires_at = document.announced_at + SignedDuration::from_secs(i64::from(LINK_S));
    Upload { document, url, expires_at }
}
