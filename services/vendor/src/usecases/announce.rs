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

/// How long a link to upload is good for.
const LINK_S: u32 = 15 * 60;

/// How to upload a document.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Which document.
    pub document: Document,
    /// The link.
    pub url: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Announces a document, which takes the place of an earlier one of its kind.
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
    store::documents::replace(tx.conn(), &document).await?;
    store::documents::insert(tx.conn(), &document).await?;
    store::vendors::update(tx.conn(), &mut vendor, now).await?;
    // Signed here, with our own key: the object store is not asked.
    Ok(link(app, document))
}

fn link(app: &App, document: Document) -> Upload {
    let file = (document.file.media.word(), document.file.size.bytes().into());
    let good_for = Duration::from_secs(u64::from(LINK_S));
    let url = app.kyc.put_link(&document.upload_key(), file, good_for);
    let expires_at = document.announced_at + SignedDuration::from_secs(i64::from(LINK_S));
    Upload { document, url, expires_at }
}
