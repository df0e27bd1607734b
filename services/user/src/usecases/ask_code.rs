//! Somebody wants to sign in: a code is made and goes to the mailer.

use std::net::IpAddr;

use contracts::user::{ChallengeId, OtpLetter, SendOtp};
use jiff::{SignedDuration, Timestamp};
use kernel::EmailAddress;
use tracing::info;

use crate::App;
use crate::domain::{Code, SIGN_IN};
use crate::error::Error;
use crate::store::accounts;
use crate::store::codes::Challenge;

/// How long a code is good for; its mail says so.
const MINUTES: u32 = 5;

#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub challenge_id: ChallengeId,
    pub expires_at: Timestamp,
}

/// Sends a code to `address`. Whether an account is behind it makes no difference to the answer or to the work done.
#[tracing::instrument(name = "user.ask_code", skip_all)]
pub async fn ask_code(
    app: &App,
    address: &EmailAddress,
    from: Option<IpAddr>,
) -> Result<Asked, Error> {
    let now = app.clock.now();
    let id = ChallengeId::new();
    let expires_at = now + SignedDuration::from_mins(MINUTES.into());
    let (code, account_key) = (Code::mint(&mut rand::rng()), address.account_key());

    let challenge = Challenge {
        id,
        account: &app.settings.pepper.blind(&account_key),
        mark: &app.settings.pepper.mark(&id.to_string(), &account_key, SIGN_IN, &code),
        address: &app.settings.own_seal.seal(address.as_str().as_bytes(), &id.to_string())?,
        expires_at,
    };
    // Before the transaction: who asks too often costs the database nothing, and no connection waits for Redis. If the
    // commit fails, the code counts all the same.
    app.codes
        .open(&challenge, from, now)
        .await?
        .map_err(|retry_after_s| Error::RateLimited { retry_after_s })?;

    let mut tx = app.db.begin().await?;
    // Not everywhere are a@x and a+1@x the same mailbox, so only the address that opened the account gets its codes.
    let known = accounts::find_email(tx.conn(), &account_key).await?;
    let letter = OtpLetter {
        to: known.unwrap_or_else(|| address.clone()),
        code: code.as_str().to_owned(),
        minutes: MINUTES,
    };
    tx.emit(&SendOtp { challenge_id: id, sealed: seal(app, id, &letter)?, expires_at });
    tx.commit().await?;

    info!(challenge.id = %id, "a sign-in code was asked for");
    Ok(Asked { challenge_id: id, expires_at })
}

fn seal(app: &App, id: ChallengeId, letter: &OtpLetter) -> Result<String, Error> {
    let text = serde_json::to_vec(letter).map_err(|_| chassis::seal::SealError)?;
    Ok(app.settings.mail_seal.seal(&text, &id.to_string())?)
}
