//! A document is issued once its file lies there.

use chassis::Tx;
use contracts::invoice::{CreditNoteIssued, InvoiceIssued};
use tracing::info;

use super::MAILED_LINK;
use crate::App;
use crate::domain::link::{Audience, Link};
use crate::error::Error;
use crate::store::issued::{self, Printed, Reduces, Summary};
use crate::store::links;

impl App {
    /// Writes down what lies in the store and tells everybody. Where another runner was first, what it recorded stands,
    /// even if another release printed it.
    pub(super) async fn issue(&self, printed: &[Printed], tx: &mut Tx) -> Result<(), Error> {
        let now = tx.now();
        let issued = issued::set_issued(tx.conn(), printed, now).await?;
        let mailed: Vec<Link> = issued
            .iter()
            .map(|invoice| Link::new(invoice.id, Audience::User(invoice.buyer), now, MAILED_LINK))
            .collect();
        links::insert(tx.conn(), &mailed, now).await?;
        for (invoice, link) in issued.into_iter().zip(&mailed) {
            info!(invoice.id = %invoice.id, "a document was issued");
            self.emit_issued(invoice, link, tx)?;
        }
        Ok(())
    }

    fn emit_issued(&self, document: Summary, link: &Link, tx: &mut Tx) -> Result<(), Error> {
        let issued = self.issued(&document, link)?;
        match document.reduces {
            None => tx.emit(&issued),
            Some(Reduces { credit_id, against, against_number }) => tx.emit(&CreditNoteIssued {
                credit_note: issued,
                credit_id,
                against,
                against_number: against_number.to_string(),
            }),
        }
        Ok(())
    }

    fn issued(&self, document: &Summary, link: &Link) -> Result<InvoiceIssued, Error> {
        let url = self.url_of(link);
        Ok(InvoiceIssued {
            invoice_id: document.id,
            number: document.number.to_string(),
            checkout_id: document.checkout_id,
            order_id: document.order_id,
            seller_order_id: document.seller_order_id,
            vendor_id: document.vendor_id,
            buyer: document.buyer,
            total: document.total,
            sha256: document.sha256.clone().unwrap_or_default(),
            sealed_link: self.link_seal.seal(url.as_bytes(), &document.id.to_string())?,
            issued_at: document.issued_at,
        })
    }
}
