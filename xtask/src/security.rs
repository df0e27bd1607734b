//! Every attack that concerns what exists has its test, named after it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::rooms::rust_files;

const ROWS: &str = include_str!("security_rows.txt");

/// Attacks without a test.
pub fn troubles(root: &Path) -> Vec<String> {
    let mut proven: BTreeSet<String> = BTreeSet::new();
    for file in rust_files(root) {
        proven.extend(tests(&fs::read_to_string(file).unwrap_or_default()));
    }
    for file in fs::read_dir(root.join("deploy/nginx")).into_iter().flatten().flatten() {
        proven.extend(labels(&fs::read_to_string(file.path()).unwrap_or_default()));
    }
    let due = ROWS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    due.filter(|row| !proven.contains(*row))
        .map(|row| format!("no test proves {row}: none is named `{}_..`", row.to_lowercase()))
        .collect()
}

/// The rows that the tests in a Rust file are named after: `b3_..` proves B3.
fn tests(code: &str) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    let mut is_test = false;
    for line in code.lines().map(str::trim_start) {
        if line.starts_with("#[") {
            is_test |= line.contains("test");
        } else if let Some((_, name)) = line.split_once("fn ") {
            rows.extend(name.split_once('_').filter(|_| is_test).map(|(id, _)| id.to_uppercase()));
            is_test = false;
        }
    }
    rows
}

/// The rows that a gateway test says it proves: `// row: E3 I2`.
fn labels(script: &str) -> BTreeSet<String> {
    let marked = script.lines().filter_map(|line| line.split_once("row: "));
    marked.flat_map(|(_, rows)| rows.split_whitespace().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::{labels, tests};

    #[test]
    fn only_a_test_named_after_a_row_proves_it() {
        let code = "#[sqlx::test(migrator = \"x\")]\nasync fn b3_at_once(pool: PgPool) {\n}\n\
                    fn c4_helper() {}\n#[derive(Debug)]\nfn d1_x() {}\n    #[test]\n    fn e2_x() {}";
        assert!(tests(code).into_iter().eq(["B3", "E2"]));
        assert!(labels("// row: E3 I2\ntest('x')\n# row: H1").into_iter().eq(["E3", "H1", "I2"]));
    }
}
