//! Prints a numbered document, puts it away once, and tells everybody.

use std::sync::Arc;

use chassis::s3::Put;
use chassis::{Job, Tx, Work};
use contracts::invoice::InvoiceIssued;
use jiff::SignedDuration;
use kernel::InvoiceId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tracing::{error, info};

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
}

impl Printed {
    fn of(bytes: &[u8]) -> Self {
        let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        Self { sha256: hex::encode(Sha256::digest(bytes)), size_bytes }
    }
}

impl Work<PrintInvoice> for App {
    type Made = Printed;
    type Error = Error;

    /// May run any number of times: the same model gives the same bytes under the same key.
    async fn act(&self, job: &PrintInvoice) -> Result<Printed, Error> {
        let (document, key) = {
            let mut conn = self.db.read().await?;
            let found = invoices::find_document(&mut conn, job.invoice_id).await?;
            found.ok_or(Error::NotFound)?
        };
        let bytes = self.press.print(Arc::new(document)).await?;
        let printed = Printed::of(&bytes);
        match self.bucket.put_once(&key, bytes, "application/pdf").await? {
            Put::Written => Ok(printed),
            Put::Existed => {
                let there = self.bucket.get(&key).await?;
                let there = there.ok_or_else(|| Error::ObjectMissing(key.clone()))?;
                same(&printed, &Printed::of(&there), key)
            }
        }
    }

    async fn record(&self, job: PrintInvoice, printed: Printed, tx: &mut Tx) -> Result<(), Error> {
        let now = tx.now();
        let invoice = invoices::lock(tx.conn(), job.invoice_id).await?.ok_or(Error::NotFound)?;
        if let Some(sha256) = &invoice.sha256 {
            let issued = Printed { sha256: sha256.clone(), ..printed };
            return same(&printed, &issued, invoice.number.to_string()).map(drop);
        }
        let (sha256, size_bytes) = (printed.sha256, printed.size_bytes);
        invoices::set_issued(tx.conn(), invoice.id, (&sha256, size_bytes), now).await?;
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
            sha256,
            sealed_link: self.link_seal.seal(url.as_bytes(), &invoice.id.to_string())?,
            issued_at: invoice.issued_at,
        });
        info!(invoice.id = %invoice.id, size_bytes, "an invoice was issued");
        Ok(())
    }
}

fn same(printed: &Printed, there: &Printed, what: String) -> Result<Printed, Error> {
    if printed.sha256 == there.sha256 {
        return Ok(there.clone());
    }
    error!(
        object = what,
        printed = printed.sha256,
        there = there.sha256,
        "a document differs from its print"
    );
    Err(Error::ObjectDiffers(what))
}
