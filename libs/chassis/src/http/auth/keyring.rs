//! The public keys, revocations and new memberships a replica has heard of.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use contracts::user::{KeyPublished, SessionRevoked};
use contracts::vendor::VendorChanged;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::DecodingKey;
use kernel::{Clock, SessionId, UserId, VendorId};
use tokio::sync::{Semaphore, watch};

use super::token::{self, Claims, TokenError};
use crate::events::record::Meta;
use crate::events::subscriptions::{InMemoryProjection, Subscriptions};
use crate::http::young;

/// How long a token may be ignorant of what changed since it was issued: its life and what clocks may be off.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How many requests may wait at once for a membership to be heard of.
const WAITING: usize = 32;

/// Who acts for a seller, as it changed while tokens live that do not know.
#[derive(Debug)]
struct Membership {
    version: i64,
    changed_at: Timestamp,
    members: Vec<UserId>,
}

#[derive(Debug, Default)]
struct Known {
    keys: HashMap<String, (DecodingKey, Option<Timestamp>)>,
    /// The last version heard of each key, so that an old one that comes again changes nothing.
    versions: HashMap<String, i64>,
    revoked: HashMap<SessionId, Timestamp>,
    sellers: HashMap<VendorId, Membership>,
}

/// Verifies access tokens without asking anybody.
#[derive(Debug, Clone)]
pub struct Keyring {
    known: Arc<RwLock<Known>>,
    clock: Arc<dyn Clock>,
    caught_up: Option<watch::Receiver<bool>>,
    joined: watch::Sender<()>,
    waiting: Option<Arc<Semaphore>>,
}

impl Keyring {
    /// A keyring that knows nobody yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            known: Arc::default(),
            clock,
            caught_up: None,
            joined: watch::Sender::default(),
            waiting: None,
        }
    }

    /// The same keyring for a door that is open before everything has been read, and while it is still being told.
    #[must_use]
    pub fn once(&self, caught_up: watch::Receiver<bool>) -> Self {
        let waiting = Some(Arc::new(Semaphore::new(WAITING)));
        Self { caught_up: Some(caught_up), waiting, ..self.clone() }
    }

    /// What every service hears, whatever it does.
    #[must_use]
    pub fn subscriptions() -> Subscriptions<Self> {
        Subscriptions::default()
            .in_memory::<KeyPublished>()
            .in_memory::<SessionRevoked>()
            .in_memory::<VendorChanged>()
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

impl Keyring {
    /// The sellers `user` acts for: those of their token, corrected by what changed since tokens like it were issued.
    pub(crate) fn sellers_of(&self, user: UserId, mut told: Vec<VendorId>) -> Vec<VendorId> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        for (seller, membership) in &known.sellers {
            told.retain(|id| id != seller);
            if membership.members.contains(&user) {
                told.push(*seller);
            }
        }
        told
    }

    /// Whether `user` acts for a seller that is so young that its news may still be on their way: waits for them.
    pub(crate) async fn joins(&self, user: UserId, seller: VendorId) -> bool {
        let Some(Ok(_place)) = self.waiting.as_ref().map(|waiting| waiting.try_acquire()) else {
            return false;
        };
        let mut joined = self.joined.subscribe();
        let heard = async {
            while !self.sellers_of(user, Vec::new()).contains(&seller) {
                if joined.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(young::PATIENCE, heard).await.is_ok()
    }
}

impl InMemoryProjection<VendorChanged> for Keyring {
    fn apply(&self, state: Option<VendorChanged>, meta: &Meta) {
        let forgotten = self.clock.now() - TOKEN_LIFE;
        let Ok(seller) = meta.key.parse() else { return };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.sellers.retain(|_, membership| membership.changed_at > forgotten);
        let older = known.sellers.get(&seller).is_none_or(|known| known.version < meta.version);
        if older && meta.time > forgotten {
            let members = state.map(|vendor| vendor.members).unwrap_or_default();
            let (version, changed_at) = (meta.version, meta.time);
            known.sellers.insert(seller, Membership { version, changed_at, members });
            self.joined.send_replace(());
        }
    }
}

impl InMemoryProjection<KeyPublished> for Keyring {
    fn apply(&self, state: Option<KeyPublished>, meta: &Meta) {
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

impl InMemoryProjection<SessionRevoked> for Keyring {
    fn apply(&self, state: Option<SessionRevoked>, _meta: &Meta) {
        if let Some(revoked) = state {
            self.revoke(revoked.session_id, revoked.forget_at);
        }
    }
}
