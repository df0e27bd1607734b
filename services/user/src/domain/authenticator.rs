//! The second factor: an app that shows a code every half minute (RFC 6238).

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use kernel::EmailAddress;
use rand::{CryptoRng, Rng};
use totp_rs::{Builder, Totp, TotpError};

use super::Code;

/// So many wrong codes in a row are the owner's; after more of them none is looked at for a while.
const FREE: i32 = 10;
/// So long a second factor counts as just shown.
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// Seconds for which a code is shown.
const STEP: i64 = 30;

/// The secret that an app shares.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// A new one of 160 bits, which RFC 4226 advises.
    pub fn mint(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        Self(rng.random::<[u8; 20]>().to_vec())
    }

    /// One that was sealed by us.
    pub fn opened(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// How people type it, and what a QR code says: the secret in Base32, and its `otpauth` URL.
    pub fn shown_to(&self, owner: &EmailAddress) -> Result<(String, String), TotpError> {
        let named = Builder::new().with_issuer(Some("Mall")).with_account_name(owner.as_str());
        let totp = named.with_secret(self.0.clone()).build()?;
        Ok((totp.secret().to_base32(), totp.to_url()?))
    }

    /// The half minute that `code` stands for: this one, the one before, or none.
    fn step_of(&self, code: &Code, now: Timestamp) -> Result<Option<i64>, TotpError> {
        let totp: Totp = Builder::new().with_skew(0).with_secret(self.0.clone()).build()?;
        let shown = |at: i64| totp.check(code.as_str(), at.try_into().ok()?);
        let step = shown(now.as_second()).or_else(|| shown(now.as_second() - STEP));
        Ok(step.and_then(|step| step.try_into().ok()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// An account's app.
#[derive(Debug, Clone)]
pub struct Authenticator {
    pub secret: Secret,
    /// Since when its codes are asked for.
    pub confirmed_at: Option<Timestamp>,
    /// The half minute of the last code that was taken.
    pub last_step: Option<i64>,
    /// Wrong codes in a row.
    pub failures: i32,
    /// Until when no code is looked at.
    pub locked_until: Option<Timestamp>,
}

impl Authenticator {
    /// For how many seconds no code is looked at.
    pub fn locked_for_s(&self, now: Timestamp) -> Option<u32> {
        let left = self.locked_until?.as_second() - now.as_second();
        u32::try_from(left).ok().filter(|left| *left > 0)
    }

    /// Takes a code of the app, once. Returns whether it was right.
    pub fn take(&mut self, code: &Code, now: Timestamp) -> Result<bool, TotpError> {
        let step = self.secret.step_of(code, now)?;
        let is_new = step > self.last_step;
        if is_new {
            self.last_step = step;
        }
        Ok(is_new)
    }

    /// Counts a code that was right, or one more that was wrong: after ten each wait is twice the one before, from half
    /// a minute to an hour.
    pub fn count(&mut self, is_right: bool, now: Timestamp) {
        if is_right {
            (self.failures, self.locked_until) = (0, None);
            return;
        }
        self.failures += 1;
        if let Ok(doublings) = u32::try_from(self.failures - FREE) {
            let wait = 30_i64.saturating_mul(1 << doublings.min(7)).min(3600);
            self.locked_until = Some(now + SignedDuration::from_secs(wait));
        }
    }
}

/// Whether a second factor that was shown then still counts as just shown.
pub fn is_fresh(shown_at: Option<Timestamp>, now: Timestamp) -> bool {
    shown_at.is_some_and(|at| now < at + FRESH)
}

#[cfg(test)]
mod tests;
