//! Staff open what a seller handed in, to compare it with what the seller says.

use std::time::Duration;

use chassis::auth::callers::may;
use chassis::auth::{Act, Acting};
use jiff::{SignedDuration, Timestamp};
use kernel::line::Line;
use kernel::{DocumentId, VendorId};
use serde_json::json;

use crate::App;
use crate::domain::document::{Document, DocumentState};
use crate::error::Error;
use crate::store;

/// How long a link is good for.
const LINK_S: u32 = 60;

/// A document with a link to it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub document: Document,
    pub url: String,
    pub expires_at: Timestamp,
}

/// A link to the copy that was checked, of a document that was. That somebody opened it, and why, is in the audit trail
/// first.
#[tracing::instrument(name = "vendor.open_document", skip_all, fields(vendor.id = %vendor_id))]
pub async fn open(
    app: &App,
    staff: &Acting<may::DecideVendors>,
    (vendor_id, document_id): (VendorId, DocumentId),
    why: &Line<200>,
) -> Result<Opened, Error> {
    let mut tx = app.db.begin().await?;
    let vendor = store::vendors::find(tx.conn(), vendor_id).await?.ok_or(Error::NotFound)?;
    let caller = &staff.caller;
    // A token does not know yet what its holder applied for a moment ago.
    if vendor.members.contains(&caller.user_id) || caller.vendors.contains(&vendor_id) {
        return Err(Error::OwnSeller);
    }
    let found = store::documents::find(tx.conn(), vendor_id, document_id).await?;
    let document =
        found.filter(|one| one.state == DocumentState::Verified).ok_or(Error::NotFound)?;
    let act = Act::new("kyc_document.open").on(document_id.as_uuid());
    staff.tell(&mut tx, act, &json!({ "vendor_id": vendor_id, "why": why.as_str() }));
    let expires_at = tx.now() + SignedDuration::from_secs(i64::from(LINK_S));
    tx.commit().await?;

    tracing::info!(vendor.id = %vendor_id, "staff opened document {document_id}");
    Ok(Opened { url: link(app, &document), document, expires_at })
}

fn link(app: &App, document: &Document) -> String {
    let media = document.file.media;
    let name = format!("{}-{}.{}", document.kind.into_str(), document.id, media.ending());
    let good_for = Duration::from_secs(u64::from(LINK_S));
    app.kyc.download_link(&document.kept_key(), (media.into_str(), &name), good_for)
}
