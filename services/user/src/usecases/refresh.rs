//! A refresh token comes back.

use chassis::Tx;
use contracts::user::SessionEnd;
use jiff::Timestamp;
use tracing::{info, warn};

use super::tokens::{self, SignedIn};
use super::{end, keys};
use crate::App;
use crate::domain::{Account, AccountStanding, Life, Presented, RefreshToken, Verdict};
use crate::error::Error;
use crate::store::sessions::End;
use crate::store::{accounts, refresh_tokens, sessions};

/// Exchanges a refresh token for the next one and a fresh access token. A token that comes twice ends its session.
#[tracing::instrument(name = "user.refresh", skip_all)]
pub async fn refresh(app: &App, token: &RefreshToken) -> Result<SignedIn, Error> {
    // Before the transaction: the very first key is made in one of its own.
    let signer = keys::signer(app).await?;
    let hash = token.hash();

    let mut tx = app.db.begin().await?;
    // All uses of a session's tokens take turns. The account needs no lock: whoever shuts it out ends its sessions, and
    // waits for this one.
    refresh_tokens::lock_session(tx.conn(), &hash).await?.ok_or(Error::TokenInvalid)?;
    let presented = refresh_tokens::find(tx.conn(), &hash).await?.ok_or(Error::TokenInvalid)?;
    let account = accounts::find(tx.conn(), presented.user_id).await?;
    let account = account
        .filter(|account| account.standing == AccountStanding::Active)
        .ok_or(Error::TokenInvalid)?;
    let next = match presented.judge(tx.now()) {
        Verdict::Rotate => rotate(app, &mut tx, &presented, &hash, &account).await?,
        Verdict::Repeat(sealed) => tokens::open_successor(app, &hash, sealed)?,
        Verdict::Reused => return Err(end_family(app, tx, &presented).await?),
        Verdict::Over => return Err(Error::TokenInvalid),
    };
    let session_id = presented.session_id;
    let signed_in = SignedIn::of(&mut tx, &signer, account, session_id, next).await?;
    tx.commit().await?;

    info!(session.id = %session_id, "a session goes on");
    Ok(signed_in)
}

async fn rotate(
    app: &App,
    tx: &mut Tx,
    presented: &Presented,
    hash: &[u8],
    account: &Account,
) -> Result<RefreshToken, Error> {
    let now = tx.now();
    let next = RefreshToken::mint(&mut rand::rng());
    let expires_at = expiry(presented, account, now)?;

    let session_id = presented.session_id;
    refresh_tokens::insert(tx.conn(), &next.hash(), session_id, now, expires_at).await?;
    let sealed = tokens::seal_successor(app, hash, &next)?;
    refresh_tokens::spend(tx.conn(), hash, &sealed, now).await?;
    sessions::extend(tx.conn(), session_id, now, expires_at).await?;
    Ok(next)
}

/// Until when the session goes on, by the rights of today: who became staff meanwhile has the session of staff.
fn expiry(presented: &Presented, account: &Account, now: Timestamp) -> Result<Timestamp, Error> {
    let expires_at = Life::of(&account.rights).expires_at(presented.started_at, now);
    if expires_at > now { Ok(expires_at) } else { Err(Error::TokenInvalid) }
}

/// Two parties hold the token and one of them is a thief, so neither goes on.
async fn end_family(app: &App, mut tx: Tx, presented: &Presented) -> Result<Error, Error> {
    let (session_id, user_id) = (presented.session_id, presented.user_id);
    let now = tx.now();
    sessions::end(tx.conn(), session_id, user_id, End::Reuse, now).await?;
    let ended = end::emit_ended(&mut tx, user_id, &[session_id], SessionEnd::TokenReused);
    end::commit_ended(app, tx, &ended).await?;

    warn!(user.id = %user_id, session.id = %session_id, "a refresh token came twice; the session was ended");
    Ok(Error::TokenReused)
}
