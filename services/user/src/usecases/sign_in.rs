//! A code comes back: somebody is who they say, and perhaps here for the first time.

use std::net::IpAddr;

use chassis::Tx;
use chassis::auth::callers::may;
use contracts::user::{AccountChange, ChallengeId};
use jiff::{SignedDuration, Timestamp};
use kernel::{EmailAddress, SessionId, UserId};
use tracing::{info, warn};

use super::tokens::SignedIn;
use super::{events_out, keys};
use crate::App;
use crate::domain::{
    Account, AccountStanding, Code, Life, OpaqueToken, RefreshToken, Rights, SIGN_IN,
};
use crate::error::Error;
use crate::store::codes::{Guess, Tried};
use crate::store::half_sign_ins::{self, HalfSignIn};
use crate::store::{accounts, authenticators, refresh_tokens, sessions};

/// How long somebody may take to show their second factor.
const HALF: SignedDuration = SignedDuration::from_mins(5);

/// What the mailed code was good for.
#[derive(Debug)]
pub enum Proved {
    SignedIn(Box<SignedIn>),
    /// The account has a second factor, and this is what to bring with its code.
    Half {
        token: OpaqueToken,
        expires_at: Timestamp,
    },
}

/// Opens a session for whoever holds the challenge's code, or asks for their second factor; registers them at the first
/// time.
#[tracing::instrument(name = "user.sign_in", skip_all)]
pub async fn sign_in(
    app: &App,
    challenge: ChallengeId,
    code: &Code,
    from: Option<IpAddr>,
    device: Option<&str>,
) -> Result<Proved, Error> {
    // Both before the transaction: Redis is asked, and the very first key is made in a transaction of its own. When the
    // commit fails, the code is used up all the same.
    let address = prove(app, challenge, code, from).await?;
    let signer = keys::signer(app).await?;

    let mut tx = app.db.begin().await?;
    let account = admit(app, &mut tx, address).await?;
    if authenticators::find_confirmed(tx.conn(), account.user_id).await?.is_some() {
        return owe_second_factor(tx, account.user_id, device).await;
    }
    let (session_id, token) = open_session(&mut tx, &account, device).await?;
    let signed_in = SignedIn::of(&mut tx, &signer, account, session_id, token).await?;
    tx.commit().await?;

    info!(user.id = %signed_in.account.user_id, session.id = %session_id, "signed in");
    Ok(Proved::SignedIn(Box::new(signed_in)))
}

async fn owe_second_factor(
    mut tx: Tx,
    user_id: UserId,
    device: Option<&str>,
) -> Result<Proved, Error> {
    let (token, expires_at) = (OpaqueToken::mint(&mut rand::rng()), tx.now() + HALF);
    let half = HalfSignIn { user_id, device: device.map(str::to_owned) };
    half_sign_ins::insert(tx.conn(), &token.hash(), &half, expires_at).await?;
    tx.commit().await?;
    Ok(Proved::Half { token, expires_at })
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
pub(super) async fn welcome(app: &App, tx: &mut Tx, user_id: UserId) -> Result<Account, Error> {
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

pub(super) async fn open_session(
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
