//! When signing keys take turns.

use jiff::{SignedDuration, Timestamp};

use super::session::forget_at;

/// A key is published so long before it signs, so that nobody meets a token whose key they have not heard of. Clients
/// keep the published keys for five minutes.
const AHEAD: SignedDuration = SignedDuration::from_mins(6);

/// A signing key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// The public half, base64url.
    pub x: String,
    /// The private half, sealed.
    pub sealed: String,
    /// From here on it signs.
    pub not_before: Timestamp,
    /// From here on nothing signed with it is valid.
    pub retires_at: Option<Timestamp>,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// There is no key: the first signs at once.
    First,
    /// The newest key goes on.
    Same,
    /// The next key is due.
    Next,
}

/// Whose turn it is, if the newest key signs since `newest` and keys are used for `life`.
pub fn turn(newest: Option<Timestamp>, life: SignedDuration, now: Timestamp) -> Turn {
    match newest {
        None => Turn::First,
        Some(since) if since + life <= now => Turn::Next,
        Some(_) => Turn::Same,
    }
}

/// When a key that is published now begins to sign.
pub fn takes_over_at(now: Timestamp) -> Timestamp {
    now + AHEAD
}

/// When the key before the one that takes over at `next` is worthless. A replica's clock may be off by a minute.
pub fn retires_at(next: Timestamp) -> Timestamp {
    forget_at(next) + SignedDuration::from_mins(1)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Turn, retires_at, takes_over_at, turn};

    #[test]
    fn keys_take_turns_and_overlap() {
        let life = SignedDuration::from_hours(24 * 30);
        let start = Timestamp::from_second(1_800_000_000).unwrap();
        assert_eq!(turn(None, life, start), Turn::First);
        assert_eq!(
            turn(Some(start), life, start + life - SignedDuration::from_secs(1)),
            Turn::Same
        );
        assert_eq!(turn(Some(start), life, start + life), Turn::Next);

        let next = takes_over_at(start + life);
        assert!(next >= start + life + SignedDuration::from_mins(5));
        assert!(retires_at(next) >= next + SignedDuration::from_mins(11));
        assert_eq!(turn(Some(next), life, start + life), Turn::Same);
    }
}
