//! Reads the shared test vectors.

use serde_json::Value;

/// One test vector.
pub struct Case {
    pub id: String,
    pub input: Value,
    pub expected: Value,
}

impl Case {
    /// The input, when it is a text.
    pub fn text(&self) -> &str {
        self.input.as_str().unwrap()
    }

    /// A whole number of the input.
    pub fn number(&self, key: &str) -> i64 {
        self.input[key].as_i64().unwrap_or_else(|| panic!("{}: no {key}", self.id))
    }

    /// A yes or no of the input.
    pub fn flag(&self, key: &str) -> bool {
        self.input[key].as_bool().unwrap_or_else(|| panic!("{}: no {key}", self.id))
    }

    /// Whether the input should be accepted.
    pub fn is_valid(&self) -> bool {
        let expected = &self.expected;
        expected.get("valid").or(expected.get("format_valid")).unwrap().as_bool().unwrap()
    }
}

/// Runs `check` over every case of `area`, and insists that there are some.
pub fn each(area: &str, mut check: impl FnMut(&Case)) {
    let file: Value = serde_json::from_str(include_str!("../vectors.json")).unwrap();
    let mut count = 0;
    for vector in file["vectors"].as_array().unwrap() {
        if vector["area"] == area {
            check(&Case {
                id: vector["id"].as_str().unwrap().to_owned(),
                input: vector["input"].clone(),
                expected: vector["expected"].clone(),
            });
            count += 1;
        }
    }
    assert!(count > 0, "no vectors of {area}");
    println!("{area}: {count} vectors");
}
