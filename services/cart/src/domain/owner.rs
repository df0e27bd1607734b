//! Whose cart it is.

use kernel::UserId;
use sha2::{Digest, Sha256};

/// The public name of a cart: a user's id, or the fingerprint of a guest's token, never the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner(String);

impl Owner {
    /// A signed-in user's.
    pub fn user(user: UserId) -> Self {
        Self(user.to_string())
    }

    /// A guest's.
    pub fn guest(token: &str) -> Self {
        Self(format!("guest-{}", hex::encode(Sha256::digest(token.as_bytes()))))
    }

    pub fn name(&self) -> &str {
        &self.0
    }
}
