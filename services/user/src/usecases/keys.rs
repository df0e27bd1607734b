//! The keys that sign access tokens: made here, published before they sign, kept until nobody needs them.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chassis::auth::Signer;
use chassis::{Timer, TimerHandler, Tx};
use contracts::user::KeyPublished;
use jiff::Timestamp;
use tracing::info;

use crate::App;
use crate::domain::{SigningKey, Turn, retires_at, takes_over_at, turn};
use crate::error::Error;
use crate::store::signing_keys;

#[derive(Debug)]
pub enum Rotation {}

impl Timer for Rotation {
    const NAME: &'static str = "user.rotate_keys";
    const EVERY: Duration = Duration::from_secs(30);
    // With the broker away keys go on: `rotate` asks by itself what was heard.
    const WAITS_FOR_NEWS: bool = false;
}

impl TimerHandler<Rotation> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        rotate(self, tx).await
    }
}

/// The keys to verify with, newest first. There is always one.
#[tracing::instrument(name = "user.published_keys", skip_all)]
pub async fn published(app: &App) -> Result<Vec<SigningKey>, Error> {
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let keys = signing_keys::list(&mut conn, now).await?;
    drop(conn);
    if keys.is_empty() { publish_first(app).await } else { Ok(keys) }
}

/// The key that signs now, unsealed.
pub async fn signer(app: &App) -> Result<Arc<Signer>, Error> {
    let now = app.clock.now();
    let keys = published(app).await?;
    let mut begun = keys.iter().filter(|key| key.not_before <= now);
    // What we have not heard of ourselves, nobody can verify: the broker is away, or we have just begun and the oldest is
    // the safest. While the clocks of two replicas differ, the very first key may seem to begin in the future.
    let heard = begun.clone().find(|key| app.keyring.has_heard_of(&key.kid));
    let current = heard.or(begun.next_back()).or(keys.last());
    let current = current.ok_or(chassis::auth::token::KeyError)?;

    let mut last = app.signing.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(signer) = last.as_ref().filter(|signer| signer.kid() == current.kid) {
        return Ok(signer.clone());
    }
    let signer =
        Arc::new(Signer::from_pkcs8(&app.settings.own_seal.open(&current.sealed, &current.kid)?)?);
    // Believed here at once, also while the broker is away.
    app.keyring.trust(signer.kid(), signer.x(), current.retires_at);
    *last = Some(signer.clone());
    Ok(signer)
}

async fn publish_first(app: &App) -> Result<Vec<SigningKey>, Error> {
    let mut tx = app.db.begin().await?;
    rotate(app, &mut tx).await?;
    // Read again: another replica's turn may have been first.
    let now = tx.now();
    let keys = signing_keys::list(tx.conn(), now).await?;
    tx.commit().await?;
    Ok(keys)
}

/// Makes the key that is due, retires the one before once everybody can have heard of it, and forgets those nobody needs
/// any more. Returns how much there was to do.
async fn rotate(app: &App, tx: &mut Tx) -> Result<usize, Error> {
    let now = tx.now();
    // Replicas that look at the same moment would make a key each.
    signing_keys::take_turn(tx.conn()).await?;
    let retired = signing_keys::delete_retired(tx.conn(), now).await?;
    for kid in &retired {
        tx.emit_tombstone::<KeyPublished>(kid.clone());
    }

    let mut done = retired.len();
    let keys = signing_keys::list(tx.conn(), now).await?;
    let newest = keys.first().map(|key| (key.not_before, app.keyring.has_heard_of(&key.kid)));
    if let Some((since, true)) = newest {
        // From now on at the earliest: the one before went on signing until the newest was heard of.
        for last in keys.into_iter().skip(1).filter(|key| key.retires_at.is_none()) {
            retire(tx, last, retires_at(since.max(now))).await?;
            done += 1;
        }
    }
    match turn(newest.map(|(since, _)| since), app.settings.key_life, now) {
        Turn::Same => return Ok(done),
        Turn::First => publish(app, tx, now).await?,
        Turn::Next => publish(app, tx, takes_over_at(now)).await?,
    }
    Ok(done + 1)
}

async fn publish(app: &App, tx: &mut Tx, not_before: Timestamp) -> Result<(), Error> {
    let (signer, document) = Signer::generate()?;
    let key = SigningKey {
        kid: signer.kid().to_owned(),
        x: signer.x().to_owned(),
        sealed: app.settings.own_seal.seal(&document, signer.kid())?,
        not_before,
        retires_at: None,
    };
    let now = tx.now();
    signing_keys::insert(tx.conn(), &key, now).await?;
    info!(key.id = key.kid, "a signing key was made");
    tx.emit(&key_published(key));
    Ok(())
}

async fn retire(tx: &mut Tx, mut key: SigningKey, at: Timestamp) -> Result<(), Error> {
    signing_keys::retire(tx.conn(), &key.kid, at).await?;
    key.retires_at = Some(at);
    tx.emit(&key_published(key));
    Ok(())
}

fn key_published(key: SigningKey) -> KeyPublished {
    KeyPublished { kid: key.kid, x: key.x, not_before: key.not_before, retires_at: key.retires_at }
}
