//! Codes on paper, for when the app is lost.

use std::fmt;

use rand::{CryptoRng, Rng};
use serde::Deserialize;
use serde::de::Error as _;
use sha2::{Digest, Sha256};

use super::Code;

/// How many are made at once.
pub const RECOVERY_CODES: usize = 10;
/// Letters and digits that are not taken for one another (RFC 4648).
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// 24 of them are 120 bits: too many to guess from a hash.
const LENGTH: usize = 24;

/// A code that is good once, in place of the app's.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    pub fn mint(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let letter = |_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())]);
        Self((0..LENGTH).map(letter).collect())
    }

    /// Reads one as people type it: in small letters, with or without its hyphens.
    pub fn parse(raw: &str) -> Option<Self> {
        let typed = raw.chars().filter(|c| !matches!(c, '-' | ' '));
        let code: String = typed.map(|c| c.to_ascii_uppercase()).take(LENGTH + 1).collect();
        let is_ours = code.len() == LENGTH && code.bytes().all(|b| ALPHABET.contains(&b));
        is_ours.then_some(Self(code))
    }

    /// As it is shown: six groups of four.
    pub fn shown(&self) -> String {
        let groups: Vec<_> =
            (0..LENGTH).step_by(4).filter_map(|at| self.0.get(at..at + 4)).collect();
        groups.join("-")
    }

    /// What is kept of it.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

/// What somebody shows as their second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondCode {
    /// What the app shows.
    App(Code),
    /// One of the codes on paper.
    Recovery(RecoveryCode),
}

impl<'de> Deserialize<'de> for SecondCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        let app = Code::parse(&raw).ok().map(Self::App);
        app.or_else(|| RecoveryCode::parse(&raw).map(Self::Recovery)).ok_or_else(|| {
            D::Error::custom("code: must be the app's six digits, or a recovery code")
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{RecoveryCode, SecondCode};

    #[test]
    fn a_recovery_code_is_read_as_people_type_it() {
        let code = RecoveryCode::mint(&mut rand::rng());
        let shown = code.shown();
        assert_eq!((shown.len(), shown.split('-').count()), (29, 6));
        for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', " ")] {
            assert_eq!(RecoveryCode::parse(&typed).as_ref(), Some(&code), "{typed}");
        }
        assert_eq!(RecoveryCode::parse(&format!("{shown}A")), None);
        assert_eq!(RecoveryCode::parse(&shown.replacen(&shown[..1], "0", 1)), None);
        assert!(!format!("{code:?}").contains(&shown[..4]));
    }

    #[test]
    fn a_second_code_is_six_digits_or_a_recovery_code() {
        let read = |raw: &str| serde_json::from_value::<SecondCode>(json!(raw));
        assert!(matches!(read("123456").unwrap(), SecondCode::App(_)));
        let paper = RecoveryCode::mint(&mut rand::rng());
        assert_eq!(read(&paper.shown()).unwrap(), SecondCode::Recovery(paper));
        for raw in ["", "12345", "1234567", "AAAA-BBBB", "１２３４５６"] {
            assert!(read(raw).unwrap_err().to_string().starts_with("code: "), "{raw}");
        }
    }
}
