//! Links that open one document for one reader until they expire, and what vouches for them.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use kernel::{Id, InvoiceId, UserId, VendorId};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use strum::IntoStaticStr;
use uuid::Uuid;

/// Marks link ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkMark {}
/// Which link.
pub type LinkId = Id<LinkMark>;

const ID_BYTES: usize = 16;
const EXPIRY_BYTES: usize = 8;

/// For whom a link was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Audience {
    /// The buyer.
    User(UserId),
    /// The seller.
    Vendor(VendorId),
}

impl Audience {
    /// Who it is.
    pub fn id(&self) -> Uuid {
        match self {
            Self::User(id) => id.as_uuid(),
            Self::Vendor(id) => id.as_uuid(),
        }
    }
}

/// A link to one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// What it opens.
    pub invoice_id: InvoiceId,
    /// For whom.
    pub audience: Audience,
    /// From when on it opens nothing, in whole seconds.
    pub expires_at: Timestamp,
}

impl Link {
    /// A new link that is good for `life` from `now` on.
    #[must_use]
    pub fn new(
        invoice_id: InvoiceId,
        audience: Audience,
        now: Timestamp,
        life: SignedDuration,
    ) -> Self {
        let end = now.checked_add(life).unwrap_or(Timestamp::MAX);
        // A token carries seconds; what is kept has to be the same.
        let expires_at = Timestamp::from_second(end.as_second()).unwrap_or(end);
        Self { id: LinkId::new(), invoice_id, audience, expires_at }
    }

    /// Whether it opens nothing any more at `now`.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// What a token vouches for. Every part but the kind has a fixed length, and the kinds differ in their first byte,
    /// so no two links look alike.
    fn claim(&self, expiry: [u8; EXPIRY_BYTES]) -> Vec<u8> {
        let mut claim = Vec::with_capacity(64);
        claim.extend_from_slice(self.id.as_uuid().as_bytes());
        claim.extend_from_slice(self.invoice_id.as_uuid().as_bytes());
        claim.extend_from_slice(<&str>::from(self.audience).as_bytes());
        claim.extend_from_slice(self.audience.id().as_bytes());
        claim.extend_from_slice(&expiry);
        claim
    }
}

/// How often a link was used of late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Since when it is counted.
    pub since: Timestamp,
    /// How often since then.
    pub uses: i32,
}

impl Pace {
    /// A reader, two mail scanners and a nervous thumb together need less.
    const MOST: i32 = 30;
    const COUNTED_FOR: SignedDuration = SignedDuration::from_mins(1);

    /// The pace with one more use at `now`; `None` when that is one too many.
    #[must_use]
    pub fn with_use(before: Option<Self>, now: Timestamp) -> Option<Self> {
        match before.filter(|pace| now.duration_since(pace.since) < Self::COUNTED_FOR) {
            None => Some(Self { since: now, uses: 1 }),
            Some(pace) if pace.uses < Self::MOST => Some(Self { uses: pace.uses + 1, ..pace }),
            Some(_) => None,
        }
    }
}

/// What stands in a link's address: its id, its expiry and the proof that we made it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    id: LinkId,
    expiry: [u8; EXPIRY_BYTES],
    proof: Vec<u8>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Token").field(&self.id).finish()
    }
}

impl Token {
    /// Reads a token; whether it is genuine only [`LinkKey::vouches`] knows.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, rest) = bytes.split_at_checked(ID_BYTES)?;
        let (expiry, proof) = rest.split_at_checked(EXPIRY_BYTES)?;
        let id = LinkId::from_uuid(Uuid::from_slice(id).ok()?);
        Some(Self { id, expiry: expiry.try_into().ok()?, proof: proof.to_vec() })
    }

    /// Which link it claims to be.
    pub fn id(&self) -> LinkId {
        self.id
    }

    /// The text for an address.
    pub fn text(&self) -> String {
        let mut bytes = self.id.as_uuid().as_bytes().to_vec();
        bytes.extend_from_slice(&self.expiry);
        bytes.extend_from_slice(&self.proof);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// The secret that vouches for links.
#[derive(Debug)]
pub struct LinkKey(SecretString);

impl LinkKey {
    /// Takes the secret.
    #[must_use]
    pub fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    /// The token of `link`.
    pub fn token(&self, link: &Link) -> Token {
        let expiry = link.expires_at.as_second().to_be_bytes();
        let proof = self.mac(link, expiry).map(|mac| mac.finalize().into_bytes().to_vec());
        Token { id: link.id, expiry, proof: proof.unwrap_or_default() }
    }

    /// Whether `token` was made for `link` with this key. Takes equally long however much of it is right.
    pub fn vouches(&self, token: &Token, link: &Link) -> bool {
        let expiry = link.expires_at.as_second().to_be_bytes();
        let genuine =
            self.mac(link, token.expiry).is_some_and(|mac| mac.verify_slice(&token.proof).is_ok());
        genuine && token.id == link.id && token.expiry == expiry
    }

    /// HMAC takes keys of any length, so there always is one.
    fn mac(&self, link: &Link, expiry: [u8; EXPIRY_BYTES]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes()).ok()?;
        mac.update(&link.claim(expiry));
        Some(mac)
    }
}

#[cfg(test)]
mod tests;
