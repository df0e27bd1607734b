//! Events that name a row: the speaker has it, because it changed it, or a hearer has it, because it acted.

use std::sync::LazyLock;

use serde_json::Value;
use uuid::Uuid;

/// Whose row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The speaker's.
    Said,
    /// A hearer's.
    Heard,
}

/// One kind of event, and the row that it names.
#[derive(Debug, Clone, Copy)]
pub struct Fact {
    /// The event.
    pub event: &'static str,
    /// Where in it the id stands; `*` stands for every element of a list.
    pub path: &'static str,
    /// Whose row.
    pub side: Side,
    /// Which service.
    pub service: &'static str,
    /// Which table.
    pub table: &'static str,
    /// Which column.
    pub column: &'static str,
}

/// Every such event.
pub static ALL: LazyLock<Vec<Fact>> =
    LazyLock::new(|| include_str!("facts.txt").lines().filter_map(fact).collect());

/// The fact in a line of the table, if it is no remark.
fn fact(line: &'static str) -> Option<Fact> {
    let mut words = line.split_whitespace();
    let side = match words.next()? {
        "said" => Side::Said,
        "heard" => Side::Heard,
        _ => return None,
    };
    let mut word = || words.next();
    let (event, path) = (word()?, word()?);
    Some(Fact { event, path, side, service: word()?, table: word()?, column: word()? })
}

/// The ids that stand at `path`.
pub fn ids(value: &Value, path: &str) -> Vec<Uuid> {
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let inside: Vec<&Value> = match step {
        "*" => value.as_array().into_iter().flatten().collect(),
        name => value.get(name).into_iter().collect(),
    };
    if rest.is_empty() {
        return inside.into_iter().filter_map(|v| v.as_str()?.parse().ok()).collect();
    }
    inside.into_iter().flat_map(|v| ids(v, rest)).collect()
}

#[cfg(test)]
mod tests {
    use testkit::samples::published;

    use super::{ALL, ids};

    #[test]
    fn every_path_leads_to_an_id_in_the_golden_sample_of_its_event() {
        let rows = include_str!("facts.txt").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(rows.count(), ALL.len());
        for fact in ALL.iter() {
            assert!(!ids(&published(fact.event), fact.path).is_empty(), "{fact:?}");
        }
    }
}
