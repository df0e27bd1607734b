//! Typed ids: a UUID that knows what it names.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid, Variant, Version};

/// The id of a `T`. Ids of different things do not mix, and they sort by age.
pub struct Id<T> {
    raw: Uuid,
    names: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Makes a new id (UUID version 7), later than every earlier one of this process.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a default would differ at every call")]
    pub fn new() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// Takes any UUID as the id of a `T`.
    #[must_use]
    pub const fn from_uuid(raw: Uuid) -> Self {
        Self { raw, names: PhantomData }
    }

    /// Makes the one id (UUID version 8) that belongs to `parts` within `namespace`.
    ///
    /// Whoever derives twice gets the same id, so a repeated event creates nothing twice.
    /// Derived ids do not sort by age.
    #[must_use]
    pub fn derived(namespace: &str, parts: &[&str]) -> Self {
        Self::from_uuid(Builder::from_custom_bytes(hash(namespace, parts)).into_uuid())
    }

    /// Makes the one id that belongs to `source` and `parts` within `namespace`: UUID version 7 with the moment of `source`,
    /// which must be one as well for that to mean anything. It sorts by that moment, not by when it was made.
    ///
    /// Whoever derives twice gets the same id, so what is done again after a restore has the names it had.
    #[must_use]
    pub fn derived_from<S>(source: Id<S>, namespace: &str, parts: &[&str]) -> Self {
        let source = source.as_uuid();
        let name = source.to_string();
        let mut bytes = hash(namespace, &[&[name.as_str()], parts].concat());
        bytes[..6].copy_from_slice(&source.as_bytes()[..6]);
        let id = Builder::from_bytes(bytes).with_version(Version::SortRand);
        Self::from_uuid(id.with_variant(Variant::RFC4122).into_uuid())
    }

    /// The UUID without its meaning.
    pub const fn as_uuid(&self) -> Uuid {
        self.raw
    }
}

fn hash(namespace: &str, parts: &[&str]) -> [u8; 16] {
    let mut whole = Sha256::new();
    // Each part is hashed first, so ["ab", "c"] and ["a", "bc"] stay different.
    whole.update(Sha256::digest(namespace));
    for part in parts {
        whole.update(Sha256::digest(part));
    }
    let hash: [u8; 32] = whole.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes
}

// Written by hand, because a derive would ask the same of `T`.

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.raw.cmp(&other.raw)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.raw.as_hyphenated(), f)
    }
}

impl<T> FromStr for Id<T> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::from_uuid)
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::from_uuid)
    }
}
