//! What somebody who is signed in holds: an access token and a refresh token.

use chassis::Tx;
use chassis::auth::token::{AUDIENCE, ISSUER};
use chassis::auth::{Claims, Signer};
use jiff::Timestamp;
use kernel::{EventId, SessionId, VendorId};

use crate::App;
use crate::domain::{ACCESS, Account, RefreshToken};
use crate::error::Error;
use crate::store::{sessions, vendors};

#[derive(Debug)]
pub struct SignedIn {
    pub access_token: String,
    pub refresh_token: RefreshToken,
    pub account: Account,
    pub vendors: Vec<VendorId>,
}

impl SignedIn {
    pub async fn of(
        tx: &mut Tx,
        signer: &Signer,
        account: Account,
        session_id: SessionId,
        refresh_token: RefreshToken,
    ) -> Result<Self, Error> {
        let vendors = vendors::list_of(tx.conn(), account.user_id).await?;
        let shown_at = sessions::find_second_factor(tx.conn(), session_id).await?;
        let mfa = shown_at.map(|at| at.as_second());
        let claims = Claims { mfa, ..claims(&account, session_id, vendors.clone(), tx.now()) };
        Ok(Self { access_token: signer.sign(&claims)?, refresh_token, account, vendors })
    }
}

fn claims(
    account: &Account,
    session_id: SessionId,
    vendors: Vec<VendorId>,
    now: Timestamp,
) -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: account.user_id,
        sid: session_id,
        jti: EventId::new().to_string(),
        iat: now.as_second(),
        nbf: now.as_second(),
        exp: (now + ACCESS).as_second(),
        roles: account.rights.roles(),
        perms: account.rights.permissions(),
        vendors,
        mfa: None,
    }
}

/// Seals the successor of a refresh token, for as long as the answer may have to be repeated.
pub fn seal_successor(app: &App, hash: &[u8], next: &RefreshToken) -> Result<String, Error> {
    Ok(app.settings.own_seal.seal(next.as_str().as_bytes(), &hex::encode(hash))?)
}

pub fn open_successor(app: &App, hash: &[u8], sealed: &str) -> Result<RefreshToken, Error> {
    let text = app.settings.own_seal.open(sealed, &hex::encode(hash))?;
    RefreshToken::opened(text).ok_or(Error::Sealed(chassis::seal::SealError))
}
