//! Prints a numbered document, puts it away once, and tells everybody.

use std::sync::Arc;

use chassis::s3::Put;
use chassis::{Job, Tx, Work};
use contracts::invoice::InvoiceIssued;
use jiff::SignedDuration;
use kernel::InvoiceId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tracing::{info, warn};

use crate::App;
use crate::domain::link::{Audience, Link};
use crate::error::Error;
use crate::store::{invoices, links};

/// How long the link in the confirmation mail opens the document.
const MAILED_LINK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Print this document and put it away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrintInvoice {
    /// Which document.
    pub invoice_id: InvoiceId,
}

impl Job for PrintInvoice {
    const KIND: &'static str = "print_invoice";
    // A number without its document is against the law: a week of trying, ten minutes apart in the end.
    const MAX_ATTEMPTS: i32 = 1000;
}

/// What lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
    /// How many there are.
    pub size_bytes: i64,
    /// Where they lie.
    pub object_key: String,
}

impl Work<PrintInvoice> for App {
    type Made = Printed;
    type Error = Error;

    /// May run any number of times: the same model gives the same bytes under the same key, and another release that
    /// gives other bytes puts them under another.
    async fn act(&self, job: &PrintInvoice) -> Result<Printed, Error> {
        let (document, key) = {
            let mut conn = self.db.read().await?;
            let found = invoices::find_document(&mut conn, job.invoice_id).await?;
            found.ok_or(Error::NotFound)?
        };
        let bytes = self.press.print(Arc::new(document)).await?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        for object_key in [key.clone(), beside(&key, &sha256)] {
            let put = self.bucket.put_once(&object_key, bytes.clone(), "application/pdf").await?;
            if put == Put::Written || self.lies_there(&object_key, &sha256).await? {
                return Ok(Printed { sha256, size_bytes, object_key });
            }
            warn!(object = object_key, printed = sha256, "other bytes lie where a document should");
        }
        Err(Error::ObjectDiffers(key))
    }

    async fn record(&self, job: PrintInvoice, printed: Printed, tx: &mut Tx) -> Result<(), Error> {
        let now = tx.now();
        let invoice = invoices::lock(tx.conn(), job.invoice_id).await?.ok_or(Error::NotFound)?;
        if let Some(issued) = invoice.sha256 {
            // Another runner was first. What it recorded stands, even if another release printed it.
            info!(invoice.id = %invoice.id, issued, printed = printed.sha256, "an invoice was issued already");
            return Ok(());
        }
        let size_bytes = printed.size_bytes;
        let lies = (printed.sha256.as_str(), size_bytes, printed.object_key.as_str());
        invoices::set_issued(tx.conn(), invoice.id, lies, now).await?;
        let link = Link::new(invoice.id, Audience::User(invoice.buyer), now, MAILED_LINK);
        links::insert(tx.conn(), &link, now).await?;
        let url = self.url_of(&link);
        tx.emit(&InvoiceIssued {
            invoice_id: invoice.id,
            number: invoice.number.to_string(),
            checkout_id: invoice.checkout_id,
            order_id: invoice.order_id,
            seller_order_id: invoice.seller_order_id,
            vendor_id: invoice.vendor_id,
            buyer: invoice.buyer,
            total: invoice.total,
            sha256: printed.sha256,
            sealed_link: self.link_seal.seal(url.as_bytes(), &invoice.id.to_string())?,
            issued_at: invoice.issued_at,
        });
        info!(invoice.id = %invoice.id, size_bytes, "an invoice was issued");
        Ok(())
    }
}

impl App {
    async fn lies_there(&self, key: &str, sha256: &str) -> Result<bool, Error> {
        let there = self.bucket.get(key).await?;
        let there = there.ok_or_else(|| Error::ObjectMissing(key.to_owned()))?;
        Ok(hex::encode(Sha256::digest(&there)) == sha256)
    }
}

/// Where a document goes whose place is taken: an earlier release put its print there and ended before it could record
/// it. Nobody was given that one, so it is left as it is.
fn beside(key: &str, sha256: &str) -> String {
    let stem = key.strip_suffix(".pdf").unwrap_or(key);
    format!("{stem}-{sha256}.pdf")
}
