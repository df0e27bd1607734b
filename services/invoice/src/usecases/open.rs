//! Opens a document by a link.

use sha2::{Digest, Sha256};
use tracing::info;

use crate::App;
use crate::domain::link::{Pace, Token};
use crate::error::Error;
use crate::store::links;
use crate::store::links::Opening;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub number: String,
    pub bytes: Vec<u8>,
}

/// Gives out the document behind the token `text`, if what lies in the store is what was issued.
pub async fn open_link(app: &App, text: &str) -> Result<Opened, Error> {
    let token = Token::parse(text).ok_or(Error::LinkInvalid)?;
    let opening = take_turn(app, &token).await?;
    let bytes = fetch(app, &opening).await?;

    info!(invoice.id = %opening.link.invoice_id, link.id = %opening.link.id, "an invoice was opened by a link");
    Ok(Opened { number: opening.number.to_string(), bytes })
}

/// Believes the token, or not, and counts the use. Nothing is fetched for who comes too often.
async fn take_turn(app: &App, token: &Token) -> Result<Opening, Error> {
    let mut tx = app.db.begin().await?;
    // Locked, so that uses at the same moment are all counted.
    let opening = links::lock(tx.conn(), token.id()).await?.ok_or(Error::LinkInvalid)?;
    // Before anything else about the link is told: whoever changed a letter must not learn that it expired.
    if !app.link_key.vouches(token, &opening.link) {
        return Err(Error::LinkInvalid);
    }
    let now = tx.now();
    if opening.revoked || opening.link.is_over(now) {
        return Err(Error::LinkExpired);
    }
    let pace = Pace::with_use(opening.pace, now).ok_or(Error::TooOften { retry_after_s: 60 })?;
    links::record_use(tx.conn(), opening.link.id, pace, now).await?;
    // Before the document is fetched: nobody waits for the store behind this lock.
    tx.commit().await?;
    Ok(opening)
}

async fn fetch(app: &App, opening: &Opening) -> Result<Vec<u8>, Error> {
    let key = &opening.object_key;
    let bytes = app.bucket.get(key).await?.ok_or_else(|| Error::ObjectMissing(key.clone()))?;
    if hex::encode(Sha256::digest(&bytes)) != opening.sha256 {
        return Err(Error::ObjectDiffers(key.clone()));
    }
    Ok(bytes)
}
