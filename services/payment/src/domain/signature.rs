//! Tells a webhook of the provider from anybody else's: by an HMAC over its bytes, compared in constant time.

use std::fmt;

use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The secrets that webhooks may be signed with.
pub struct Secrets {
    keyed: Vec<Hmac<Sha256>>,
}

/// Why secrets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadSecret {
    /// Anybody could sign with it.
    #[error("a secret is empty")]
    Empty,
    /// It cannot be a key.
    #[error("a secret cannot be a key")]
    Length(#[from] InvalidLength),
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Secrets").field(&self.keyed.len()).finish()
    }
}

impl Secrets {
    /// The current secret, and the one before it while its signatures may still come.
    pub fn try_new(
        current: &SecretString,
        previous: Option<&SecretString>,
    ) -> Result<Self, BadSecret> {
        let keyed = std::iter::once(current).chain(previous).map(|secret| {
            let secret = secret.expose_secret();
            if secret.is_empty() {
                return Err(BadSecret::Empty);
            }
            Ok(Hmac::new_from_slice(secret.as_bytes())?)
        });
        Ok(Self { keyed: keyed.collect::<Result<_, _>>()? })
    }

    /// Whether `signature`, in hexadecimal, was made over exactly these bytes.
    pub fn signed(&self, body: &[u8], signature: &str) -> bool {
        let Ok(signature) = hex::decode(signature) else { return false };
        self.keyed.iter().any(|keyed| {
            let mut keyed = keyed.clone();
            keyed.update(body);
            keyed.verify_slice(&signature).is_ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"a":1,"b":2,"c":{"d":3}}"#;
    const SIGNATURE: &str = "2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc";

    fn secrets(current: &str, previous: Option<&str>) -> Secrets {
        let previous = previous.map(SecretString::from);
        Secrets::try_new(&current.into(), previous.as_ref()).unwrap()
    }

    #[test]
    fn the_published_examples_hold() {
        assert!(secrets("123456", None).signed(BODY, SIGNATURE));
        assert!(!secrets("1234567", None).signed(BODY, SIGNATURE));
        let spaced = br#"{"a": 1, "b": 2, "c": {"d": 3}}"#;
        assert!(!secrets("123456", None).signed(spaced, SIGNATURE));
        let utf8 = "{\"event\":\"payment.captured\",\"payload\":{\"payment\":{\"entity\":{\"id\":\"pay_T2\",\
                    \"amount\":100,\"description\":\"茶葉 ☕ चाय\"}}}}";
        let signature = "be66ebe0eff1478db364cd3227e0dab0388678de2f5c2203dcf0ea09014326a2";
        assert!(secrets("whsec_test_0001", None).signed(utf8.as_bytes(), signature));
    }

    #[test]
    fn the_previous_secret_counts_while_it_is_named() {
        assert!(secrets("new", Some("123456")).signed(BODY, SIGNATURE));
        assert!(!secrets("new", None).signed(BODY, SIGNATURE));
    }

    #[test]
    fn part_of_a_signature_is_none() {
        for part in ["", "2f", &SIGNATURE[..62], "zz", "2fe04e2", &format!("{SIGNATURE}00")] {
            assert!(!secrets("123456", None).signed(BODY, part), "{part}");
        }
        let bom = [b"\xef\xbb\xbf", BODY].concat();
        assert!(!secrets("123456", None).signed(&bom, SIGNATURE));
    }

    #[test]
    fn an_empty_secret_is_refused() {
        assert!(Secrets::try_new(&"".into(), None).is_err());
        assert!(Secrets::try_new(&"x".into(), Some(&"".into())).is_err());
    }
}
