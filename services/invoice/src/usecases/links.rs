//! Makes links for those who may read a document, and takes them back.

use chassis::Tx;
use chassis::auth::Caller;
use jiff::{SignedDuration, Timestamp};
use kernel::InvoiceId;
use tracing::info;

use super::reader;
use crate::App;
use crate::domain::link::{Audience, Link};
use crate::error::Error;
use crate::store::{commissions, issued, links};

/// How many links to one document may be made within an hour. Who asks for more is no reader.
const MOST_AN_HOUR: i64 = 30;

/// How long a link that somebody asks for opens the document.
const ASKED_LINK: SignedDuration = SignedDuration::from_hours(24);

impl App {
    pub(super) fn url_of(&self, link: &Link) -> String {
        format!("{}/v1/invoice-links/{}", self.public_url, self.link_key.token(link).text())
    }
}

/// Makes a link for `caller`: its address, and when it ends.
pub async fn make_link(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    invoice_id: InvoiceId,
) -> Result<(String, Timestamp), Error> {
    // Locked, so that links to one document are made in turn and can be counted.
    let audience = lock_for(tx, caller, invoice_id).await?.ok_or(Error::NotFound)?;

    let now = tx.now();
    let hour_ago = now - SignedDuration::from_hours(1);
    if links::count_made(tx.conn(), invoice_id, hour_ago).await? >= MOST_AN_HOUR {
        return Err(Error::TooOften { retry_after_s: 3600 });
    }
    let link = Link::new(invoice_id, audience, now, ASKED_LINK);
    links::insert(tx.conn(), &[link], now).await?;
    Ok((app.url_of(&link), link.expires_at))
}

/// Locks an issued document, and says as whom `caller` may read it, if at all.
async fn lock_for(tx: &mut Tx, caller: &Caller, id: InvoiceId) -> Result<Option<Audience>, Error> {
    if let Some(invoice) = issued::lock_issued(tx.conn(), id).await? {
        return Ok(reader(caller, &invoice));
    }
    let vendor_id = commissions::lock_issued(tx.conn(), id).await?;
    Ok(vendor_id.filter(|id| caller.vendors.contains(id)).map(Audience::Vendor))
}

/// Takes back every link to a document, whoever it was made for.
pub async fn revoke_links(app: &App, caller: &Caller, id: InvoiceId) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    lock_for(&mut tx, caller, id).await?.ok_or(Error::NotFound)?;

    let now = tx.now();
    let revoked = links::revoke_all(tx.conn(), id, now).await?;
    tx.commit().await?;

    info!(invoice.id = %id, revoked, "links were revoked");
    Ok(())
}
