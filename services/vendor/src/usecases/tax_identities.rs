//! Under which names and numbers sellers pay tax: read by staff who hand in returns, and told in the audit trail.

use chassis::auth::callers::may;
use chassis::auth::{Act, Acting};
use kernel::{Gstin, Pan, VendorId};
use serde_json::json;

use crate::App;
use crate::error::Error;
use crate::store::tax_identities::{self, Sealed};

/// A seller as a tax office knows it.
#[derive(Debug)]
pub struct TaxIdentity {
    pub vendor_id: VendorId,
    pub legal_name: String,
    pub gstin: Option<Gstin>,
    pub pan: Pan,
}

/// Those of these sellers that were ever approved. That somebody read them, and of whom, is in the audit trail first.
pub async fn read(
    app: &App,
    staff: &Acting<may::ManagePayments>,
    ids: &[VendorId],
) -> Result<Vec<TaxIdentity>, Error> {
    let mut tx = app.db.begin().await?;
    let sealed = tax_identities::list(tx.conn(), ids).await?;
    staff.tell(&mut tx, Act::new("tax_identities.read"), &json!({ "vendor_ids": ids }));
    tx.commit().await?;
    let open = |Sealed { vendor_id, legal_name, gstin, pan }| {
        let pan = app.seals.pan(vendor_id, &pan)?;
        Ok::<_, Error>(TaxIdentity { vendor_id, legal_name, gstin, pan })
    };
    sealed.into_iter().map(open).collect()
}
