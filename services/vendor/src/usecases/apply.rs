//! Somebody applies to sell.

use chassis::Tx;
use kernel::{UserId, VendorId};

use super::events_out;
use crate::App;
use crate::domain::application::Application;
use crate::domain::prefix;
use crate::domain::standing::Standing;
use crate::domain::vendor::{Sealed, Vendor};
use crate::error::Error;
use crate::store;

#[tracing::instrument(name = "vendor.apply", skip_all)]
pub async fn apply(
    app: &App,
    tx: &mut Tx,
    owner: UserId,
    application: Application,
) -> Result<Vendor, Error> {
    let application = application.check().map_err(Error::Flawed)?;
    if let Some(gstin) = &application.gstin
        && store::vendors::has_approved(tx.conn(), gstin, None).await?
    {
        return Err(Error::GstinTaken);
    }
    let vendor = draft(app, tx, owner, application).await?;
    store::vendors::insert(tx.conn(), &vendor).await?;
    store::vendors::insert_member(tx.conn(), vendor.id, vendor.owner, vendor.since).await?;
    store::steps::insert(tx.conn(), &vendor, &[], vendor.since).await?;
    events_out::changed(tx, &vendor);
    let id = vendor.id;
    tx.after_commit(move || tracing::info!(vendor.id = %id, "seller {id} has applied"));
    Ok(vendor)
}

async fn draft(
    app: &App,
    tx: &mut Tx,
    owner: UserId,
    application: Application,
) -> Result<Vendor, Error> {
    let id = VendorId::new();
    let mut sealed = Sealed::default();
    app.seals.put_pan(id, &mut sealed, &application.pan)?;
    app.seals.put_account(id, &mut sealed, &application.account_number, &application.payee)?;
    let scheme = application.scheme();
    Ok(Vendor {
        id,
        owner,
        members: vec![owner],
        standing: Standing::new(),
        invoice_prefix: take_prefix(tx, application.display_name.as_str()).await?,
        legal_name: application.legal_name,
        display_name: application.display_name,
        gstin: application.gstin,
        scheme,
        enrolment: application.enrolment,
        address: application.address,
        payee: application.payee,
        payout_account: None,
        sealed,
        commission_bp: app.commission_bp,
        version: 1,
        since: tx.now(),
    })
}

async fn take_prefix(tx: &mut Tx, display_name: &str) -> Result<String, Error> {
    // Until the commit: two who apply at once would find the same prefix free.
    store::vendors::lock_prefixes(tx.conn()).await?;
    let mut candidates = prefix::candidates(display_name);
    loop {
        // In lots, because there are more than a million.
        let some: Vec<String> = candidates.by_ref().take(1000).collect();
        if some.is_empty() {
            return Err(Error::NoPrefixLeft);
        }
        if let Some(free) = store::vendors::find_free_prefix(tx.conn(), &some).await? {
            return Ok(free);
        }
    }
}
