//! The second factor of an account: an app is registered, shown codes of, and taken away.

use chassis::Tx;
use chassis::auth::Caller;
use kernel::{SessionId, UserId};
use tracing::{info, warn};

use super::{end, lock_own};
use crate::App;
use crate::domain::{
    Authenticator, Code, RECOVERY_CODES, RecoveryCode, Refused, SecondCode, Secret, is_fresh,
};
use crate::error::Error;
use crate::store::{accounts, authenticators, half_sign_ins, sessions};

/// The secret of a new app, as it is shown this once.
#[derive(Debug)]
pub struct Registration {
    /// In Base32.
    pub secret: String,
    /// An `otpauth` URL, for a QR code.
    pub url: String,
}

/// Makes the secret of an app. It counts once a code of it was shown, and may be made again until then.
#[tracing::instrument(name = "user.register_second_factor", skip_all)]
pub async fn register_second_factor(app: &App, user_id: UserId) -> Result<Registration, Error> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let owner = lock_own(&mut tx, user_id).await?.email.ok_or(Error::Unauthenticated)?;
    if authenticators::find_confirmed(tx.conn(), user_id).await?.is_some() {
        return Err(Refused::HasSecondFactor.into());
    }
    let new = Secret::mint(&mut rand::rng());
    let (secret, url) = new.shown_to(&owner)?;
    let sealed = app.settings.own_seal.seal(new.as_bytes(), &user_id.to_string())?;
    authenticators::put(tx.conn(), user_id, &sealed, now).await?;
    tx.commit().await?;
    Ok(Registration { secret, url })
}

/// From here on the account has a second factor, which this session has shown.
#[tracing::instrument(name = "user.confirm_second_factor", skip_all)]
pub async fn confirm_second_factor(
    app: &App,
    caller: &Caller,
    code: &Code,
    ends_others: bool,
) -> Result<Vec<RecoveryCode>, Error> {
    let user_id = caller.user_id;
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    lock_own(&mut tx, user_id).await?;
    let mut mine = find(app, &mut tx, user_id).await?.ok_or(Error::NotFound)?;
    if mine.confirmed_at.is_some() {
        return Err(Refused::HasSecondFactor.into());
    }
    // Not counted: who guesses here guesses at a secret that was shown to them.
    if !mine.take(code, now)? {
        return Err(Error::SecondFactorInvalid);
    }
    mine.confirmed_at = Some(now);
    authenticators::update(tx.conn(), user_id, &mine).await?;
    let codes = put_codes(&mut tx, user_id).await?;
    sessions::show_second_factor(tx.conn(), caller.session_id, now).await?;
    commit(app, tx, caller, ends_others).await?;

    info!(user.id = %user_id, "a second factor was registered");
    Ok(codes)
}

/// Takes the second factor away, and its recovery codes.
#[tracing::instrument(name = "user.remove_second_factor", skip_all)]
pub async fn remove_second_factor(
    app: &App,
    caller: &Caller,
    ends_others: bool,
) -> Result<(), Error> {
    let user_id = caller.user_id;
    let mut tx = app.db.begin().await?;
    lock_own(&mut tx, user_id).await?;
    if authenticators::find_confirmed(tx.conn(), user_id).await?.is_some() {
        require_fresh(&mut tx, caller.session_id).await?;
    }
    if !authenticators::delete(tx.conn(), user_id).await? {
        return Err(Error::NotFound);
    }
    half_sign_ins::delete_of(tx.conn(), user_id).await?;
    commit(app, tx, caller, ends_others).await?;

    info!(user.id = %user_id, "a second factor was taken away");
    Ok(())
}

/// Makes new recovery codes; the ones before are worthless.
#[tracing::instrument(name = "user.renew_recovery_codes", skip_all)]
pub async fn renew_recovery_codes(app: &App, caller: &Caller) -> Result<Vec<RecoveryCode>, Error> {
    let mut tx = app.db.begin().await?;
    lock_own(&mut tx, caller.user_id).await?;
    authenticators::find_confirmed(tx.conn(), caller.user_id).await?.ok_or(Error::NotFound)?;
    require_fresh(&mut tx, caller.session_id).await?;
    let codes = put_codes(&mut tx, caller.user_id).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Shows the second factor once more, in a session that goes on.
#[tracing::instrument(name = "user.step_up", skip_all)]
pub async fn step_up(app: &App, caller: &Caller, code: &SecondCode) -> Result<(), Error> {
    let tx = app.db.begin().await?;
    let mut tx = prove(app, tx, caller.user_id, code).await?;
    let now = tx.now();
    sessions::show_second_factor(tx.conn(), caller.session_id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a code and gives the transaction back, which uses the code up if it commits. A wrong code is committed here: it
/// counts.
pub(super) async fn prove(
    app: &App,
    mut tx: Tx,
    user_id: UserId,
    code: &SecondCode,
) -> Result<Tx, Error> {
    let now = tx.now();
    // Before the app, as in all that changes it: codes of an account take turns.
    accounts::lock(tx.conn(), user_id).await?;
    let mine = find(app, &mut tx, user_id).await?;
    let mut mine = mine.filter(|mine| mine.confirmed_at.is_some()).ok_or(Error::NotFound)?;
    if let Some(retry_after_s) = mine.locked_for_s(now) {
        return Err(Error::OtpLocked { retry_after_s });
    }
    let is_right = match code {
        SecondCode::App(code) => mine.take(code, now)?,
        SecondCode::Recovery(code) => {
            authenticators::use_recovery(tx.conn(), user_id, code).await?
        }
    };
    mine.count(is_right, now);
    authenticators::update(tx.conn(), user_id, &mine).await?;
    if is_right {
        return Ok(tx);
    }
    tx.commit().await?;
    warn!(user.id = %user_id, failures = mine.failures, "a code of a second factor was wrong");
    Err(Error::SecondFactorInvalid)
}

/// The app of an account, which is locked.
async fn find(app: &App, tx: &mut Tx, user_id: UserId) -> Result<Option<Authenticator>, Error> {
    let Some(kept) = authenticators::find(tx.conn(), user_id).await? else { return Ok(None) };
    let secret = app.settings.own_seal.open(&kept.secret, &user_id.to_string())?;
    Ok(Some(kept.opened(Secret::opened(secret))))
}

async fn put_codes(tx: &mut Tx, user_id: UserId) -> Result<Vec<RecoveryCode>, Error> {
    let mint = |_| RecoveryCode::mint(&mut rand::rng());
    let codes: Vec<_> = (0..RECOVERY_CODES).map(mint).collect();
    authenticators::put_recovery(tx.conn(), user_id, &codes).await?;
    Ok(codes)
}

async fn require_fresh(tx: &mut Tx, session_id: SessionId) -> Result<(), Error> {
    let shown_at = sessions::find_second_factor(tx.conn(), session_id).await?;
    if is_fresh(shown_at, tx.now()) { Ok(()) } else { Err(Error::StepUpRequired) }
}

/// Commits, and ends the account's other sessions where its owner wishes that.
async fn commit(app: &App, mut tx: Tx, caller: &Caller, ends_others: bool) -> Result<(), Error> {
    let ended = if ends_others {
        end::end_all(&mut tx, caller.user_id, Some(caller.session_id)).await?
    } else {
        Vec::new()
    };
    end::commit_ended(app, tx, &ended).await?;
    Ok(())
}
