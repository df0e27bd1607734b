//! Who proved their address shows their second factor.

use tracing::info;

use super::sign_in::{open_session, welcome};
use super::tokens::SignedIn;
use super::{keys, second_factor};
use crate::App;
use crate::domain::{OpaqueToken, SecondCode};
use crate::error::Error;
use crate::store::{half_sign_ins, sessions};

/// Opens the session of a sign-in that waited for a second factor.
#[tracing::instrument(name = "user.finish_sign_in", skip_all)]
pub async fn finish_sign_in(
    app: &App,
    token: &OpaqueToken,
    code: &SecondCode,
) -> Result<SignedIn, Error> {
    let signer = keys::signer(app).await?;
    let hash = token.hash();

    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let owner = half_sign_ins::find_owner(tx.conn(), &hash, now).await?;
    let user_id = owner.ok_or(Error::OtpInvalid)?;
    let mut tx = second_factor::prove(app, tx, user_id, code).await?;
    // Of two that finish it at once with two codes, one is too late, and its code is not used up.
    let half = half_sign_ins::take(tx.conn(), &hash).await?.ok_or(Error::OtpInvalid)?;
    let account = welcome(app, &mut tx, user_id).await?;
    let (session_id, token) = open_session(&mut tx, &account, half.device.as_deref()).await?;
    sessions::show_second_factor(tx.conn(), session_id, now).await?;
    let signed_in = SignedIn::of(&mut tx, &signer, account, session_id, token).await?;
    tx.commit().await?;

    info!(user.id = %user_id, session.id = %session_id, "signed in with a second factor");
    Ok(signed_in)
}
