//! Somebody ends a session of theirs.

use contracts::user::SessionEnd;
use kernel::{SessionId, UserId};
use tracing::info;

use super::end;
use crate::App;
use crate::domain::RefreshToken;
use crate::error::Error;
use crate::store::refresh_tokens;
use crate::store::sessions::{self, End};

/// Signs out. A session that is over already stays over.
#[tracing::instrument(name = "user.sign_out", skip_all)]
pub async fn sign_out(app: &App, user_id: UserId, session_id: SessionId) -> Result<(), Error> {
    end_one(app, user_id, session_id).await?;
    Ok(())
}

/// Signs out whoever holds this refresh token. One that is good for nothing is forgotten without a word.
#[tracing::instrument(name = "user.sign_out_holder", skip_all)]
pub async fn sign_out_holder(app: &App, token: &RefreshToken) -> Result<(), Error> {
    let mut conn = app.db.read().await?;
    let presented = refresh_tokens::find(&mut conn, &token.hash()).await?;
    drop(conn);
    let Some(presented) = presented else { return Ok(()) };
    sign_out(app, presented.user_id, presented.session_id).await
}

#[tracing::instrument(name = "user.end_session", skip_all)]
pub async fn end_session(app: &App, user_id: UserId, session_id: SessionId) -> Result<(), Error> {
    if end_one(app, user_id, session_id).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// Returns whether the session was going on.
async fn end_one(app: &App, user_id: UserId, session_id: SessionId) -> Result<bool, Error> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    if !sessions::end(tx.conn(), session_id, user_id, End::SignedOut, now).await? {
        return Ok(false);
    }
    let ended = end::emit_ended(&mut tx, user_id, &[session_id], SessionEnd::SignedOut);
    end::commit_ended(app, tx, &ended).await?;

    info!(user.id = %user_id, session.id = %session_id, "signed out");
    Ok(true)
}
