//! The provider tells something: it is checked, kept and acted upon at once, or afterwards where that fails.

use chassis::Tx;
use jiff::SignedDuration;
use reqwest::header::HeaderMap;
use sha2::{Digest, Sha256};
use tracing::{error, warn};

use super::take_in::{TakeIn, act_upon};
use crate::App;
use crate::error::Error;
use crate::provider::ProviderError;
use crate::provider::webhooks::Told;
use crate::store::webhooks::{self, New, Outcome};

/// The provider repeats an event for a day by itself, and for a week when asked to. It dates the event and not the
/// delivery, so a replay within that time looks like the provider's own; it has no second effect.
const OLDEST: SignedDuration = SignedDuration::from_hours(8 * 24);

#[derive(Debug)]
struct Delivered<'a> {
    /// The provider's id of the event, if it can be one. It need not be signed.
    event_id: Option<&'a str>,
    body: &'a [u8],
}

/// Keeps a webhook of the provider, once, and acts upon it. What fails to be acted upon is kept all the same, and a job
/// tries again.
pub async fn receive(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<(), Error> {
    let Some(vouched) = app.provider.vouch(headers, body) else {
        warn!("a webhook was not signed by the provider");
        return Err(Error::Forged);
    };
    let now = app.clock.now();
    if vouched.said_at.is_some_and(|said| now.duration_since(said) > OLDEST) {
        return Err(Error::Stale);
    }
    let told = app.provider.read(body);
    let event_id = vouched.event_id.as_deref().filter(|id| is_id(id));
    let delivered = &Delivered { event_id, body };
    let mut tx = app.db.begin().await?;
    let (Some(event_id), Ok(told_of)) = (insert(&mut tx, delivered, &told).await?, &told) else {
        return Ok(tx.commit().await?);
    };
    match act_upon(app, &mut tx, &event_id, told_of).await {
        Ok(()) => Ok(tx.commit().await?),
        Err(reason) => {
            warn!(event.id = event_id, %reason, "event {event_id} of the provider waits to be acted upon");
            // Or the next transaction waits for the row that this one wrote.
            drop(tx);
            keep_for_later(app, delivered, &told).await
        }
    }
}

async fn keep_for_later(
    app: &App,
    delivered: &Delivered<'_>,
    told: &Result<Told, ProviderError>,
) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    if let Some(event_id) = insert(&mut tx, delivered, told).await? {
        let now = tx.now();
        tx.schedule(&TakeIn { event_id }, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Keeps a webhook. Returns its id if it is new and asks for an act.
async fn insert(
    tx: &mut Tx,
    delivered: &Delivered<'_>,
    told: &Result<Told, ProviderError>,
) -> Result<Option<String>, Error> {
    let now = tx.now();
    let digest = format!("sha256:{}", hex::encode(Sha256::digest(delivered.body)));
    let event_id = delivered.event_id.unwrap_or(&digest);
    let mut new =
        New { event_id, event: None, provider_order_id: None, body: delivered.body, outcome: None };
    match told {
        Ok(Told::Attempt { event, order_id, .. }) => {
            new.event = Some(event);
            new.provider_order_id = Some(order_id);
        }
        Ok(Told::Dispute { event, order_id, .. }) => {
            new.event = Some(event);
            new.provider_order_id = order_id.as_deref();
        }
        Ok(Told::Refund { event, .. } | Told::Payout { event, .. }) => new.event = Some(event),
        Ok(Told::Note(event)) => {
            new.event = Some(event);
            new.outcome = Some(Outcome::Noted);
        }
        Err(_) => new.outcome = Some(Outcome::Unreadable),
    }
    if !webhooks::insert(tx.conn(), &new, now).await? {
        // The id is not signed. An event must not be lost because another one came with its id.
        if webhooks::is_kept(tx.conn(), event_id, delivered.body).await? {
            return Ok(None);
        }
        new.event_id = &digest;
        if !webhooks::insert(tx.conn(), &new, now).await? {
            return Ok(None);
        }
    }
    let event_id = new.event_id;
    if let Err(reason) = told {
        error!(event.id = event_id, %reason, "event {event_id} of the provider makes no sense");
    }
    Ok(new.outcome.is_none().then(|| event_id.to_owned()))
}

fn is_id(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}
