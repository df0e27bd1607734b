//! Ending sessions: nobody believes in their access tokens any more.

use chassis::Tx;
use contracts::user::{SessionEnd, SessionRevoked};
use kernel::{SessionId, UserId};

use crate::App;
use crate::domain::{forget_at, forgotten_before};
use crate::error::Error;
use crate::store::sessions;

/// Ends every session of an account that anybody may still believe in, but for the one that stays, and says so.
pub async fn end_all(
    tx: &mut Tx,
    user_id: UserId,
    stays: Option<SessionId>,
) -> Result<Vec<SessionRevoked>, Error> {
    let now = tx.now();
    // Also those that ran out a moment ago: their last access tokens are still believed.
    let since = forgotten_before(now);
    let sessions = sessions::end_all(tx.conn(), user_id, stays, since, now).await?;
    Ok(emit_ended(tx, user_id, &sessions, SessionEnd::AccountChanged))
}

pub fn emit_ended(
    tx: &mut Tx,
    user_id: UserId,
    sessions: &[SessionId],
    why: SessionEnd,
) -> Vec<SessionRevoked> {
    let now = tx.now();
    let revoked = |session_id: &SessionId| SessionRevoked {
        session_id: *session_id,
        user_id,
        revoked_at: now,
        forget_at: forget_at(now),
        why: Some(why),
    };
    let ended: Vec<_> = sessions.iter().map(revoked).collect();
    for session in &ended {
        tx.emit(session);
    }
    ended
}

/// Commits, and stops believing in the ended sessions here and now: the others hear of it in a moment.
pub async fn commit_ended(app: &App, tx: Tx, ended: &[SessionRevoked]) -> sqlx::Result<()> {
    tx.commit().await?;
    for session in ended {
        app.keyring.revoke(session.session_id, session.forget_at);
    }
    Ok(())
}
