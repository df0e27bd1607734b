//! A word that stands for something personal or secret, and where it may be found.

use contracts::topics;
use kernel::EventId;

/// Something that nobody else may read.
#[derive(Debug, Clone)]
pub struct Mark {
    /// What it is, for people.
    pub what: &'static str,
    pub word: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Personal data, which one topic is made for.
    Contact,
    /// Nobody's to read anywhere.
    Secret,
    /// A secret of six digits, which may be part of something harmless.
    Code,
}

impl Mark {
    /// Part of how somebody can be reached.
    pub fn contact(what: &'static str, word: &str) -> Self {
        Self { what, word: word.to_owned(), kind: Kind::Contact }
    }

    /// A token, a link, a number of an account.
    pub fn secret(what: &'static str, word: &str) -> Self {
        Self { what, word: word.to_owned(), kind: Kind::Secret }
    }

    pub fn code(word: &str) -> Self {
        Self { what: "a sign-in code", word: word.to_owned(), kind: Kind::Code }
    }

    /// Whether it may stand on this topic.
    pub fn may_stand_on(&self, topic: &str) -> bool {
        self.kind == Kind::Contact && topic == topics::USER_CONTACT_STATE.name
    }

    pub fn stands_in(&self, text: &str) -> bool {
        let mut places = text.match_indices(&self.word);
        match self.kind {
            Kind::Contact | Kind::Secret => places.next().is_some(),
            Kind::Code => places.any(|(at, _)| is_a_code(text, at, self.word.len())),
        }
    }
}

/// Six digits may also be part of a number or of an id, or a number that is measured, like `"bytes":123456`.
fn is_a_code(text: &str, at: usize, len: usize) -> bool {
    let (before, after) = (&text[..at], &text[at + len..]);
    let joined = |c: char| c.is_alphanumeric() || c == '.' || c == '-';
    let name = before.strip_suffix("\":").and_then(|before| before.rsplit('"').next());
    let measured = name.is_some_and(|name| !name.contains("code") && !name.contains("otp"));
    !measured && !before.ends_with(joined) && !after.starts_with(|c: char| c.is_alphanumeric())
}

/// So many random digits, the first of them not 0.
pub fn digits(many: usize) -> String {
    let random = EventId::new().as_uuid().as_u128() << 64 >> 64;
    let digits = format!("{random:0>20}").chars().rev().collect::<String>();
    format!("5{}", &digits[..many - 1])
}

pub fn capitals(many: usize) -> String {
    let random = EventId::new().as_uuid();
    random.as_bytes()[8..].iter().take(many).map(|byte| char::from(b'A' + byte % 26)).collect()
}

#[test]
fn a_code_is_told_from_a_number() {
    let code = Mark::code("204518");
    for leak in ["your code 204518", r#"{"code":"204518"}"#, r#"{"code":204518}"#, "otp=204518."] {
        assert!(code.stands_in(leak), "{leak}");
    }
    for harmless in ["5204518", "0.204518", "204518Z", r#"{"bytes":204518}"#, "a204518f"] {
        assert!(!code.stands_in(harmless), "{harmless}");
    }
}
