//! A member hands the application in, with every document checked against what was announced.

use chassis::Tx;
use chassis::s3::Found;
use kernel::{DocumentId, UserId, VendorId};

use super::{events_out, find_own, lock_own};
use crate::App;
use crate::domain::document::{self, Document, DocumentState};
use crate::domain::file::{Fault, MAX_BYTES};
use crate::domain::flaw::Flaw;
use crate::domain::vendor::Vendor;
use crate::error::Error;
use crate::store;

/// What was found out about the documents that nothing was known about.
#[derive(Debug, Default)]
struct Checked {
    good: Vec<DocumentId>,
    faulty: Vec<(Document, Fault)>,
}

#[tracing::instrument(name = "vendor.submit", skip_all, fields(vendor.id = %vendor_id))]
pub async fn submit(app: &App, vendor_id: VendorId, caller: UserId) -> Result<Vendor, Error> {
    // Before the transaction, because files are read from the object store. Documents may change before the lock is
    // held, so `hand_in` looks again.
    let documents = complete(app, vendor_id, caller).await?;
    let checked = check_all(app, &documents).await?;

    let mut tx = app.db.begin().await?;
    let mut vendor = lock_own(tx.conn(), vendor_id, caller).await?;
    if !checked.faulty.is_empty() {
        // Kept, although the answer is a refusal: a faulty document is to be announced again.
        refuse(&mut tx, &mut vendor, &checked.faulty).await?;
        tx.commit().await?;
        return Err(Error::Mismatch(flaws(&checked.faulty)));
    }
    hand_in(&mut tx, &mut vendor, &checked.good).await?;
    tx.commit().await?;

    tracing::info!(vendor.id = %vendor_id, "seller {vendor_id} has handed its application in");
    Ok(vendor)
}

/// The documents of a seller that has all it needs and may hand in.
async fn complete(app: &App, vendor_id: VendorId, caller: UserId) -> Result<Vec<Document>, Error> {
    let mut conn = app.db.read().await?;
    let vendor = find_own(&mut conn, vendor_id, caller).await?;
    vendor.standing.status.takes_documents()?;
    let documents = store::documents::list(&mut conn, vendor_id).await?;
    demand_all(&vendor, &documents)?;
    Ok(documents)
}

fn demand_all(vendor: &Vendor, documents: &[Document]) -> Result<(), Error> {
    let missing = document::missing(documents, vendor.registered());
    if missing.is_empty() {
        return Ok(());
    }
    let flaw = |kind: document::Kind| {
        Flaw::at(format!("/documents/{}", kind.into_str()), "is asked for and missing")
    };
    Err(Error::Incomplete(missing.into_iter().map(flaw).collect()))
}

async fn check_all(app: &App, documents: &[Document]) -> Result<Checked, Error> {
    let mut checked = Checked::default();
    for document in documents.iter().filter(|d| d.state == DocumentState::Announced) {
        match check(app, document).await? {
            Ok(()) => checked.good.push(document.id),
            Err(fault) => checked.faulty.push((document.clone(), fault)),
        }
    }
    Ok(checked)
}

/// Reads what was uploaded; what is right is kept where the link that uploaded it does not reach.
async fn check(app: &App, document: &Document) -> Result<Result<(), Fault>, Error> {
    let found = app.kyc.get_at_most(&document.upload_key(), MAX_BYTES.into()).await?;
    let bytes = match found {
        Found::Nothing => return Ok(Err(Fault::Missing)),
        Found::Larger => return Ok(Err(Fault::Size)),
        Found::Bytes(bytes) => bytes,
    };
    if let Err(fault) = document.file.check(&bytes) {
        return Ok(Err(fault));
    }
    app.kyc.put_once(&document.kept_key(), bytes, document.file.media.into_str()).await?;
    Ok(Ok(()))
}

/// Remembers what is wrong. What has not come yet may still come.
async fn refuse(
    tx: &mut Tx,
    vendor: &mut Vendor,
    faulty: &[(Document, Fault)],
) -> Result<(), Error> {
    let now = tx.now();
    for (document, fault) in faulty.iter().filter(|(_, fault)| *fault != Fault::Missing) {
        let state = DocumentState::Refused { reason: fault.why().to_owned() };
        store::documents::set_state(tx.conn(), document.id, &state, now).await?;
    }
    Ok(store::vendors::update(tx.conn(), vendor, now).await?)
}

fn flaws(faulty: &[(Document, Fault)]) -> Vec<Flaw> {
    let flaw = |(document, fault): &(Document, Fault)| {
        Flaw::at(format!("/documents/{}", document.kind.into_str()), fault.why())
    };
    faulty.iter().map(flaw).collect()
}

async fn hand_in(tx: &mut Tx, vendor: &mut Vendor, good: &[DocumentId]) -> Result<(), Error> {
    let now = tx.now();
    vendor.standing.submit()?;
    for id in good {
        store::documents::set_state(tx.conn(), *id, &DocumentState::Verified, now).await?;
    }
    let documents = store::documents::list(tx.conn(), vendor.id).await?;
    // A document may have been announced, or replaced, while the files were read.
    let late = documents.iter().find(|d| d.state == DocumentState::Announced);
    if let Some(Document { kind, .. }) = late {
        let why = "was announced while the others were checked; submit again";
        return Err(Error::Mismatch(vec![Flaw::at(
            format!("/documents/{}", kind.into_str()),
            why,
        )]));
    }
    demand_all(vendor, &documents)?;
    let verified: Vec<Document> =
        documents.into_iter().filter(|d| d.state == DocumentState::Verified).collect();
    store::vendors::update(tx.conn(), vendor, now).await?;
    store::steps::insert(tx.conn(), vendor, &[], now).await?;
    events_out::submitted(tx, vendor, &verified);
    events_out::changed(tx, vendor);
    Ok(())
}
