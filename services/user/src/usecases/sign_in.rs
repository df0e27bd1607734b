//! A code comes back: somebody is who they say, and perhaps here for the first time.

use std::net::IpAddr;

use chassis::Tx;
use chassis::auth::callers::may;
use contracts::user::{AccountChange, ChallengeId};
use kernel::{EmailAddress, SessionId, UserId};
use tracing::{info, warn};

use super::tokens::SignedIn;
use super::{events_out, keys};
use crate::App;
use crate::domain::{Account, AccountStanding, Code, Life, RefreshToken, Rights, SIGN_IN};
use crate::error::Error;
use crate::store::codes::{Guess, Tried};
use crate::store::{accounts, refresh_tokens, sessions};

/// Opens a session for whoever holds the challenge's code; registers them at the first time.
#[tracing::instrument(name = "user.sign_in", skip_all)]
pub async fn sign_in(
    app: &App,
    challenge: ChallengeId,
    code: &Code,
    from: Option<IpAddr>,
    device: Option<&str>,
) -> Result<SignedIn, Error> {
    // Both before the transaction: Redis is asked, and the very first key is made in a transaction of its own. When the
    // commit fails, the code is used up all the same.
    let address = prove(app, challenge, code, from).await?;
    let signer = keys::signer(app).await?;

    let mut tx = app.db.begin().await?;
    let account = admit(app, &mut tx, address).await?;
    let (session_id, token) = open_session(&mut tx, &account, device).await?;
    let signed_in = SignedIn::of(&mut tx, &signer, account, session_id, token).await?;
    tx.commit().await?;

    info!(user.id = %signed_in.account.user_id, session.id = %session_id, "signed in");
    Ok(signed_in)
}

async fn prove(
    app: &App,
    challenge: ChallengeId,
    code: &Code,
    from: Option<IpAddr>,
) -> Result<EmailAddress, Error> {
    let sealed = app.codes.find_address(challenge).await?.ok_or(Error::OtpInvalid)?;
    let id = challenge.to_string();
    let address = app.settings.own_seal.open(&sealed, &id)?;
    let address = std::str::from_utf8(&address).ok().and_then(|text| text.parse().ok());
    let address: EmailAddress = address.ok_or(Error::OtpInvalid)?;

    let key = address.account_key();
    let mark = app.settings.pepper.mark(&id, &key, SIGN_IN, code);
    let account = app.settings.pepper.blind(&key);
    let guess = Guess { id: challenge, account: &account, mark: &mark, from };
    match app.codes.try_mark(&guess, app.clock.now()).await? {
        Tried::Right => Ok(address),
        Tried::Wrong => Err(Error::OtpInvalid),
        Tried::Locked { retry_after_s } => Err(Error::OtpLocked { retry_after_s }),
        Tried::Limited { retry_after_s } => {
            warn!("somebody seems to guess codes of many accounts; codes are not looked at");
            Err(Error::RateLimited { retry_after_s })
        }
    }
}

/// The account of the address, locked and told about where it is new or changed.
async fn admit(app: &App, tx: &mut Tx, address: EmailAddress) -> Result<Account, Error> {
    let key = address.account_key();
    let Some(user_id) = accounts::find_id(tx.conn(), &key).await? else {
        let rights =
            if is_staff(app, &address) { Rights::staff(may::ALL) } else { Rights::default() };
        let account = Account::register(address, rights, tx.now());
        if accounts::insert(tx.conn(), &account, &key).await? {
            events_out::emit_all(tx, &account, AccountChange::Registered).await?;
            return Ok(account);
        }
        // Two first sign-ins at once; the other one was faster.
        let user_id = accounts::find_id(tx.conn(), &key).await?.ok_or(Error::OtpInvalid)?;
        return welcome(app, tx, user_id).await;
    };
    welcome(app, tx, user_id).await
}

/// Takes in somebody known; names the operator's staff again if somebody took their rights.
async fn welcome(app: &App, tx: &mut Tx, user_id: UserId) -> Result<Account, Error> {
    // Whoever shuts the account out now waits for this lock, and then ends the new session as well.
    let mut account = accounts::lock(tx.conn(), user_id).await?.ok_or(Error::OtpInvalid)?;
    match account.standing {
        AccountStanding::Active => {}
        AccountStanding::Suspended { .. } => return Err(Error::Suspended),
        // Erased between the two statements: the address is free, the code is not.
        AccountStanding::Erased => return Err(Error::OtpInvalid),
    }
    account.signed_in_at = tx.now();
    let staff = Rights::staff(may::ALL);
    let named = account.email.as_ref().is_some_and(|email| is_staff(app, email));
    let raised = named && account.rights != staff;
    if raised {
        account.rights = staff;
        account.version += 1;
    }
    let now = tx.now();
    accounts::update(tx.conn(), &account, now).await?;
    if raised {
        events_out::emit_account(tx, &account, AccountChange::RoleChanged, None).await?;
    }
    Ok(account)
}

/// Whether the operator named this address, letter by letter: another spelling may be another mailbox.
pub(super) fn is_staff(app: &App, address: &EmailAddress) -> bool {
    app.settings.staff.contains(address)
}

async fn open_session(
    tx: &mut Tx,
    account: &Account,
    device: Option<&str>,
) -> Result<(SessionId, RefreshToken), Error> {
    let (now, session_id) = (tx.now(), SessionId::new());
    let token = RefreshToken::mint(&mut rand::rng());
    let expires_at = Life::of(&account.rights).expires_at(now, now);

    sessions::insert(tx.conn(), session_id, account.user_id, device, now, expires_at).await?;
    refresh_tokens::insert(tx.conn(), &token.hash(), session_id, now, expires_at).await?;
    Ok((session_id, token))
}
