//! Notes: up to fifteen pairs of text that travel with an order, payment or refund.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refused::Refused;

const MAX_PAIRS: usize = 15;
const MAX_CHARS: usize = 256;

/// The caller's own pairs, kept and given back unread.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes(BTreeMap<String, String>);

impl Notes {
    /// Reads `{"key": "text"}`, `[]`, `null` or nothing.
    pub fn parse(value: Option<Value>) -> Result<Self, Refused> {
        let pairs = match value {
            None | Some(Value::Null) => return Ok(Self::default()),
            Some(Value::Array(items)) if items.is_empty() => return Ok(Self::default()),
            Some(Value::Object(pairs)) => pairs,
            Some(Value::Array(_) | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                return Err(Refused::input("notes", "notes must be an object"));
            }
        };
        if pairs.len() > MAX_PAIRS {
            return Err(Refused::input("notes", "notes must have at most 15 pairs"));
        }
        pairs
            .into_iter()
            .map(|(key, value)| Ok((short(key)?, short(text(&value)?)?)))
            .collect::<Result<_, Refused>>()
            .map(Self)
    }

    /// The notes as the API shows them: `[]` when there are none.
    pub fn to_json(&self) -> Value {
        if self.0.is_empty() { json!([]) } else { json!(self.0) }
    }
}

fn text(value: &Value) -> Result<String, Refused> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(Refused::input("notes", "a note must be text"))
        }
    }
}

fn short(text: String) -> Result<String, Refused> {
    if text.chars().count() > MAX_CHARS {
        return Err(Refused::input("notes", "a note must have at most 256 characters"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_notes_are_an_empty_list() {
        for nothing in [None, Some(Value::Null), Some(json!([])), Some(json!({}))] {
            assert_eq!(Notes::parse(nothing).unwrap().to_json(), json!([]));
        }
    }

    #[test]
    fn pairs_come_back_as_they_went_in() {
        let pairs = json!({"checkout": "0193", "seller": "2"});
        assert_eq!(Notes::parse(Some(pairs.clone())).unwrap().to_json(), pairs);
    }

    #[test]
    fn too_many_too_long_or_nested_notes_are_refused() {
        let many: BTreeMap<String, String> =
            (0..16).map(|n| (n.to_string(), String::new())).collect();
        for bad in [json!(many), json!({"a": "x".repeat(257)}), json!({"a": {}}), json!("a")] {
            assert!(Notes::parse(Some(bad)).is_err());
        }
    }
}
