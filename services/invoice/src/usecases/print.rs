//! Prints numbered documents, puts them away once, and tells everybody.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chassis::s3::Put;
use chassis::{Job, JobHandler, Tx};
use futures::{StreamExt, stream};
use jiff::SignedDuration;
use kernel::InvoiceId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use tracing::warn;

use crate::App;
use crate::error::Error;
use crate::pdf::RenderError;
use crate::store::invoices;
use crate::store::issued::Printed;

mod issue;

/// How long the link in the confirmation mail opens the document.
const MAILED_LINK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many documents of an order are printed and put away at once. Printing has its own limit (`renderers`).
const AT_ONCE: usize = 4;
/// How long the others of its order wait for one document.
const PATIENCE: Duration = Duration::from_secs(20);

/// Print the documents of one order and put them away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrintInvoices {
    /// Those that were numbered together.
    pub invoice_ids: Vec<InvoiceId>,
}

impl Job for PrintInvoices {
    const KIND: &'static str = "print_invoices";
    // A number without its document is against the law: a week of trying, ten minutes apart in the end.
    const MAX_ATTEMPTS: i32 = 1000;
    // Enough for sixty documents that each take all of `PATIENCE`.
    const TIMEOUT: Duration = Duration::from_mins(5);
}

/// Print this document, which could not be printed with the others of its order, and put it away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrintInvoice {
    /// The one that was left over.
    pub invoice_id: InvoiceId,
}

impl Job for PrintInvoice {
    const KIND: &'static str = "print_invoice";
    const MAX_ATTEMPTS: i32 = PrintInvoices::MAX_ATTEMPTS;
}

/// Print this credit note and put it away. A kind of its own: a release that knows no credit notes leaves it alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrintCreditNote {
    /// Which one.
    pub invoice_id: InvoiceId,
}

impl Job for PrintCreditNote {
    const KIND: &'static str = "print_credit_note";
    const MAX_ATTEMPTS: i32 = PrintInvoices::MAX_ATTEMPTS;
}

impl JobHandler<PrintInvoices> for App {
    type Output = Vec<Printed>;

    /// May run any number of times: the same model gives the same bytes under the same key, and another release that
    /// gives other bytes puts them under another.
    async fn run(&self, job: &PrintInvoices) -> Result<Vec<Printed>, Error> {
        // The connection goes back before anything is printed.
        let documents = {
            let mut conn = self.db.read().await?;
            invoices::list_documents(&mut conn, &job.invoice_ids).await?
        };
        let printing = documents.into_iter().map(|document| self.try_put_away(document));
        let all: Vec<_> = stream::iter(printing).buffer_unordered(AT_ONCE).collect().await;
        let (mut printed, mut failure) = (Vec::new(), None);
        for one in all {
            match one {
                Ok(one) => printed.push(one),
                Err(error) => failure = Some(error),
            }
        }
        // Those that could be printed do not wait for the others, which get jobs of their own.
        failure.filter(|_| printed.is_empty()).map_or(Ok(printed), Err)
    }

    async fn complete(
        &self,
        job: PrintInvoices,
        printed: Vec<Printed>,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let done: BTreeSet<InvoiceId> = printed.iter().map(|p| p.invoice_id).collect();
        let left = job.invoice_ids.into_iter().filter(|id| !done.contains(id));
        let left: Vec<_> = left.map(|invoice_id| PrintInvoice { invoice_id }).collect();
        tx.schedule_all(&left, tx.now()).await?;
        self.issue(&printed, tx).await
    }
}

impl JobHandler<PrintInvoice> for App {
    type Output = Printed;

    async fn run(&self, job: &PrintInvoice) -> Result<Printed, Error> {
        self.print_one(job.invoice_id).await
    }

    async fn complete(&self, _: PrintInvoice, printed: Printed, tx: &mut Tx) -> Result<(), Error> {
        self.issue(&[printed], tx).await
    }
}

impl JobHandler<PrintCreditNote> for App {
    type Output = Printed;

    async fn run(&self, job: &PrintCreditNote) -> Result<Printed, Error> {
        self.print_one(job.invoice_id).await
    }

    async fn complete(
        &self,
        _: PrintCreditNote,
        printed: Printed,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        self.issue(&[printed], tx).await
    }
}

impl App {
    async fn print_one(&self, id: InvoiceId) -> Result<Printed, Error> {
        let document = {
            let mut conn = self.db.read().await?;
            invoices::list_documents(&mut conn, &[id]).await?.pop()
        };
        self.print_document(document.ok_or(Error::NotFound)?).await
    }

    async fn try_put_away(&self, document: invoices::Document) -> Result<Printed, Error> {
        let id = document.id;
        let put = timeout(PATIENCE, self.print_document(document)).await;
        let put = put.unwrap_or(Err(Error::Print(RenderError::BrokeOff)));
        put.inspect_err(|error| warn!(invoice.id = %id, %error, "a document is not printed"))
    }

    async fn print_document(&self, of: invoices::Document) -> Result<Printed, Error> {
        let bytes = self.press.print(Arc::new(of.model)).await?;
        self.put_away(of.id, of.object_key, bytes).await
    }

    /// Puts the print of a document where nothing else lies.
    pub(super) async fn put_away(
        &self,
        invoice_id: InvoiceId,
        key: String,
        bytes: Vec<u8>,
    ) -> Result<Printed, Error> {
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        for object_key in [key.clone(), beside(&key, &sha256)] {
            let put = self.bucket.put_once(&object_key, bytes.clone(), "application/pdf").await?;
            if put == Put::Written || self.lies_there(&object_key, &sha256).await? {
                return Ok(Printed { invoice_id, sha256, size_bytes, object_key });
            }
            warn!(object = object_key, printed = sha256, "other bytes lie where a document should");
        }
        Err(Error::ObjectDiffers(key))
    }

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
