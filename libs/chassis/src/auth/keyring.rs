//! The public keys and revocations a replica has heard of.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use contracts::user::{KeyPublished, SessionRevoked};
use jiff::Timestamp;
use jsonwebtoken::DecodingKey;
use kernel::{Clock, SessionId};
use tokio::sync::watch;

use super::token::{self, Claims, TokenError};
use crate::listeners::Overhear;
use crate::record::Meta;

#[derive(Debug, Default)]
struct Known {
    keys: HashMap<String, (DecodingKey, Option<Timestamp>)>,
    /// The last version heard of each key, so that an old one that comes again changes nothing.
    versions: HashMap<String, i64>,
    revoked: HashMap<SessionId, Timestamp>,
}

/// Verifies access tokens without asking anybody.
#[derive(Debug, Clone)]
pub struct Keyring {
    known: Arc<RwLock<Known>>,
    clock: Arc<dyn Clock>,
    caught_up: Option<watch::Receiver<bool>>,
}

impl Keyring {
    /// A keyring that knows nobody yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { known: Arc::default(), clock, caught_up: None }
    }

    /// The same keyring for a door that is open before every key and revocation has been read.
    #[must_use]
    pub(crate) fn once(&self, caught_up: watch::Receiver<bool>) -> Self {
        Self { caught_up: Some(caught_up), ..self.clone() }
    }

    /// Trusts a key until `retires_at`.
    pub fn trust(&self, kid: &str, x: &str, retires_at: Option<Timestamp>) {
        match DecodingKey::from_ed_components(x) {
            Ok(key) => {
                let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                known.keys.insert(kid.to_owned(), (key, retires_at));
            }
            Err(error) => tracing::error!(kid, %error, "a published key is not an Ed25519 key"),
        }
    }

    /// Whether this key was overheard: then the others hear of it, too.
    #[must_use]
    pub fn has_heard_of(&self, kid: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).versions.contains_key(kid)
    }

    /// Stops believing a session's tokens.
    pub fn revoke(&self, session: SessionId, forget_at: Timestamp) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        known.revoked.retain(|_, until| *until > now);
        known.revoked.insert(session, forget_at);
    }

    /// The claims of a token that can be believed now.
    pub fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        let kid = token::kid(token)?;
        if self.caught_up.as_ref().is_some_and(|up| !*up.borrow()) {
            return Err(TokenError::TooEarly);
        }
        let now = self.clock.now();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let (key, retires_at) = known.keys.get(&kid).ok_or(TokenError::UnknownKey)?;
        if retires_at.is_some_and(|at| at < now) {
            return Err(TokenError::UnknownKey);
        }
        let claims = token::verify(token, key, now)?;
        if known.revoked.contains_key(&claims.sid) {
            return Err(TokenError::Revoked);
        }
        Ok(claims)
    }
}

impl Overhear<KeyPublished> for Keyring {
    fn overhear(&self, state: Option<KeyPublished>, meta: &Meta) {
        {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            let last = known.versions.entry(meta.key.clone()).or_default();
            if meta.version <= *last {
                return;
            }
            *last = meta.version;
        }
        if let Some(key) = state {
            self.trust(&key.kid, &key.x, key.retires_at);
        } else {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.keys.remove(&meta.key);
        }
    }
}

impl Overhear<SessionRevoked> for Keyring {
    fn overhear(&self, state: Option<SessionRevoked>, _meta: &Meta) {
        if let Some(revoked) = state {
            self.revoke(revoked.session_id, revoked.forget_at);
        }
    }
}
