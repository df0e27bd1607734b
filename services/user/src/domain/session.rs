//! Sessions and their refresh tokens: how long they live, and what a token that comes back means.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use kernel::{SessionId, UserId};
use rand::{CryptoRng, Rng};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Rights;

/// How long an access token lives.
pub const ACCESS: SignedDuration = SignedDuration::from_mins(10);
/// By how much verifiers' clocks may be off.
const LEEWAY: SignedDuration = SignedDuration::from_mins(1);
/// So long after its exchange a refresh token is answered with the same successor: the first answer may have been
/// lost, and two tabs may have asked at once.
const GRACE: SignedDuration = SignedDuration::from_secs(20);

/// When nobody believes any more in a token that was issued until `now`.
pub fn forget_at(now: Timestamp) -> Timestamp {
    now + ACCESS + LEEWAY
}

/// Of a session that was over before this, nobody believes an access token any more.
pub fn forgotten_before(now: Timestamp) -> Timestamp {
    now - ACCESS - LEEWAY
}

/// How long a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    idle: SignedDuration,
    whole: SignedDuration,
}

impl Life {
    /// 30 days after the last use and 90 days in all; for staff one working day.
    pub fn of(rights: &Rights) -> Self {
        if rights.is_staff() {
            let day = SignedDuration::from_hours(8);
            return Self { idle: day, whole: day };
        }
        Self {
            idle: SignedDuration::from_hours(24 * 30),
            whole: SignedDuration::from_hours(24 * 90),
        }
    }

    /// How long a session goes on that is not used.
    pub fn idle(self) -> SignedDuration {
        self.idle
    }

    /// When a session that is used `now` is over.
    pub fn expires_at(self, started_at: Timestamp, now: Timestamp) -> Timestamp {
        (now + self.idle).min(started_at + self.whole)
    }
}

/// A token that says nothing: 256 random bits. Only its hash is kept.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct OpaqueToken(String);

/// The token that is exchanged for the next access token.
pub type RefreshToken = OpaqueToken;

impl OpaqueToken {
    pub fn mint(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        Self(URL_SAFE_NO_PAD.encode(rng.random::<[u8; 32]>()))
    }

    /// One that somebody brings; whether it is any good is seen by its hash.
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// One that was sealed by us.
    pub fn opened(text: Vec<u8>) -> Option<Self> {
        String::from_utf8(text).ok().map(Self)
    }

    /// The text that the client keeps.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpaqueToken(..)")
    }
}

/// The exchange of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    pub at: Timestamp,
    /// For which token, sealed.
    pub successor: String,
}

/// A refresh token that came back, with its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The session, which is the token's family.
    pub session_id: SessionId,
    pub user_id: UserId,
    /// When the session began.
    pub started_at: Timestamp,
    /// When the session was ended.
    pub ended_at: Option<Timestamp>,
    /// When the token is over.
    pub expires_at: Timestamp,
    /// Whether it was exchanged before.
    pub spent: Option<Spent>,
}

/// What a refresh token that came back means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// Exchange it.
    Rotate,
    /// Answer once more with the same successor.
    Repeat(&'a str),
    /// Two parties hold it: the session ends.
    Reused,
    /// Nothing comes of it.
    Over,
}

impl Presented {
    pub fn judge(&self, now: Timestamp) -> Verdict<'_> {
        if self.ended_at.is_some() {
            return Verdict::Over;
        }
        match &self.spent {
            Some(spent) if now < spent.at + GRACE => Verdict::Repeat(&spent.successor),
            // Even long after its own time: its family lives on.
            Some(_) => Verdict::Reused,
            None if self.expires_at <= now => Verdict::Over,
            None => Verdict::Rotate,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use kernel::{SessionId, UserId};

    use super::{Life, Presented, RefreshToken, Spent, Verdict};
    use crate::domain::Rights;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn token(spent: Option<i64>, ended: Option<i64>) -> Presented {
        Presented {
            session_id: SessionId::new(),
            user_id: UserId::new(),
            started_at: at(0),
            ended_at: ended.map(at),
            expires_at: at(1000),
            spent: spent.map(|s| Spent { at: at(s), successor: "next".into() }),
        }
    }

    #[test]
    fn a_token_is_exchanged_once_repeated_in_the_grace_and_then_a_theft() {
        assert_eq!(token(None, None).judge(at(999)), Verdict::Rotate);
        assert_eq!(token(None, None).judge(at(1000)), Verdict::Over);
        assert_eq!(token(Some(100), None).judge(at(119)), Verdict::Repeat("next"));
        assert_eq!(token(Some(100), None).judge(at(120)), Verdict::Reused);
        assert_eq!(token(Some(100), None).judge(at(5000)), Verdict::Reused);
        assert_eq!(token(None, Some(50)).judge(at(60)), Verdict::Over);
        assert_eq!(token(Some(100), Some(130)).judge(at(131)), Verdict::Over);
    }

    #[test]
    fn a_session_slides_until_its_whole_life_is_over_and_staff_have_a_day() {
        let day = SignedDuration::from_hours(24);
        let buyer = Life::of(&Rights::default());
        assert_eq!(buyer.expires_at(at(0), at(0)), at(0) + day * 30);
        assert_eq!(buyer.expires_at(at(0), at(0) + day * 80), at(0) + day * 90);
        let staff = Life::of(&Rights::staff(&["look"]));
        let hour = SignedDuration::from_hours(1);
        assert_eq!(staff.expires_at(at(0), at(0) + hour * 7), at(0) + hour * 8);
    }

    #[test]
    fn refresh_tokens_have_256_bits_and_do_not_show_in_logs() {
        let token = RefreshToken::mint(&mut rand::rng());
        assert_eq!(token.as_str().len(), 43);
        assert!(!format!("{token:?}").contains(token.as_str()));
        assert_ne!(token, RefreshToken::mint(&mut rand::rng()));
    }
}
