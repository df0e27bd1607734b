//! Makes links for those who may read a document, and takes them back.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chassis::auth::Caller;
use chassis::idempotency::Key;
use chassis::{Claim, Problem};
use jiff::SignedDuration;
use kernel::InvoiceId;
use serde::Serialize;
use tracing::info;

use super::reader;
use crate::App;
use crate::domain::link::Link;
use crate::error::Error;
use crate::store::{invoices, links};

/// How many links to one document may be made within an hour.
const MOST_AN_HOUR: i64 = 30;

/// How long a link that somebody asks for opens the document.
const ASKED_LINK: SignedDuration = SignedDuration::from_hours(24);

impl App {
    /// The address behind which the document lies.
    pub(super) fn url_of(&self, link: &Link) -> String {
        format!("{}/v1/invoice-links/{}", self.public_url, self.link_key.token(link).text())
    }
}

/// Makes a link for `caller`; the same key makes it once.
pub async fn make_link<T: Serialize>(
    app: &App,
    caller: &Caller,
    invoice_id: InvoiceId,
    key: Option<&Key>,
    view: impl Fn(String, &Link) -> T,
) -> Result<Response, Problem> {
    let scope = caller.user_id.to_string();
    let mut tx = app.db.begin().await.map_err(Error::from)?;
    if let Claim::Answered(replay) = tx.claim(&scope, key).await? {
        return Ok(replay.into_response());
    }
    // Locked, so that links to one document are made in turn and can be counted.
    let invoice = invoices::lock(tx.conn(), invoice_id).await.map_err(Error::from)?;
    let issued = invoice.as_ref().filter(|invoice| invoice.sha256.is_some());
    let audience = issued.and_then(|invoice| reader(caller, invoice)).ok_or(Error::NotFound)?;

    let now = tx.now();
    let hour_ago = now - SignedDuration::from_hours(1);
    let made = links::count_made(tx.conn(), invoice_id, hour_ago).await.map_err(Error::from)?;
    if made >= MOST_AN_HOUR {
        return Err(Error::TooOften { retry_after_s: 3600 }.into());
    }
    let link = Link::new(invoice_id, audience, now, ASKED_LINK);
    links::insert(tx.conn(), &[link], now).await.map_err(Error::from)?;
    let view = view(app.url_of(&link), &link);
    let answer = tx.answer(&scope, key, (StatusCode::CREATED, &view)).await.map_err(Error::from)?;
    tx.commit().await.map_err(Error::from)?;

    Ok(answer)
}

/// Takes back every link to a document, whoever it was made for.
pub async fn revoke_links(app: &App, caller: &Caller, id: InvoiceId) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let invoice = invoices::find_issued(tx.conn(), id).await?;
    invoice.filter(|invoice| reader(caller, invoice).is_some()).ok_or(Error::NotFound)?;

    let now = tx.now();
    let revoked = links::revoke_all(tx.conn(), id, now).await?;
    tx.commit().await?;

    info!(invoice.id = %id, revoked, "links were revoked");
    Ok(())
}
